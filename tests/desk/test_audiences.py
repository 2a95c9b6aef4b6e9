"""Who is meant by each audience."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Membership, Registration
from announcements import actions as announcing
from announcements.models import Announcement
from desk.audiences import AUDIENCES
from desk.models import Broadcast
from desk.rounds import rounds_in_progress, with_behind
from files.models import StoredFile
from judging.models import Assessment, Entry, Juror, Selection, SelectionEntry
from proposals.models import Proposal
from tests.conftest import person

pytestmark = pytest.mark.django_db


def names(audience, year):
    return [each.email.partition("@")[0] for each in AUDIENCES[audience].of(year)]


def test_every_audience_is_in_the_registry():
    assert set(AUDIENCES) == set(Broadcast.Audience)


@pytest.mark.parametrize(
    ("status", "admins", "writers", "reviewers"),
    [
        ("draft", ["agency-admin"], ["innovator"], []),
        ("returned", ["agency-admin"], ["innovator"], []),
        ("in_review", [], [], ["agency-admin"]),
        ("sent", [], [], []),
    ],
)
def test_proposals_say_who_still_has_work(year, draft, agency_admin, other_admin, status, admins, writers, reviewers):
    Proposal.objects.update(status=status)
    found = [names(each, year) for each in ("drafts_admins", "drafts", "reviews")]
    assert found == [admins, writers, reviewers]


@pytest.fixture
def sheets(year, group, draft, evaluator):
    """The desk round runs for ten days; its one juror has two sheets, both open."""
    judging_round = group.rounds.get(key="desk")
    stage, now = judging_round.stage, timezone.now()
    stage.starts_at, stage.ends_at = now - timedelta(days=5), now + timedelta(days=5)
    stage.save()
    juror = Juror.objects.get(user=evaluator)
    other = Proposal.objects.create(
        competition=year, group=group, category=draft.category, agency=draft.agency, lead=draft.lead, title="Dua"
    )
    entries = [Entry.objects.create(round=judging_round, proposal=each) for each in (draft, other)]
    return [Assessment.objects.create(entry=entry, juror=juror, place=place) for place, entry in enumerate(entries)]


def test_jurors_with_open_sheets_are_meant_and_those_in_danger(year, sheets, evaluator, panelist):
    assert names("sheets", year) == ["evaluator"]
    assert names("sheets_late", year) == []  # two in five days can be done
    stage = sheets[0].entry.round.stage
    stage.ends_at = timezone.now() - timedelta(hours=1)
    stage.save()
    assert names("sheets_late", year) == ["evaluator"]


def behind(year) -> int:
    return sum(each.behind for each in with_behind(rounds_in_progress([year]), timezone.now()))


def test_a_juror_who_left_or_has_finished_is_neither_meant_nor_behind(year, sheets):
    stage = sheets[0].entry.round.stage
    stage.ends_at = timezone.now() - timedelta(hours=1)
    stage.save()
    assert (names("sheets_late", year), behind(year)) == (["evaluator"], 1)
    Juror.objects.update(left_at=timezone.now())
    assert (names("sheets", year), names("sheets_late", year), behind(year)) == ([], [], 0)
    Juror.objects.update(left_at=None)
    Assessment.objects.update(status="final", finalised_at=timezone.now())
    assert names("sheets", year) == []


def test_finalists_are_known_only_once_they_are_public(year, group, draft, agency_admin, other_admin, secretariat):
    selection = Selection.objects.create(
        round=group.rounds.get(key="panel"), name="Finalis", minutes_number="BA/1", minutes="…",
        input_sha256="0" * 64, frozen_by=secretariat,
    )  # fmt: skip
    SelectionEntry.objects.create(selection=selection, proposal=draft, rank=1, total=Decimal(90), is_selected=True)
    assert names("finalists", year) == []
    announcement = announcing.draft_announcement(
        year, kind="finalist", number="B/1", title="Finalis", body="…", selections=[selection], by=secretariat
    )
    announcing.schedule(announcement, revision=announcement.revision, publish_at=None, by=secretariat)
    assert names("finalists", year) == ["agency-admin"]
    assert names("winners", year) == []
    Announcement.objects.update(kind="winner")
    assert names("winners", year) == ["agency-admin"]


def test_of_agencies_without_an_admin_whoever_asked_or_acted_is_reached(year, agency, other_agency, agency_admin):
    assert "1 " in AUDIENCES["unregistered"].out_of_reach(year)  # the other one
    Membership.objects.filter(user=agency_admin).update(ended_at=timezone.now())
    letter = StoredFile.objects.create(
        name="a.pdf", path="a.pdf", size=1, sha256="0" * 64, media_type="application/pdf"
    )
    Registration.objects.create(agency=other_agency, user=person("asker"), letter_number="1", letter=letter)
    assert names("unregistered", year) == ["agency-admin", "asker"]
    assert AUDIENCES["unregistered"].out_of_reach(year) == ""


def test_everybody_is_everybody_whose_account_is_open(year, innovator, outsider, secretariat):
    outsider.is_active = False
    outsider.save()
    assert names("everybody", year) == ["innovator", "secretariat"]
