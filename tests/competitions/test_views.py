"""The years' pages: who sees them, what they say, how few queries they need."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from competitions import actions
from competitions.models import Competition, HistoryRule

LETTER = {"letter_number": "B/188/PP.00.05/2023", "reason": "Cuti bersama berubah."}


@pytest.mark.parametrize("name", ["competitions:years", "competitions:year"])
def test_the_rules_are_public(client, year, name):
    args = [year.code] if name == "competitions:year" else []
    assert client.get(reverse(name, args=args)).status_code == 200


def test_managing_is_the_secretariats(as_user, year, secretariat, agency_admin):
    url = reverse("competitions:manage", args=[year.code])
    assert as_user(None).get(url).status_code == 302
    assert as_user(agency_admin).get(url).status_code == 403
    assert as_user(secretariat).get(url).status_code == 200


def test_an_unknown_year_is_not_found(as_user, client, secretariat, db):
    assert client.get(reverse("competitions:year", args=["1999"])).status_code == 404
    assert as_user(secretariat).get(reverse("competitions:manage", args=["1999"])).status_code == 404


def test_the_page_says_the_rules_of_the_rows(client, year, group):
    HistoryRule.objects.create(
        group=group, key="terpuji", kind="at_most", tiers=["winner"], text="Belum pernah menjadi Top Inovasi Terpuji."
    )
    page = client.get(year.get_absolute_url()).content.decode()
    for said in ("2 tahun", "paling banyak 3 proposal", "Belum pernah menjadi Top", "Paling banyak 50 kata", "60%"):
        assert said in page


def test_a_moved_deadline_names_its_letter(client, year, secretariat):
    submission = year.stages.get(key="submission")
    actions.revise_stage(submission, ends_at=submission.ends_at + timedelta(days=4), by=secretariat, **LETTER)
    page = client.get(year.get_absolute_url()).content.decode()
    assert LETTER["letter_number"] in page
    assert LETTER["reason"] in page


def test_the_list_needs_as_many_queries_for_three_years_as_for_one(client, year, secretariat):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("competitions:years")).status_code == 200
        return len(captured)

    client.get(reverse("competitions:years"))
    one = queries()
    for number in (2024, 2025):
        actions.copy_year(year, code=str(number), year=number, name=f"KIPP {number}", by=secretariat)
    assert queries() == one


@pytest.mark.parametrize("page", ["year", "manage"])
def test_a_year_needs_as_many_queries_for_three_groups_as_for_one(as_user, year, group, secretariat, page):
    browser, url = as_user(secretariat), reverse(f"competitions:{page}", args=[year.code])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    browser.get(url)
    one = queries()
    stages = {stage.pk: stage for stage in year.stages.all()}
    for key in ("replikasi", "khusus"):
        group.refresh_from_db()
        group.key = key
        actions._copy_group(group, year, stages, {})
    assert queries() == one


def test_settling_a_quota(as_user, year, group, secretariat):
    url = reverse("competitions:manage", args=[year.code])
    panel = group.rounds.get(key="panel")
    answer = as_user(secretariat).post(url, {"round": panel.pk, "advance": 3})
    assert answer.status_code == 302
    panel.refresh_from_db()
    assert panel.advance == 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"round": "panel", "advance": "9"}, 422),
        ({"round": "panel", "advance": "x"}, 422),
        ({"round": "none", "advance": "3"}, 404),
        ({"group": "none"}, 404),
        ({"code": "2023", "year": "2024", "name": "KIPP"}, 422),
        ({}, 422),
    ],
)
def test_what_is_refused_says_so(as_user, year, group, secretariat, sent, status):
    keys = {each.key: str(each.pk) for each in group.rounds.all()}
    sent = sent | ({"round": keys.get(sent["round"], "0")} if "round" in sent else {})
    answer = as_user(secretariat).post(reverse("competitions:manage", args=[year.code]), sent)
    assert answer.status_code == status
    if status == 422:
        assert b"error-summary" in answer.content


def test_settling_weights_before_submission(as_user, year, group, secretariat, move_calendar):
    url = reverse("competitions:manage", args=[year.code])
    browser = as_user(secretariat)
    assert browser.post(url, {"group": group.pk, "kebaruan": 50, "dampak": 50}).status_code == 422
    move_calendar(21)
    assert browser.post(url, {"group": group.pk, "kebaruan": 50, "dampak": 40}).status_code == 422
    assert browser.post(url, {"group": group.pk, "kebaruan": 50, "dampak": 50}).status_code == 302
    assert [aspect.weight for aspect in group.aspects.all()] == [50, 50]
    assert browser.post(url, {"group": group.pk, "kebaruan": "52,5", "dampak": "47.5"}).status_code == 302
    assert [aspect.weight for aspect in group.aspects.all()] == [Decimal("52.5"), Decimal("47.5")]


def test_beginning_the_next_year(as_user, year, secretariat):
    sent = {"code": "2024", "year": 2024, "name": "KIPP 2024"}
    answer = as_user(secretariat).post(reverse("competitions:manage", args=[year.code]), sent)
    assert answer.url == reverse("competitions:manage", args=["2024"])
    assert Competition.objects.count() == 2


@pytest.fixture
def closed_group(group):
    group.invitation_only = True
    group.save()
    return group


def test_agencies_are_invited_by_letter_and_taken_off_again(
    as_user, year, closed_group, agency, other_agency, secretariat, agency_admin
):
    url = reverse("competitions:invited", args=[year.code, closed_group.key])
    assert as_user(agency_admin).get(url).status_code == 403
    browser = as_user(secretariat)
    assert url in browser.get(reverse("competitions:manage", args=[year.code])).content.decode()
    letter = {"agencies": f"{agency.code}\n{other_agency.name.upper()}\n{agency.name}", "letter_number": "B/7/2021"}
    assert browser.post(url, letter).status_code == 302
    assert browser.post(url, letter).status_code == 302
    assert closed_group.invited_agencies.count() == 2
    assert closed_group.invites(agency)
    for _click in range(2):
        answer = browser.post(url, {"remove": agency.code})
    assert answer.status_code == 404
    assert [each.agency for each in closed_group.invited_agencies.all()] == [other_agency]
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["competitions.invite_agencies", "competitions.remove_invitation"]


def test_an_unknown_agency_is_named_and_nothing_is_lost(as_user, year, closed_group, agency, secretariat):
    url = reverse("competitions:invited", args=[year.code, closed_group.key])
    answer = as_user(secretariat).post(url, {"agencies": f"{agency.code}\nKerajaan Antah", "letter_number": "B/7"})
    assert answer.status_code == 422
    assert "Kerajaan Antah" in answer.content.decode()
    assert not closed_group.invited_agencies.exists()


def test_an_open_group_invites_nobody(as_user, year, group, agency, secretariat):
    url = reverse("competitions:invited", args=[year.code, group.key])
    assert as_user(secretariat).get(url).status_code == 404
    with pytest.raises(ValidationError):
        actions.invite_agencies(group, agencies=[agency], letter_number="B/7", by=secretariat)


def test_refused_numbers_are_shown_again(as_user, year, group, secretariat, move_calendar):
    move_calendar(21)
    url = reverse("competitions:manage", args=[year.code])
    page = as_user(secretariat).post(url, {"group": group.pk, "kebaruan": 51, "dampak": 40})
    assert 'value="51"' in page.content.decode()
