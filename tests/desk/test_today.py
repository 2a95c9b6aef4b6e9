"""The desk's page: what is late by which rule, what waits for whom, the year against the last; in a fixed number of
queries however much waits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Agency, Registration
from announcements.models import Announcement
from catalogue.models import Innovation, Replication
from competitions.models import Competition, Stage
from competitions.progress import current_years
from desk.matters import MATTERS, Moment, counted
from desk.today import today
from files.models import StoredFile
from helpdesk.models import Ticket
from judging.models import Assessment, Entry, InterviewSlot, Juror, Panel
from notifications.models import Message
from proposals.models import Objection, Proposal, Screening, SecondLook, Submission
from tests.conftest import person

pytestmark = pytest.mark.django_db
PAGE = reverse("desk:today")
LONG_AGO = timedelta(days=9)  # more than two working days, whatever day it is


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def ago(**span: float):
    return timezone.now() - timedelta(**span)


def counts(key):
    found = counted(Moment.of(current_years()))[key]
    return found.number, found.late


def late() -> dict[str, int]:
    return {str(line.name): line.number for line in today(current_years()).late}


@pytest.fixture
def letter(db) -> StoredFile:
    return StoredFile.objects.create(name="a.pdf", path="a.pdf", size=1, sha256="0" * 64, media_type="application/pdf")


def register(agency, letter, name, at):
    Registration.objects.create(agency=agency, user=person(name), letter_number="1", letter=letter, created_at=at)


def ask(number, at):
    Ticket.objects.create(
        subject="other", title=f"Tanya {number}", email="w@example.id", name="W", opened_at=at, waiting_since=at
    )


@pytest.fixture
def send(year, group, agency, innovator):
    """So many proposals with the ministry, each with its open screening."""

    def send(number: int = 1, **screening: object) -> list[Screening]:
        found = []
        for place in range(number):
            proposal = Proposal.objects.create(
                competition=year, group=group, category=year.categories.first(), agency=agency, lead=innovator,
                title=f"Terkirim {place}", status="sent",
            )  # fmt: skip
            submission = Submission.objects.create(
                proposal=proposal, sequence=1, number=f"N-{proposal.pk}", payload={}, sha256="0" * 64,
                sent_at=ago(days=1), sent_by=innovator,
            )  # fmt: skip
            found.append(Screening.objects.create(submission=submission, **screening))
        return found

    return send


def test_what_waits_for_the_secretariat_is_late_after_two_working_days(year, agency, other_agency, letter):
    register(agency, letter, "one", ago(minutes=5))
    register(other_agency, letter, "two", timezone.now() - LONG_AGO)
    ask(1, timezone.now() - LONG_AGO)
    assert counts("registrations") == (2, 1)
    assert counts("tickets") == (1, 1)
    assert late() == {"Registrations to check": 1, "Tickets without an answer": 1}


def test_second_looks_and_objections_are_counted_apart(year, send, secretariat, innovator):
    decided = {"verdict": "fail", "decided_by": secretariat, "decided_at": ago(hours=1)}
    one, two, three = send(3, **decided)
    SecondLook.objects.create(screening=one, why="failure", asked_at=timezone.now() - LONG_AGO)
    SecondLook.objects.create(
        screening=two, why="failure", agrees=False, reason="Tidak.", looked_by=secretariat, looked_at=ago(hours=1)
    )
    Objection.objects.create(screening=three, text="Cukup.", filed_at=ago(hours=1), filed_by=innovator)
    assert [counts(key) for key in ("looks", "disputed", "objections")] == [(1, 1), (1, 0), (1, 0)]


def test_proposals_wait_for_screening_once_it_has_begun(year, send, move_calendar):
    Screening.objects.filter(pk=send(2)[0].pk).delete()  # nobody has opened this one yet
    assert counts("to_screen") == (1, 0)
    move_calendar(-21)
    assert counts("to_screen") == (2, 0)


@pytest.mark.parametrize(
    ("ends", "waiting", "decided", "is_behind"),
    [
        (5, 3, 0, False),  # begun a moment ago: no pace to tell yet
        (5, 4, 4, False),  # four in two days, four left for five days
        (1, 4, 2, True),  # one a day, four left for one
        (-1, 1, 9, True),  # over
        (5, 0, 4, False),
    ],
)
def test_screening_is_behind_where_its_pace_does_not_suffice(
    year, send, secretariat, ends, waiting, decided, is_behind
):
    begun = 2 if decided else 0.1
    year.stages.filter(kind=Stage.Kind.SCREENING).update(starts_at=ago(days=begun), ends_at=ago(days=-ends))
    send(waiting)
    send(decided, verdict="pass", decided_by=secretariat, decided_at=ago(days=2))
    assert ("Proposals to screen" in late()) == is_behind


def test_a_stage_that_begins_before_an_earlier_one_ends_is_told(year, as_user, secretariat):
    submission, screening = (year.stages.get(key=key) for key in ("submission", "screening"))
    assert late() == {}
    submission.ends_at = screening.starts_at + timedelta(days=1)
    submission.save()
    assert late() == {f"“{screening}” begins before “{submission}” ends": 1}
    page = as_user(secretariat).get(PAGE).content.decode()
    assert reverse("competitions:manage", args=[year.code]) in page


def test_jurors_who_fall_behind_are_told_with_their_round(year, group, draft, evaluator):
    judging_round = group.rounds.get(key="desk")
    Stage.objects.filter(pk=judging_round.stage_id).update(starts_at=ago(days=9), ends_at=ago(hours=1))
    entry = Entry.objects.create(round=judging_round, proposal=draft)
    Assessment.objects.create(entry=entry, juror=Juror.objects.get(user=evaluator), place=0)
    assert late()["Jurors: Kelompok Umum, Desk"] == 1
    (state,) = today(current_years()).rounds
    assert (state.sheets, state.final, state.behind) == (1, 0, 1)


def test_an_interview_is_late_when_its_last_moment_to_confirm_has_passed(year, group, draft):
    judging_round = group.rounds.get(key="interview")
    panel = Panel.objects.create(round=judging_round, name="Panel 1")
    entry = Entry.objects.create(round=judging_round, proposal=draft)
    start = timezone.now() + timedelta(hours=20)
    InterviewSlot.objects.create(
        entry=entry, panel=panel, starts_at=start, ends_at=start + timedelta(hours=1), planned_at=start,
        published_at=ago(days=5), confirm_by=ago(hours=4),
    )  # fmt: skip
    assert counts("interviews") == (1, 1)


def test_replications_wait_for_their_source(year, agency, other_agency, agency_admin):
    source = Innovation.objects.create(title="Antar Obat", agency=agency, agency_name=agency.name)
    Replication.objects.create(
        source=source, agency=other_agency, kind="replicate", since="2023-01-01", declared_by=agency_admin,
        declared_at=ago(days=30),
    )  # fmt: skip
    assert counts("replications") == (1, 1)


def test_letters_that_failed_or_stand_still_are_late(year):
    for number, (status, due) in enumerate([("failed", 60), ("queued", 60), ("queued", 1), ("sent", 60)]):
        Message.objects.create(key=str(number), kind="x", address="a@b.id", status=status, due_at=ago(minutes=due))
    assert (counts("failed"), counts("outbox")) == ((1, 1), (2, 1))


def test_agencies_are_waited_for_only_while_submission_is_open(year, draft, move_calendar):
    assert counts("drafts") == (1, 0)
    move_calendar(-25)
    assert counts("drafts") == (0, 0)


def test_nothing_late_and_nothing_waiting_is_said(as_user, year, secretariat):
    day = today(current_years())
    assert (day.late, day.waiting, day.rounds) == ([], [], [])
    assert 'id="late"' in as_user(secretariat).get(PAGE).content.decode()


def test_before_any_year_there_is_no_day(as_user, secretariat):
    assert as_user(secretariat).get(PAGE).context["day"] is None


def test_the_funnel_stands_beside_the_year_before_and_the_published_one(year, group, draft, agency, innovator):
    before = Competition.objects.create(code="2022", year=2022, name="KIPP 2022")
    earlier = before.groups.create(key="umum", name="Umum", order=1)
    category = before.categories.create(key="a", name="A", order=1)
    for number in range(3):
        Proposal.objects.create(
            competition=before, group=earlier, category=category, agency=agency, lead=innovator, title=str(number)
        )
    funnel = today(current_years()).funnel
    steps = dict(funnel.rows)
    assert funnel.heads[:2] == ["2023", "2022"]
    assert steps["Registered"][:2] == [1, 3]
    assert steps["Nominations"][0] is None  # not announced
    assert steps["Registered"][2]  # what was published about an earlier year


def test_every_matter_leads_somewhere_and_says_its_rule():
    with translation.override("id"):
        for matter in MATTERS:
            assert bool(matter.rule) == bool(matter.late)
            assert bool(matter.url) == bool(matter.name)


def fill(number, year, group, letter, send, juror):
    judging_round = group.rounds.get(key="desk")
    Stage.objects.filter(pk=judging_round.stage_id).update(starts_at=ago(days=9))
    for place, screening in enumerate(send(number)):
        entry = Entry.objects.create(round=judging_round, proposal=screening.submission.proposal)
        Assessment.objects.create(entry=entry, juror=juror, place=place)
    for place in range(number):
        code = f"{Agency.objects.count():02}.99"
        register(Agency.objects.create(code=code, name=code, slug=code, type="city"), letter, code, ago(days=9))
        ask(place, ago(days=9))
        Message.objects.create(key=f"{code}{place}", kind="x", address="a@b.id", status="failed")
        Announcement.objects.create(competition=year, kind="news", number=code, title="…")


def test_the_page_asks_fifteen_questions_however_much_waits(as_user, year, group, secretariat, evaluator, letter, send):
    client = as_user(secretariat)
    for number in (1, 3):
        fill(number, year, group, letter, send, Juror.objects.get(user=evaluator))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        assert len(asked) == 15, "\n".join(query["sql"][:150] for query in asked)
