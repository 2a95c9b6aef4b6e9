"""A small year lived through the real actions, and the demonstration built from the same steps."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from announcements.models import Announcement
from awards.models import Call, Certificate, Issue, Kind
from catalogue.models import FollowUpReport
from competitions import calendar
from competitions.loading import load_year
from competitions.models import Competition
from helpdesk.models import Ticket
from judging.models import Assessment, Claim, InterviewSlot
from notifications.models import Message
from objections.models import Objection
from proposals.models import Proposal
from sinovik import demo
from sinovik.home.network import network_tasks
from sinovik.rehearsal.checks import broken_rules
from sinovik.rehearsal.plan import plan_year
from sinovik.rehearsal.script import YEARS


@pytest.fixture
def facts(db, settings):
    settings.DEMO = True
    call_command("load_agencies", stdout=StringIO())
    call_command("load_awards", stdout=StringIO())


def test_a_whole_small_year_keeps_every_rule(facts):
    out = StringIO()
    call_command("rehearse", proposals=30, jurors=4, stdout=out)
    assert "rules hold" in out.getvalue()
    competition = Competition.objects.get(code="gladi-2023-1")
    plan = plan_year(competition, proposals=30, jurors=4)
    assert broken_rules(competition, plan) == []
    other = replace(plan, groups=(replace(plan.groups[0], sent=plan.groups[0].sent + 1), *plan.groups[1:]))
    assert [broken.rule for broken in broken_rules(competition, other)] == ["counts_are_the_planned_ones"]
    assert Message.objects.filter(kind="proposals/mail/reminder").exists()
    assert Claim.objects.exists()
    assert not Claim.objects.filter(finding="").exists()


def test_the_demonstration_of_interviews_shows_claims_found_and_claims_that_wait(facts):
    call_command("demo", stage="interviews", proposals=20, stdout=StringIO())
    assert set(Claim.objects.values_list("finding", flat=True)) >= {"", "confirmed"}
    assert demo.current_stage(Competition.objects.get(code=demo.CODE)).key == "interview"
    assert Objection.State.FILED in {each.state for each in Objection.objects.all()}
    assert set(Ticket.objects.values_list("state", flat=True)) == {"waiting", "answered", "closed"}


@pytest.mark.parametrize(
    ("year", "registered", "sent", "passed"),
    [(2023, 3110, 2269, 2135), (2018, 2824, 1689, 1463), (2021, 3178, 2319, 2182)],
)
def test_the_plan_of_a_whole_year_is_its_published_size(db, year, registered, sent, passed):
    competition = load_year(YEARS / f"{year}.toml", code="plan", is_demonstration=True)
    plan = plan_year(competition, proposals=None, jurors=None)
    assert (plan.registered, plan.sent, plan.passed) == (registered, sent, passed)


def test_a_real_portal_is_never_rehearsed_in(db, settings):
    settings.DEMO = False
    for command in ("rehearse", "demo"):
        with pytest.raises(CommandError, match="DEMO"):
            call_command(command)
    assert not User.objects.exists()


def test_the_demonstration_stands_in_mid_season_and_is_kept(facts):
    call_command("demo", stage="scoring", proposals=20, stdout=StringIO())
    year = Competition.objects.get(code=demo.CODE)
    desk = year.groups.first().rounds.first()
    assert calendar.is_open(desk.stage)
    assert desk.stage.ends_at.astimezone(ZoneInfo("Asia/Jakarta")).strftime("%H.%M") == "23.59"
    assert set(Assessment.objects.values_list("status", flat=True)) == {"assigned", "final"}
    for person in demo.LOGINS.values():
        assert User.objects.get(email=person.email).check_password(person.password)
    before = Proposal.objects.count()
    again = StringIO()
    call_command("demo", stage="scoring", stdout=again)
    assert "kept" in again.getvalue()
    assert Proposal.objects.count() == before
    assert demo.current_stage(year) == desk.stage


def test_an_announced_demonstration_stands_after_its_winners(facts):
    call_command("demo", stage="announced", proposals=20, stdout=StringIO())
    assert set(Certificate.objects.values_list("kind", flat=True)) == set(Kind.values)
    assert not Issue.objects.exclude(state=Issue.State.DONE).exists()
    assert Call.objects.exists()
    year = Competition.objects.get(code=demo.CODE)
    winners = demo.current_stage(year)
    assert winners.kind == "announcement"
    assert timedelta() <= calendar.now() - winners.ends_at < timedelta(days=1)
    assert not InterviewSlot.objects.filter(starts_at__gte=winners.starts_at).exists()
    published = list(Announcement.objects.filter(selections__round__supports="").order_by("number").distinct())
    days = [each.publish_at for each in published]
    assert days == sorted(set(days))  # each list on a day of its own
    assert winners.starts_at < days[-1] < winners.ends_at
    admin = User.objects.get(email=demo.LOGINS["agency_admin"].email)
    assert len(network_tasks(admin)) == 3  # a replication to confirm, a request to answer, a report to write
    assert FollowUpReport.objects.filter(state__in=["sent", "approved"]).count() == 2
