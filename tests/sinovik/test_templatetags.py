"""The filters every page uses, as tables."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from sinovik.templatetags import portal

CLOSING = datetime(2023, 5, 2, 16, 59, tzinfo=UTC)  # 23.59 WIB
NEW_YEAR = datetime(2023, 12, 31, 16, 30, tzinfo=UTC)  # 23.30 WIB


@pytest.fixture(autouse=True)
def _in_indonesian():
    with translation.override("id"):
        yield


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Asia/Jakarta", CLOSING, "2 Mei 2023 pukul 23.59 WIB (3 Mei 00.59 WITA, 01.59 WIT)"),
        ("Asia/Makassar", CLOSING, "3 Mei 2023 pukul 00.59 WITA (2 Mei 23.59 WIB, 3 Mei 01.59 WIT)"),
        ("Asia/Jayapura", CLOSING, "3 Mei 2023 pukul 01.59 WIT (2 Mei 23.59 WIB, 3 Mei 00.59 WITA)"),
        ("Asia/Jakarta", NEW_YEAR, "31 Desember 2023 pukul 23.30 WIB (1 Januari 2024 00.30 WITA, 01.30 WIT)"),
        ("Asia/Jakarta", CLOSING.replace(hour=5), "2 Mei 2023 pukul 12.59 WIB (13.59 WITA, 14.59 WIT)"),
        ("UTC", CLOSING, "2 Mei 2023 pukul 16.59 UTC (23.59 WIB, 3 Mei 00.59 WITA, 01.59 WIT)"),
        ("Asia/Jakarta", None, ""),
    ],
)
def test_a_deadline_is_told_in_all_zones_the_readers_first(zone, at, expected):
    with timezone.override(ZoneInfo(zone)):
        assert portal.in_zones(at) == expected


def test_a_deadline_in_english():
    with translation.override("en"), timezone.override(ZoneInfo("Asia/Jakarta")):
        assert portal.in_zones(CLOSING) == "2 May 2023 at 23:59 WIB (3 May 00:59 WITA, 01:59 WIT)"


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Jakarta", "2 Mei 2023, 23.59 WIB", "2 Mei 2023"),
        ("Asia/Makassar", "3 Mei 2023, 00.59 WITA", "3 Mei 2023"),
        ("Asia/Jayapura", "3 Mei 2023, 01.59 WIT", "3 Mei 2023"),
    ],
)
def test_a_moment_is_shown_in_the_readers_zone_with_its_name(zone, moment, day):
    with timezone.override(ZoneInfo(zone)):
        assert (portal.moment(CLOSING), portal.day(CLOSING)) == (moment, day)
        shown = Template("{{ at|moment }} {{ at|day }}").render(Context({"at": CLOSING}))
    assert shown == f"{moment} {day}"


def test_a_plain_date_needs_no_zone():
    assert portal.day(date(2015, 1, 2)) == "2 Januari 2015"


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (datetime(2023, 3, 14, tzinfo=UTC), CLOSING, "14 Maret – 2 Mei 2023"),
        (datetime(2023, 5, 1, tzinfo=UTC), CLOSING, "1–2 Mei 2023"),
        (CLOSING, CLOSING, "2 Mei 2023"),
        (datetime(2022, 12, 1, tzinfo=UTC), CLOSING, "1 Desember 2022 – 2 Mei 2023"),
        (CLOSING, None, "2 Mei 2023"),
        (None, CLOSING, "2 Mei 2023"),
        (None, None, ""),
    ],
)
def test_a_period_names_month_and_year_once(starts, ends, expected):
    assert portal.period(starts, ends) == expected


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(days=12, hours=5), "12 hari lagi"),
        (timedelta(days=2, hours=3, minutes=10), "2 hari 3 jam lagi"),
        (timedelta(days=2, minutes=10), "2 hari lagi"),
        (timedelta(hours=5, minutes=20), "5 jam 20 menit lagi"),
        (timedelta(hours=5), "5 jam lagi"),
        (timedelta(minutes=4), "4 menit lagi"),
        (timedelta(seconds=10), "kurang dari satu menit lagi"),
        (timedelta(days=-3), "3 hari yang lalu"),
    ],
)
def test_time_left_is_told_in_the_two_units_that_matter(ahead, expected):
    assert portal.until(timezone.now() + ahead + timedelta(seconds=20 if ahead > timedelta(0) else -20)) == expected


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("# Hasil\n\n**tebal**", ["<h2>Hasil</h2>", "<strong>tebal</strong>"], []),
        ("<script>alert(1)</script>", ["&lt;script&gt;"], ["<script"]),
        ('<p onclick="x()">a</p>', [], ["<p onclick"]),
        ("[a](javascript:alert(1))", [], ["<a"]),
        ("[a](https://contoh.go.id)", ['href="https://contoh.go.id"', 'rel="noopener nofollow"'], []),
        ("| a | b |\n|:-|-|\n| 1 | 2 |", ["<table>", "<td>1</td>"], ["style"]),
    ],
)
def test_markdown_becomes_clean_html(text, inside, outside):
    html = portal.markdown(text)
    assert all(part in html for part in inside)
    assert not any(part in html for part in outside)


def test_a_digest_is_shortened_in_code_letters():
    assert portal.digest("ab" * 32) == f'<code class="digest" title="{"ab" * 32}">abababababab…</code>'
    assert portal.digest("") == ""


def test_an_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in portal.icon("check")
    assert 'aria-label="Selesai"' in portal.icon("check", "Selesai")


def test_every_icon_of_a_status_exists():
    assert {name for _tone, name in portal.TONES.values()} <= set(portal.STROKES)


@pytest.mark.parametrize(("part", "whole", "percent"), [(1, 3, 33), (0, 5, 0), (5, 0, 0), (None, 3, 0), (3, 3, 100)])
def test_a_share_is_a_whole_percent(part, whole, percent):
    assert portal.share_of(part, whole) == percent
