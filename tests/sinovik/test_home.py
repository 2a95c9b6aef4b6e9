"""Who sees what on the home page."""

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Registration
from announcements.models import Announcement
from catalogue.models import Innovation, Replication, ReplicationRequest
from competitions import calendar
from competitions.models import Competition
from competitions.progress import current_years
from files.models import StoredFile
from judging.models import Assessment, Entry, Juror, Selection
from proposals.models import Proposal, Screening, Submission
from sinovik.home.agency import agency_step, agency_tasks, quotas
from sinovik.home.innovator import innovator_step, own_proposals
from sinovik.home.juror import juror_step, piles_of
from sinovik.home.network import network_step, network_tasks
from sinovik.home.reader import role_names
from sinovik.home.secretariat import secretariat_desk, secretariat_step
from sinovik.home.steps import TOO_LATE
from sinovik.navigation import Roles
from tests.proposals.conftest import fill

HOME = reverse("home")


@pytest.fixture
def make_proposals(year, group, agency, unit, innovator):
    def make(status: str, number: int = 1) -> list[Proposal]:
        return [
            Proposal.objects.create(
                competition=year, group=group, category=year.categories.first(), agency=agency, unit=unit,
                lead=innovator, title=f"Inovasi {status} {i}", status=status,
            )
            for i in range(number)
        ]  # fmt: skip

    return make


@pytest.fixture
def make_sheets(group, make_proposals):
    def make(juror: Juror, number: int, status: str = "assigned") -> None:
        for place, proposal in enumerate(make_proposals("passed", number)):
            entry = Entry.objects.create(round=group.rounds.get(key="desk"), proposal=proposal)
            moment = timezone.now() if status == "final" else None
            Assessment.objects.create(entry=entry, juror=juror, status=status, place=place, finalised_at=moment)

    return make


def queries_of(client, connection) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(HOME).status_code == 200
    return len(captured)


def test_the_public_sees_the_stage_the_news_and_real_figures(as_user, year):
    year.counts = {"registered": 3110, "passed": {"umum": 1991, "khusus": 144}, "winners": "text is not a figure"}
    year.save()
    Announcement.objects.create(
        competition=year, kind="opening", number="B/1", title="Dibuka", publish_at=timezone.now() - timedelta(days=1)
    )
    Announcement.objects.create(
        competition=year, kind="news", number="B/2", title="Besok", publish_at=timezone.now() + timedelta(days=1)
    )
    page = as_user(None).get(HOME).content.decode()
    assert "Submission" in page
    assert "Dibuka" in page
    assert "Besok" not in page
    assert "3.110" in page
    assert "2.135" in page
    assert "pemenang</li>" not in page


def test_the_public_page_works_before_any_year_is_loaded(as_user, db):
    assert as_user(None).get(HOME).status_code == 200


def test_a_year_knows_what_runs_and_what_comes(year, move_calendar):
    (view,) = current_years()
    assert [stage.key for stage in view.running] == ["registration", "submission"]
    assert view.headline.key == "submission"
    assert view.next.key == "screening"
    assert [stage.key for stage in view.near] == ["registration", "submission", "screening", "desk", "panel"]
    move_calendar(-25)
    (view,) = current_years()
    assert [stage.key for stage in view.running] == ["screening"]
    assert view.submission is None
    assert [stage.key for stage in view.near] == ["submission", "screening", "desk", "panel", "interview"]
    move_calendar(-200)
    (view,) = current_years()
    assert (view.running, view.next, view.headline) == ([], None, None)


def test_two_years_stand_side_by_side(year):
    other = Competition.objects.create(code="2024", year=2024, name="KIPP 2024")
    now = timezone.now()
    for key, start, end in (("a", -2, -1), ("b", 5, 6)):
        other.stages.create(
            key=key, kind="event", name=key, order=1, starts_at=now + timedelta(start), ends_at=now + timedelta(end)
        )
    assert [view.competition.code for view in current_years()] == ["2024", "2023"]


@pytest.mark.parametrize(
    ("statuses", "title"),
    [
        ([], "Start a new proposal"),
        (["draft"], "Go on with “Inovasi draft 0”"),
        (["draft", "returned"], "Correct “Inovasi returned 0”"),
        (["sent"], "Start a new proposal"),
    ],
)
def test_an_innovator_is_told_the_next_step(innovator, make_proposals, statuses, title, english):
    for status in statuses:
        make_proposals(status)
    assert innovator_step(own_proposals(innovator, current_years()), current_years()).title == title


def test_whose_draft_is_complete_is_told_to_hand_it_over(innovator, draft, english):
    hints = [task.hint for task in own_proposals(innovator, current_years())]
    assert hints == ["Fill in what is missing, then hand it to your agency admin."]
    fill(draft)
    hints = [task.hint for task in own_proposals(innovator, current_years())]
    assert hints == ["Everything is filled in: check it once more, then hand it over to your agency admin."]


def test_an_innovators_home_asks_as_much_for_one_draft_as_for_ten(as_user, innovator, make_proposals, connection):
    client = as_user(innovator)
    make_proposals("draft")
    queries_of(client, connection)
    one = queries_of(client, connection)
    make_proposals("draft", 9)
    assert queries_of(client, connection) == one <= 15


def test_an_innovator_waits_once_submission_has_closed(innovator, make_proposals, move_calendar, english):
    make_proposals("sent")
    move_calendar(-25)
    step = innovator_step(own_proposals(innovator, current_years()), current_years())
    assert (step.title, step.url) == ("There is nothing you have to do now", "")


def test_what_was_not_sent_in_time_asks_for_nothing(innovator, agency_admin, make_proposals, move_calendar, english):
    for status in ("draft", "in_review", "returned"):
        make_proposals(status)
    move_calendar(-25)
    found = current_years()
    own = own_proposals(innovator, found)
    assert {task.hint for task in own} == {str(TOO_LATE)}
    assert innovator_step(own, found).url == ""
    tasks = agency_tasks(agency_admin, found)
    assert {task.status for task in tasks} == {"muted"}
    assert agency_step(tasks, found).url == ""


def test_an_innovator_sees_only_their_own(innovator, outsider, make_proposals):
    make_proposals("draft")
    assert len(own_proposals(innovator, current_years())) == 1
    assert own_proposals(outsider, current_years()) == []


def test_an_agency_admin_sees_what_waits_and_the_quota(agency_admin, make_proposals, english):
    make_proposals("in_review", 2)
    make_proposals("sent")
    found = current_years()
    tasks = agency_tasks(agency_admin, found)
    assert [(task.label, task.status_label) for task in tasks] == [
        ("Waiting for your review", "2"),
        ("Sent to the ministry", "1"),
    ]
    assert agency_step(tasks, found).title == "2 proposals wait for you"
    (quota,) = quotas(agency_admin, found)
    assert (quota.used, quota.cap) == (1, 3)


@pytest.mark.parametrize(
    ("over", "announced", "first"),
    [
        ((), "", "accounts:register"),
        (("registration",), "", "account_login"),
        (("registration", "submission"), "", "catalogue:list"),
        (("registration", "submission"), "winner", "announcements:announcement"),
    ],
)
def test_the_front_page_leads_to_what_the_stage_is_about(as_user, year, over, announced, first):
    year.stages.filter(key__in=over).update(ends_at=timezone.now() - timedelta(days=1))
    codes = []
    if announced:
        at = timezone.now() - timedelta(minutes=1)
        made = Announcement.objects.create(
            competition=year, kind=announced, number="B/9", title="Pemenang", publish_at=at
        )
        codes = [made.code]
    steps = as_user(None).get(HOME).context["steps"]
    assert steps[0].url == reverse(first, args=codes)


def test_the_front_page_names_no_other_years_results_as_this_years(as_user, year):
    year.stages.filter(key__in=["registration", "submission"]).update(ends_at=timezone.now() - timedelta(days=1))
    other = Competition.objects.create(code="2022", year=2022, name="KIPP 2022")
    Announcement.objects.create(
        competition=other, kind="winner", number="B/8", title="Lama", publish_at=timezone.now() - timedelta(minutes=1)
    )
    assert as_user(None).get(HOME).context["steps"][0].url == reverse("catalogue:list")


def test_after_closing_no_quota_is_shown(as_user, agency_admin, year):
    assert as_user(agency_admin).get(HOME).context["quotas"]
    year.stages.filter(key="submission").update(ends_at=timezone.now() - timedelta(minutes=1))
    assert not as_user(agency_admin).get(HOME).context["quotas"]


def test_an_agency_admin_sees_nothing_of_other_agencies(other_admin, make_proposals):
    make_proposals("in_review")
    assert agency_tasks(other_admin, current_years()) == []


def test_an_agency_admin_is_led_to_what_other_agencies_wait_for(
    as_user, agency, agency_admin, other_agency, other_admin, connection, english
):
    def ask(number: int) -> None:
        own = Innovation.objects.create(title=f"Antar Obat {number}", agency=agency, agency_name=agency.name)
        Replication.objects.create(
            source=own, agency=other_agency, kind="replicate", since=timezone.localdate(), declared_by=other_admin
        )
        ReplicationRequest.objects.create(source=own, agency=other_agency)

    assert network_tasks(agency_admin) == []
    ask(1)
    tasks = network_tasks(agency_admin)
    assert [task.label for task in tasks] == [
        "1 replication waits for your confirmation", "1 request waits for your answer",
    ]  # fmt: skip
    step = agency_step([], current_years(), otherwise=network_step(tasks))
    assert step.url == Replication.objects.get().get_absolute_url()  # the only one: no list between
    assert tasks[1].url == ReplicationRequest.objects.get().get_absolute_url()
    assert network_tasks(other_admin) == []
    client = as_user(agency_admin)
    queries_of(client, connection)
    one = queries_of(client, connection)
    ask(2)
    assert queries_of(client, connection) == one
    lists = [reverse("catalogue:replications"), reverse("catalogue:requests")]
    assert [task.url for task in network_tasks(agency_admin)] == lists
    ReplicationRequest.objects.update(state="answered")
    Replication.objects.update(state="confirmed")
    assert network_tasks(agency_admin) == []


def test_the_secretariat_sees_its_queues(secretariat, innovator, agency, other_admin, make_proposals, english):
    letter = StoredFile.objects.create(name="surat.pdf", media_type="application/pdf", size=1, sha256="0", path="x")
    Registration.objects.create(agency=agency, user=other_admin, letter_number="1", letter=letter)
    for number, proposal in enumerate(make_proposals("sent", 3)):
        submission = Submission.objects.create(
            proposal=proposal, sequence=1, number=f"KIPP-{number}", payload={}, sha256="0",
            sent_at=timezone.now(), sent_by=innovator,
        )  # fmt: skip
        decided = {"verdict": "pass", "decided_by": secretariat, "decided_at": timezone.now()} if number == 0 else {}
        Screening.objects.create(submission=submission, **decided)
    desk = secretariat_desk(current_years())
    assert (desk.registrations, desk.to_screen, desk.unreleased, desk.late) == (1, 2, 1, 0)
    assert secretariat_step(desk).title == "2 proposals wait for screening"


def test_the_secretariat_is_led_from_the_last_sheet_to_the_announcement(
    secretariat, evaluator, group, year, make_sheets, english
):
    make_sheets(evaluator.juror_roles.get(), 2, "final")
    desk = secretariat_desk(current_years())
    assert secretariat_step(desk).url == reverse("judging:plenary", args=[year.code, group.key, "desk"])
    fixed = Selection.objects.create(
        round=group.rounds.get(key="desk"), name="Nominasi", minutes_number="1", minutes="x", input_sha256="0",
        frozen_by=secretariat,
    )  # fmt: skip
    desk = secretariat_desk(current_years())
    assert secretariat_step(desk).url == reverse("announcements:manage")
    told = Announcement.objects.create(competition=year, kind="selection", publish_at=timezone.now(), number="1")
    told.selections.add(fixed)
    desk = secretariat_desk(current_years())
    assert secretariat_step(desk).title == "Nothing waits for the secretariat now"


def test_a_round_is_fixed_with_the_round_it_supports_and_waits_for_nothing_of_its_own(
    secretariat, evaluator, group, make_sheets, english
):
    juror, desk_round = evaluator.juror_roles.get(), group.rounds.get(key="desk")
    desk_round.supports, desk_round.selection_name = "panel", ""
    desk_round.save()
    make_sheets(juror, 2)
    (state,) = secretariat_desk(current_years()).rounds
    assert (state.sheets, state.is_fixed) == (2, False)
    assert piles_of([juror])[0].open == 2
    Selection.objects.create(
        round=desk_round.supported, name="Finalis", minutes_number="1", minutes="x", input_sha256="0",
        frozen_by=secretariat,
    )  # fmt: skip
    desk = secretariat_desk(current_years())
    assert [state.is_fixed for state in desk.rounds] == [True]
    assert secretariat_step(desk).title == "Nothing waits for the secretariat now"
    (pile,) = piles_of([juror])
    assert (pile.total, pile.open) == (2, 0)


def test_a_juror_sees_the_pile_and_its_end(evaluator, make_sheets, english):
    juror = evaluator.juror_roles.get()
    make_sheets(juror, 2)
    make_sheets(juror, 1, "final")
    (pile,) = piles_of([juror])
    assert (pile.total, pile.final, pile.open) == (3, 1, 2)
    assert pile.closes_at == juror.competition.stages.get(key="desk").ends_at
    assert juror_step([pile]).title == "2 proposals are left to assess"


def test_who_has_been_given_nothing_is_not_thanked_for_it(evaluator, english):
    found = piles_of([evaluator.juror_roles.get()])
    assert juror_step(found).title == "No proposal has been assigned to you yet"


def test_a_juror_is_not_sent_to_sheets_it_is_too_late_for(evaluator, make_sheets, english):
    juror = evaluator.juror_roles.get()
    make_sheets(juror, 2)
    juror.competition.stages.filter(key="desk").update(starts_at=None, ends_at=calendar.now() - timedelta(hours=1))
    (pile,) = piles_of([juror])
    assert (pile.total, pile.open, pile.closes_at) == (2, 0, None)
    assert juror_step([pile]).url == ""


def test_a_juror_first_accepts_the_pact(evaluator, english):
    juror = evaluator.juror_roles.get()
    juror.pact_accepted_at = None
    assert juror_step(piles_of([juror])).title == "Read and accept the integrity pact"


def test_someone_without_a_role_is_told_what_happens_next(as_user, other_agency, db):
    from tests.conftest import person

    page = as_user(person("nobody")).get(HOME).content.decode()
    assert "Akun Anda belum memiliki peran" in page


def test_roles_are_named_most_official_first(agency, english):
    roles = Roles(is_secretariat=True, admin_of=[agency], innovator_of=[agency])
    assert role_names(roles) == [
        "Secretariat", f"Agency admin of {agency}", f"Innovator of {agency}",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["innovator", "agency_admin", "secretariat"])
def test_the_home_page_asks_no_more_when_more_waits(request, who, as_user, make_proposals, connection):
    client = as_user(request.getfixturevalue(who))
    client.get(HOME)
    make_proposals("in_review")
    one = queries_of(client, connection)
    make_proposals("in_review", 2)
    assert queries_of(client, connection) == one


def test_a_jurors_home_asks_no_more_when_the_pile_grows(as_user, evaluator, make_sheets, connection):
    client = as_user(evaluator)
    client.get(HOME)
    make_sheets(evaluator.juror_roles.get(), 1)
    one = queries_of(client, connection)
    make_sheets(evaluator.juror_roles.get(), 2)
    assert queries_of(client, connection) == one


@pytest.fixture
def english():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def connection(db):
    from django.db import connection

    return connection


def test_a_refusal_sends_each_reader_to_whom_they_can_ask(as_user, innovator, agency_admin, secretariat, year):
    closed = {innovator: "desk:today", agency_admin: "desk:today", secretariat: "accounts:agency"}
    pages = {reader: as_user(reader).get(reverse(address)) for reader, address in closed.items()}
    assert {page.status_code for page in pages.values()} == {403}
    asks_admin = {reader for reader, page in pages.items() if "admin instansi Anda" in page.content.decode()}
    assert asks_admin == {innovator}
