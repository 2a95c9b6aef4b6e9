"""Every year's file loads; a wrong one is refused with its line and key; loading again changes only what differs."""
# ruff: noqa: E501 - a table of cases reads best with one case to a line

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from competitions import calendar, loading
from competitions.loading import YearFileError, load_year
from competitions.models import Aspect, Competition, Criterion, Question, Round, ScreeningRules, Stage, StageRevision
from proposals.models import Proposal
from tests.competitions.small_year import SMALL_YEAR, line_of

YEARS = sorted((Path(loading.__file__).parent / "years").glob("*.toml"))


@pytest.fixture
def load(tmp_path, db):
    """Load a text as a year's file."""

    def load_text(text: str = SMALL_YEAR, **options: object) -> Competition:
        path = tmp_path / "tahun.toml"
        path.write_text(text, encoding="utf-8")
        return load_year(path, **options)

    return load_text


@pytest.mark.parametrize("path", YEARS, ids=lambda path: path.stem)
def test_every_year_loads_twice_alike(path, db):
    competition = load_year(path)
    assert competition.code == path.stem
    load_year(path)
    assert Competition.objects.get() == competition
    for group in competition.groups.all():
        assert sum(aspect.weight for aspect in group.aspects.all()) == 100
        for each in group.rounds.all():
            assert sum(line.weight for line in each.criteria.all()) == 100
            assert not each.shares or sum(each.shares.values()) == 100
    assert calendar.closes_at(competition).year == competition.year


def test_the_years_that_were_written_down():
    assert [path.stem for path in YEARS] == ["2018", "2019", "2020", "2021", "2023"]


def test_2023_as_it_was(db):
    competition = load_year(YEARS[-1])
    umum, khusus = competition.groups.all()
    weights = [int(aspect.weight) for aspect in umum.aspects.all()]
    assert weights == [0, 10, 15, 5, 30, 20, 5, 15, 0]
    limits = [question.max_words for question in Question.objects.filter(aspect__group=umum).order_by("aspect__order")]
    assert sorted(limits) == sorted([200, 300, 200, 200, 600, 100, 200, 200, 500, 150, 150, 150])
    spbe = Question.objects.filter(aspect__group=umum, aspect__key="spbe")
    assert set(spbe.values_list("only_if", flat=True)) == {"is_application"}
    assert [each.max_words for each in umum.aspects.get(key="adaptabilitas").questions.all()] == [100, 200]
    assert khusus.aspects.count() == 8
    assert competition.categories.count() == 11
    assert [each.advance for each in umum.rounds.filter(supports="")] == [198, 99, 45]
    assert [each.advance for each in khusus.rounds.all()] == [30, 15, 5]
    assert [each.award_tier for each in umum.rounds.filter(supports="")] == ["", "finalist", "winner"]
    required = umum.documents.filter(required=True)
    assert {(each.max_mb, each.aspect and each.aspect.key) for each in required} == {(1, None), (2, "signifikansi")}
    assert calendar.closes_at(competition) == datetime(2023, 5, 6, 16, 59, 59, tzinfo=UTC)
    submission = competition.stages.get(key="submission")
    assert submission.planned_end == datetime(2023, 5, 2, 16, 59, 59, tzinfo=UTC)
    assert submission.revisions.get().letter_number == "B/188/PP.00.05/2023"
    assert competition.assumptions[0].keys() == {"key", "where", "value", "note"}


def test_what_the_file_says_is_what_the_rows_hold(load):
    competition = load()
    group = competition.groups.get()
    assert {cap.agency_type: cap.cap for cap in group.caps.all()} == {"ministry": None}
    assert group.age_exceptions.get().min_age_months == 12
    assert group.history_rules.get().limit == 0
    assert [(each.key, each.aspect and each.aspect.key) for each in group.documents.all()] == [
        ("surat", None),
        ("bukti-dampak", "dampak"),
    ]
    assert group.aspects.get(key="dampak").needs_evidence
    assert list(Criterion.objects.filter(round__key="meja").values_list("key", "aspect__key")) == [("dampak", "dampak")]
    assert list(Criterion.objects.filter(round__key="temu").values_list("key", "aspect__key")) == [("isi", None)]
    assert Round.objects.get(key="temu").shares == {"meja": 70, "temu": 30}
    assert [each["key"] for each in competition.assumptions] == [
        "groups.umum.min_age_months",
        "groups.umum.rounds.temu.criteria.isi",
    ]


B = SMALL_YEAR
BROKEN = [
    # what is wrong, the text, what the line of the error holds, the key
    ("not TOML", B.replace("year = 2023", "year = = 2023"), "year = = 2023", ""),
    ("unknown key", B.replace("\nmin_age_months", "\nmin_age = 2\nmin_age_months"), "min_age = 2", "groups.umum.min_age"),
    ("missing key", B.replace('name = "Umum"\n', ""), "[[groups]]", "groups.umum.name"),
    ("missing table", B.replace("[competition]", "[lomba]"), "[lomba]", "competition.code"),
    ("text for a number", B.replace("= 24", '= "24"'), 'months = "24"', "groups.umum.min_age_months"),
    (
        "a holiday without a day",
        B.replace("[competition]", "[competition.holidays]\nlebaran = 'x'\n\n[competition]"),
        "lebaran",
        "competition.holidays.lebaran",
    ),
    ("number for a text", B.replace('"Kompetisi Kecil"', "5"), "name = 5", "competition.name"),
    ("empty text", B.replace('label = "Usia cukup"', 'label = ""'), 'label = ""', "screening_checks.usia.label"),
    ("number too big", B.replace("= 200 }", "= 20000 }"), "max_words", "groups.umum.aspects.ringkasan.questions.isi.max_words"),
    ("key with spaces", B.replace('"surat"', '"surat kami"'), '"surat kami"', "groups.umum.documents.surat kami.key"),
    ("unknown kind of stage", B.replace('"assessment"', '"judging"'), '"judging"', "stages.nilai.kind"),
    ("unknown tier", B.replace('["winner"]', '["juara"]'), '["juara"]', "groups.umum.history_rules.belum.tiers[1]"),
    ("unknown kind of agency", B.replace("{ ministry", "{ desa"), "{ desa", "groups.umum.caps.desa"),
    ("moment without zone", B.replace("23:59:59+07:00", "23:59:59"), "23:59:59", "stages.kirim.revisions[1].end"),
    ("end before start", B.replace("= 2023-05-29", "= 2023-05-01"), "2023-05-01", "stages.nilai.end"),
    ("revised before start", B.replace("2023-05-06T", "2023-03-06T"), "2023-03-06T", "stages.kirim.revisions[1].end"),
    ("stages out of order", B.replace("= 2023-05-10", "= 2023-03-10"), "2023-03-10", "stages.nilai.start"),
    ("no submission", B.replace('"submission"', '"event"'), "[[stages]]", "stages"),
    ("same key twice", B.replace('key = "nilai"', 'key = "kirim"'), 'key = "kirim"', "stages.kirim.key"),
    ("weights below 100", B.replace("weight = 0", "weight = 9"), "[[groups.aspects]]", "groups.umum.aspects"),
    ("weights of a rubric", B.replace('"Isi"\nweight = 100', '"Isi"\nweight = 90'), "criteria]]", "groups.umum.rounds.temu.criteria"),
    ("shares below 100", B.replace("temu = 30", "temu = 20"), "shares", "groups.umum.rounds.temu.shares"),
    ("share of an unknown round", B.replace("{ meja = 70", "{ kursi = 70"), "kursi", "groups.umum.rounds.temu.shares.kursi"),
    ("unknown stage", B.replace('stage = "nilai"', 'stage = "uji"', 1), '"uji"', "groups.umum.rounds.meja.stage"),
    ("unknown category", B.replace("{ kesehatan = 12 }", "{ gizi = 12 }"), "gizi", "groups.umum.age_exceptions.gizi"),
    ("quotas going up", B.replace("advance = 4", "advance = 1").replace("finalists = 4", "finalists = 1"), "advance = 2", "groups.umum.rounds.temu.advance"),
    ("winners no round gives", B.replace("winners = 2", "winners = 3"), "winners = 3", "groups.umum.winners"),
    ("gap between anchors", B.replace("from = 51", "from = 60"), "anchors", "groups.umum.aspects.dampak.anchors"),
    ("scale upside down", B.replace("weight = 100\nevid", "weight = 100\nscale = [9, 1]\nevid"), "[9, 1]", "groups.umum.aspects.dampak.scale"),
    ("document key twice", B.replace('{ name = "Laporan"', '{ key = "surat", name = "Laporan"'), "evidence", "groups.umum.aspects.dampak.evidence"),
    ("history of the future", B.replace("last_year = 2022", "last_year = 2023"), "last_year", "groups.umum.history_rules.belum.last_year"),
    ("assumption of nothing", B.replace('["min_age_months"]', '["usia"]'), '["usia"]', "groups.umum.assumed"),
    ("assumption without reason", B.replace('assumed_note = "Tidak ditemukan."\n', ""), '["min_age', "groups.umum.assumed"),
    ("mending nothing asked for", B.replace('"documents:surat"', '"documents:kartu"'), "corrects", "screening_checks.usia.corrects[1]"),
    ("days to mend, nothing to mend", B.replace('corrects = ["documents:surat", "answers:dampak"]\n', ""), "correction_days", "screening.correction_days"),
    ("one short name twice", B.replace('"Kurang umur"', '"Umum saja"'), "reasons = [{ title = \"Umum saja\", text = \"Baru", "screening_checks.usia.reasons"),
    ("no groups", B.partition("[[groups]]")[0], "[competition]", "groups"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "part", "key"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_wrong_file_is_refused_with_line_and_key(load, text, part, key):
    with pytest.raises(YearFileError) as refusal:
        load(text)
    assert refusal.value.key == key
    assert part in text.splitlines()[refusal.value.line - 1]
    assert not Competition.objects.exists()


def test_all_mistakes_are_named_at_once(load):
    text = SMALL_YEAR.replace("= 24", '= "24"').replace('"assessment"', '"judging"').replace("max_mb = 2", "mb = 2")
    with pytest.raises(YearFileError) as refusal:
        load(text)
    assert [problem.line for problem in refusal.value.problems] == sorted(
        line_of(text, part) for part in ('= "24"', '"judging"', "mb = 2")
    )


def test_the_reasons_of_the_file_are_only_the_first_ones(load):
    competition = load()
    rules = ScreeningRules.of(competition)
    assert (rules.second_look_of_failures, rules.second_look_of_passes) == (True, 10)
    assert (rules.correction_days, rules.objection_days) == (5, None)
    assert list(competition.reason_templates.values_list("title", "check_line__key")) == [
        ("Kurang umur", "usia"),
        ("Umum saja", None),
    ]
    competition.reason_templates.filter(title="Umum saja").delete()
    load(SMALL_YEAR.replace("second_look_of_passes = 10", "second_look_of_passes = 20"))
    assert ScreeningRules.of(competition).second_look_of_passes == 20
    assert competition.reason_templates.get().title == "Kurang umur"


def test_loading_again_writes_nothing(load):
    load()
    with CaptureQueriesContext(connection) as queries:
        load()
    writes = [each["sql"] for each in queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []


def test_a_changed_file_updates_the_year_in_place(load):
    before = load()
    aspect = Aspect.objects.get(key="dampak")
    text = SMALL_YEAR.replace('name = "Dampak"', 'name = "Dampak Nyata"').replace('pendidikan = "Pendidikan"\n', "")
    after = load(text)
    events = Event.objects.filter(verb="competitions.load_year").order_by("pk")
    assert [event.object_key for event in events] == ["kecil", "kecil"]
    assert events.last().data == {"changes": 3}  # the aspect, its line in the rubric, the category
    aspect.refresh_from_db()
    assert (after.pk, aspect.name) == (before.pk, "Dampak Nyata")
    assert [category.key for category in after.categories.all()] == ["kesehatan"]


def test_check_leaves_nothing_behind(load):
    load(check_only=True)
    assert not Competition.objects.exists()


def test_another_code_makes_another_year(load):
    load()
    demo = load(code="demo", is_demonstration=True)
    assert Competition.objects.count() == 2
    assert demo.is_demonstration


def test_the_same_code_keeps_its_year(load):
    load()
    with pytest.raises(YearFileError) as refusal:
        load(SMALL_YEAR.replace("year = 2023", "year = 2024"))
    assert refusal.value.key == "competition.year"


def test_a_demonstration_keeps_its_dates(load):
    demo = load(is_demonstration=True)
    calendar.lay_around(demo, "kirim")
    closes = calendar.closes_at(demo)
    load(SMALL_YEAR.replace('name = "Pengajuan"', 'name = "Kirim"'), is_demonstration=True)
    assert calendar.closes_at(demo) == closes
    assert demo.stages.get(key="kirim").name == "Kirim"


def test_dates_moved_in_the_portal_stay(load, secretariat):
    competition = load()
    stage = competition.stages.get(key="kirim")
    StageRevision.objects.create(stage=stage, letter_number="B/2", reason="Gempa", made_by=secretariat)
    Stage.objects.filter(pk=stage.pk).update(ends_at="2030-01-01T00:00Z")
    load(SMALL_YEAR.replace("end = 2023-05-02", "end = 2023-05-01"))
    stage.refresh_from_db()
    assert stage.ends_at.year == 2030
    assert stage.revisions.count() == 2


@pytest.fixture
def proposal(load, agency, innovator) -> Proposal:
    competition = load()
    group = competition.groups.get()
    return Proposal.objects.create(
        competition=competition, group=group, category=competition.categories.first(), agency=agency, lead=innovator,
        title="Contoh",
    )  # fmt: skip


IN_USE = [
    ("another word limit", ("max_words = 200", "max_words = 300"), "groups.umum.aspects.ringkasan.questions.isi.max_words"),
    ("another cap", ("cap_per_agency = 10", "cap_per_agency = 5"), "groups.umum.cap_per_agency"),
    ("a new document", ('[[groups.documents]]', '[[groups.documents]]\nkey = "foto"\nname = "Foto"\n[[groups.documents]]'), "groups.umum.documents.foto"),
    ("a category less", ('pendidikan = "Pendidikan"\n', ""), ""),
]  # fmt: skip


@pytest.mark.parametrize(("change", "key"), [case[1:] for case in IN_USE], ids=[case[0] for case in IN_USE])
def test_a_form_in_use_stays_as_it_is(load, proposal, change, key):
    with pytest.raises(YearFileError) as refusal:
        load(SMALL_YEAR.replace(*change, 1))
    assert key in [problem.key for problem in refusal.value.problems]
    assert proposal.competition.categories.count() == 2


def test_before_submission_opens_a_draft_fixes_nothing(load, proposal):
    Stage.objects.update(starts_at="2999-01-01T00:00Z", ends_at="2999-02-01T00:00Z")
    load(SMALL_YEAR.replace("cap_per_agency = 10", "cap_per_agency = 5"))
    proposal.group.refresh_from_db()
    assert proposal.group.cap_per_agency == 5


def test_the_command_says_where_it_is_wrong(tmp_path, db, capsys):
    path = tmp_path / "tahun.toml"
    path.write_text(SMALL_YEAR.replace("= 24", '= "24"'))
    with pytest.raises(CommandError, match=f"{line_of(SMALL_YEAR, '= 24')}, groups.umum.min_age_months"):
        call_command("load_year", path)
    with pytest.raises(CommandError, match="tidak-ada"):
        call_command("load_year", "tidak-ada.toml")
    path.write_text(SMALL_YEAR)
    call_command("load_year", path, check=True)
    assert not Competition.objects.exists()
    call_command("load_year", path, code="lain", demonstration=True)
    assert Competition.objects.get().code == "lain"
    assert "Kompetisi Kecil" in capsys.readouterr().out
