"""Rounds are data: a kind nobody has written lives from a year's file to its Selection."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from competitions import calendar
from competitions.loading import YearFileError, load_year
from competitions.models import Round
from judging import actions
from judging.models import Assessment, Entry, Juror
from judging.ranking.places import Gate, Inputs, Sheet, compute, rank
from proposals.models import Proposal
from tests.competitions.small_year import SMALL_YEAR
from tests.conftest import person

ROUNDS = """
  [[groups.rounds]]
  key = "desk"
  name = "Penilaian proposal"
  stage = "nilai"
  assessors = "evaluator"
  assessors_per_proposal = 1
  nomination_factor = 2
  selection_name = "Finalis"

  [[groups.rounds]]
  key = "sidang"
  name = "Sidang"
  stage = "nilai"
  assessors = "panelist"
  assessors_per_proposal = 1
  advance = 2
  selection_name = "Pemenang"
  shares = { desk = 55, sidang = 30, uji-publik = 15 }

  [[groups.rounds]]
  key = "uji-publik"
  name = "Uji publik"
  stage = "nilai"
  supports = "sidang"
  assessors = "panelist"
  assessors_per_proposal = 5
  criteria = [{ key = "kebermanfaatan", name = "Kebermanfaatan", weight = 100, scale = [1, 10] }]

  [[groups.rounds]]
  key = "tinjauan"
  name = "Tinjauan lapangan"
  stage = "nilai"
  supports = "sidang"
  result = "pass_fail"
  assessors = "panelist"
  assessors_per_proposal = 2
  team = { panelist = 1, evaluator = 1 }
  intake = 3
  criteria = [{ key = "sesuai", name = "Sesuai", weight = 100, scale = [0, 1] }]
"""


def year_with(rounds: str) -> str:
    head, _first, _rest = SMALL_YEAR.partition("  [[groups.rounds]]") if "  [[groups.rounds]]" in SMALL_YEAR else (
        SMALL_YEAR.partition("[[groups.rounds]]")
    )  # fmt: skip
    return head.replace("finalists = 4", "finalists = 4") + rounds


@pytest.fixture
def loaded(tmp_path, db):
    def load(rounds: str = ROUNDS):
        path = tmp_path / "tahun.toml"
        path.write_text(year_with(rounds), encoding="utf-8")
        return load_year(path)

    return load


def staff(competition, secretariat) -> dict[str, list[Juror]]:
    found: dict[str, list[Juror]] = {"evaluator": [], "panelist": []}
    for kind, count in (("evaluator", 3), ("panelist", 6)):
        for number in range(count):
            juror = actions.invite_juror(
                competition, email=f"{kind}{number}@x.id", name=f"{kind} {number}", kind=kind, by=secretariat
            )
            actions.accept_pact(juror, by=juror.user)
            found[kind].append(juror)
    return found


def give_out(judging_round: Round, by: User) -> None:
    actions.open_round(judging_round, by=by)
    actions.assign(judging_round, by=by)


def fill(judging_round: Round, score) -> None:
    keys = list(judging_round.criteria.values_list("key", flat=True))
    for sheet in Assessment.objects.in_round(judging_round).select_related("juror__user", "entry__proposal"):
        value = Decimal(score(sheet.entry.proposal.title))
        actions.save_assessment(sheet, scores=dict.fromkeys(keys, value), final=True, by=sheet.juror.user)


def test_a_kind_of_round_nobody_wrote_lives_to_its_selection(loaded, secretariat, agency, other_agency):
    competition = loaded()
    calendar.lay_around(competition, "nilai")
    group = competition.groups.get()
    rounds = {each.key: each for each in group.rounds.select_related("group__competition", "stage")}
    assert (rounds["desk"].advance, rounds["uji-publik"].advance) == (4, 0)
    lead = person("penulis")
    for number in range(6):
        Proposal.objects.create(
            competition=competition, group=group, category=competition.categories.first(),
            agency=agency if number % 2 else other_agency, lead=lead, title=f"P{number}", status="passed",
            started_on=date(2015, 1, 1),
        )  # fmt: skip
    staff(competition, secretariat)

    give_out(rounds["desk"], secretariat)
    fill(rounds["desk"], lambda title: 90 - int(title[1]))
    minutes = {"minutes_number": "1", "minutes": "x", "by": secretariat}
    for each in rounds.values():
        actions.note_present(each, people=[secretariat], guests=[], by=secretariat)
    actions.freeze_selection(rounds["desk"], **minutes)

    give_out(rounds["sidang"], secretariat)
    fill(rounds["sidang"], lambda _title: 80)
    give_out(rounds["uji-publik"], secretariat)
    assert Assessment.objects.in_round(rounds["uji-publik"]).count() == 20
    fill(rounds["uji-publik"], lambda title: 10 if title == "P3" else 4)
    assert not rank(rounds["sidang"]).incomplete
    give_out(rounds["tinjauan"], secretariat)
    assert Entry.objects.filter(round=rounds["tinjauan"]).count() == 3
    for entry in Entry.objects.filter(round=rounds["tinjauan"]):
        assert {sheet.juror.kind for sheet in entry.assessments.all()} == {"panelist", "evaluator"}
    assert rank(rounds["sidang"]).incomplete  # the visits are under way
    fill(rounds["tinjauan"], lambda title: 0 if title == "P0" else 1)

    ranking = rank(rounds["sidang"])
    titles = dict(Proposal.objects.values_list("code", "title"))
    first = ranking.places[0]
    assert titles[first.proposal] == "P3"  # 0.55 * 87 + 0.30 * 80 + 0.15 * 100
    assert first.total == Decimal("86.8500")
    failed = next(place for place in ranking.places if titles[place.proposal] == "P0")
    assert (failed.failed_rounds, failed.within_quota) == (["tinjauan"], False)

    with pytest.raises(ValidationError) as refused:
        actions.freeze_selection(rounds["uji-publik"], **minutes)
    assert refused.value.code == "no_selection_of_its_own"
    fewer = {"fewer_because": "Tinjauan lapangan tidak lulus."}
    selection = actions.freeze_selection(rounds["sidang"], **minutes, **fewer)
    chosen = selection.entries.filter(is_selected=True).values_list("proposal__title", flat=True)
    assert "P3" in chosen
    assert "P0" not in chosen
    sheet = Assessment.objects.in_round(rounds["tinjauan"]).first()
    with pytest.raises(ValidationError) as refused:
        actions.return_assessment(sheet, reason="x", by=secretariat)
    assert refused.value.code == "frozen"
    assert rank(rounds["sidang"]).input_sha256 == selection.input_sha256


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('supports = "sidang"', 'supports = "antah"', "supports"),
        ("nomination_factor = 2", "nomination_factor = 2\n  advance = 5", "advance"),
        ("advance = 2", "", "advance"),
        ("team = { panelist = 1, evaluator = 1 }", "team = { panelist = 2, evaluator = 1 }", "team"),
        ("team = { panelist = 1, evaluator = 1 }", "team = { evaluator = 1 }", "team"),
        ("scale = [0, 1]", "scale = [0, 2]", "scale"),
        ("desk = 55, sidang = 30, uji-publik = 15", "desk = 70, sidang = 30", "supports"),
        ("uji-publik = 15", "tinjauan = 15", "shares"),
        ("intake = 3", 'intake = 3\n  selection_name = "X"', "selection_name"),
    ],
)
def test_what_does_not_fit_is_named(loaded, old, new, key):
    with pytest.raises(YearFileError) as refused:
        loaded(ROUNDS.replace(old, new))
    assert any(key in str(problem) for problem in refused.value.problems)


def inputs(**more: object) -> Inputs:
    values: dict[str, object] = {
        "rule": "x", "competition": "x", "group": "x", "round": "a", "quota": 1, "required": 1, "passing_grade": None,
        "shares": {"a": "100"}, "criteria": {"a": [("k", "100")]}, "proposals": ["P", "Q"],
        "sheets": [Sheet("1", "a", "P", "90.0000", ["90"]), Sheet("2", "a", "Q", "80.0000", ["80"])],
    }  # fmt: skip
    return Inputs(**(values | more))


def test_a_list_fixed_before_there_were_gates_keeps_its_digest():
    assert inputs().sha256() == "c2b7fa159e2d53bad53954193e0447a9231f3b957c59f51ea9172f2ecf7dd849"


def test_a_gate_counts_only_for_who_was_looked_at():
    gated = inputs(gates={"g": Gate("100", 1, ["P"])})
    assert gated.sha256() != inputs().sha256()
    waiting = compute(gated)
    assert [place.proposal for place in waiting.incomplete] == ["P"]
    failed = Sheet("3", "g", "P", "0.0000", ["0"])
    ranking = compute(inputs(gates=gated.gates, sheets=[*inputs().sheets, failed]))
    assert [(place.proposal, place.within_quota) for place in ranking.places] == [("P", False), ("Q", False)]
    assert ranking.expected == 1
