"""A round in the middle of scoring: the desk round open, proposals passed, jurors signed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Agency, User
from competitions import calendar
from competitions.models import Criterion, Round
from judging import actions
from judging.actions import save_assessment
from judging.interviews.sittings import days_of
from judging.models import Assessment, Claim, Entry, InterviewSlot, Juror, Score
from judging.ranking.selecting import Move
from proposals.models import Answer, Proposal
from tests.conftest import person


@pytest.fixture
def desk_round(year, move_calendar) -> Round:
    """The desk round with its stage open now."""
    move_calendar(-40)
    return Round.objects.select_related("group__competition", "stage").get(group__competition=year, key="desk")


@pytest.fixture
def make_proposal(year, group, agency, innovator):
    """make_proposal("Judul", agency=…, category=0): a proposal that passed screening."""

    def make(title: str, *, agency: Agency = agency, category: int = 0, **fields: object) -> Proposal:
        values = {
            "competition": year, "group": group, "category": year.categories.all()[category], "agency": agency,
            "lead": innovator, "title": title, "started_on": date(2015, 1, 2), "status": Proposal.Status.PASSED,
        }  # fmt: skip
        return Proposal.objects.create(**(values | fields))

    return make


@pytest.fixture
def make_juror(year):
    """make_juror("ani"): an evaluator who signed the pact."""

    def make(name: str, *, kind: str = "evaluator", signed: bool = True, **fields: object) -> Juror:
        user = User.objects.filter(email=f"{name}@example.go.id").first() or person(name)
        signed_at = timezone.now() if signed else None
        return Juror.objects.create(competition=year, user=user, kind=kind, pact_accepted_at=signed_at, **fields)

    return make


@pytest.fixture
def sheet(desk_round, make_proposal, evaluator) -> Assessment:
    """The evaluator's untouched sheet for a proposal of the agency."""
    entry = Entry.objects.create(round=desk_round, proposal=make_proposal("Antar Obat"))
    return Assessment.objects.create(entry=entry, juror=evaluator.juror_roles.get(), place=1)


@pytest.fixture
def score():
    """score(sheet, 80, 70): finish a sheet with these scores, in criterion order."""

    def finish(sheet: Assessment, *values: float, final: bool = True) -> Assessment:
        keys = sheet.entry.round.criteria.order_by("order").values_list("key", flat=True)
        scores = {key: Decimal(str(value)) for key, value in zip(keys, values, strict=True)}
        return save_assessment(sheet, scores=scores, final=final, by=sheet.juror.user)

    return finish


@pytest.fixture
def read_round(desk_round, make_proposal, make_juror) -> Round:
    """Twenty proposals, each read by two of five linked jurors, juror 0 strict by ten points; scores are final."""
    jurors = [make_juror(f"penilai-{number}") for number in range(5)]
    criteria = list(desk_round.criteria.all())
    for number in range(20):
        entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {number:02}"))
        for place in (number % 5, (number + 1 + number // 5 % 4) % 5):
            mark = 60 + number + (number * 7 + place * 3) % 5 - 10 * (place == 0)
            sheet = Assessment.objects.create(
                entry=entry, juror=jurors[place], place=number, status="final", finalised_at=timezone.now()
            )
            Score.objects.bulk_create([Score(assessment=sheet, criterion=each, value=mark) for each in criteria])
    return desk_round


@pytest.fixture
def finalist(year, make_proposal):
    """finalist("Judul", agency=…): an entry of the interview round."""

    def enter(title: str, **fields: object) -> Entry:
        judging_round = Round.objects.get(group__competition=year, key="interview")
        return Entry.objects.create(round=judging_round, proposal=make_proposal(title, **fields))

    return enter


@pytest.fixture
def interview_round(year, move_calendar, finalist, make_juror, agency_admin, other_admin, other_agency, secretariat):
    """An interview round that opens in some days: two panels of two, and four finalists of two agencies."""
    Round.objects.filter(group__competition=year, key="interview").update(presentation_minutes=7, question_minutes=13)
    move_calendar(-55)
    for number in range(2):
        finalist(f"Milik Contoh {number}")
        finalist(f"Milik Lain {number}", agency=other_agency)
    found = Round.objects.select_related("group__competition", "stage").get(group__competition=year, key="interview")
    for number in range(4):
        make_juror(f"panelis-{number}", kind="panelist")
    actions.form_panels(found, count=2, by=secretariat)
    return found


@pytest.fixture
def hours(interview_round) -> dict[str, object]:
    """Fields of a Timetable: the first six working days of the stage, the usual hours."""
    return {"days": [day.isoformat() for day in days_of(interview_round)[1:7]]}


@pytest.fixture
def timetable(interview_round, hours, secretariat) -> Round:
    """The interview round with its timetable published."""
    actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    actions.publish_timetable(interview_round, by=secretariat)
    return interview_round


@pytest.fixture
def slot_of(timetable):
    """slot_of(agency): the first interview of that agency."""
    return lambda agency: InterviewSlot.objects.filter(entry__proposal__agency=agency).order_by("starts_at")[0]


@pytest.fixture
def today(timetable) -> Round:
    """The same on the day itself: every interview begins within the next hours, or late in the evening just before."""
    now = timezone.now()
    first = min(now, calendar.start_of_day(now + timedelta(days=1)) - timedelta(hours=3))
    for panel in timetable.panels.all():
        for number, slot in enumerate(panel.slots.order_by("starts_at")):
            start = first + timedelta(seconds=number * 1800)
            times = {"starts_at": start, "planned_at": start, "ends_at": start + timedelta(minutes=20)}
            InterviewSlot.objects.filter(pk=slot.pk).update(**times)
    return timetable


@pytest.fixture
def scored(desk_round, make_proposal, make_juror, score):
    """scored(): six entries with two final sheets each; the quota of the round is four."""
    jurors = [make_juror("ani"), make_juror("budi")]

    def fill(marks=(90, 85, 80, 75, 70, 65)):
        for number, mark in enumerate(marks):
            entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {number}"))
            for juror in jurors:
                score(Assessment.objects.create(entry=entry, juror=juror, place=number), mark, mark)
        return desk_round

    return fill


@pytest.fixture
def hold(secretariat, clerk):
    """hold(round, Move(…)): a plenary with somebody present; the moves are noted by one clerk, confirmed by another."""

    def prepare(judging_round: Round, *moves: Move) -> Round:
        actions.note_present(judging_round, people=[secretariat], guests=[("Ani", "Inspektorat")], by=secretariat)
        for move in moves:
            proposal = Proposal.objects.get(code=move.proposal)
            actions.prepare_move(
                judging_round, proposal=proposal, put_in=move.put_in, reason=move.reason, by=secretariat
            )
        actions.confirm_moves(judging_round, proposals=[move.proposal for move in moves], by=clerk)
        return judging_round

    return prepare


@pytest.fixture
def verifying(year, group, move_calendar, finalist, other_agency) -> Round:
    """A pass-or-fail round beside the interviews, with two entries of that to choose from."""
    move_calendar(-65)
    stage = year.stages.get(key="interview")
    found = Round.objects.create(
        group=group, key="verifikasi", name="Verifikasi", order=4, stage=stage, assessors="panelist",
        assessors_per_proposal=2, team={"panelist": 1, "evaluator": 1}, result="pass_fail", supports="interview",
        advance=0,
    )  # fmt: skip
    Criterion.objects.create(round=found, key="sesuai", name="Sesuai", order=1, weight=100, scale_min=0, scale_max=1)
    finalist("Antar Obat")
    finalist("Jemput Bola", agency=other_agency)
    return found


@pytest.fixture
def entry(verifying, secretariat, panelist, evaluator) -> Entry:
    """The first of the two, chosen, with its team and two answers."""
    chosen = Entry.objects.get(round__key="interview", proposal__title="Antar Obat").proposal
    actions.open_round(verifying, proposals=[chosen.code], by=secretariat)
    found = Entry.objects.select_related("round__group", "proposal").get(round=verifying)
    for member in (panelist, evaluator):
        Assessment.objects.create(entry=found, juror=member.juror_roles.get(), place=1)
    for aspect in verifying.group.aspects.all():
        text = f"Kalimat satu {aspect.key}. Kalimat dua. Kalimat tiga."
        Answer.objects.create(proposal=chosen, question=aspect.questions.get(), text=text, saved_by=secretariat)
    return found


@pytest.fixture
def claim(entry, panelist) -> Claim:
    actions.draft_claims(entry, by=panelist)
    return Claim.objects.select_related("entry__round", "entry__proposal").first()
