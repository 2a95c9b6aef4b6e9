"""A published list of two winners of different agencies, one with a team, and a third that did not win."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Membership
from announcements.models import Announcement
from awards import actions
from awards.models import Certificate
from competitions import calendar
from competitions.models import Round
from judging.models import Selection, SelectionEntry
from proposals.models import Proposal, TeamMember
from tests.conftest import person

PRINTED = {
    "kinds": ["innovation", "agency", "person"], "place": "Jakarta", "day": date(2023, 11, 21),
    "signer_name": "Nama Pejabat", "signer_office": "Menteri PANRB", "decree": "Keputusan Nomor 1 Tahun 2023",
}  # fmt: skip


@pytest.fixture
def entered(year, group, agency, other_agency, unit, innovator, outsider):
    return [
        Proposal.objects.create(
            competition=year, group=group, category=year.categories.first(), agency=owner, lead=lead, title=title,
            unit=unit if owner == agency else None, status=Proposal.Status.PASSED,
        )
        for owner, lead, title in (
            (agency, innovator, "Antar Obat"), (other_agency, outsider, "Sekolah Apung"), (agency, innovator, "Kalah"),
        )
    ]  # fmt: skip


@pytest.fixture
def mate(entered, agency, innovator):
    """A member of the first one's team, beside one who never opened an account."""
    mate = person("mate")
    Membership.objects.create(user=mate, agency=agency, role=Membership.Role.INNOVATOR)
    TeamMember.objects.create(proposal=entered[0], user=mate, email=mate.email, added_by=innovator)
    TeamMember.objects.create(proposal=entered[0], user=None, email="belum@example.go.id", added_by=innovator)
    return mate


@pytest.fixture
def winners(entered, mate, secretariat) -> Selection:
    return fixed(Round.objects.get(key="interview"), entered, 2, secretariat)


def fixed(judging_round, proposals, selected, by, **fields) -> Selection:
    selection = Selection.objects.create(
        round=judging_round, name="Top 45 Inovasi", minutes_number="BA/1", minutes="…", input_sha256="0" * 64,
        frozen_by=by, **fields,
    )  # fmt: skip
    for rank, proposal in enumerate(proposals, start=1):
        SelectionEntry.objects.create(
            selection=selection, proposal=proposal, rank=rank, total=Decimal(90 - rank), is_selected=rank <= selected
        )
    return selection


def announced(selection, days=-1, number="B/1") -> Announcement:
    announcement = Announcement.objects.create(
        competition=selection.round.group.competition, kind="selection", number=number, title="Pemenang",
        publish_at=calendar.now() + timedelta(days=days),
    )  # fmt: skip
    announcement.selections.add(selection)
    return announcement


@pytest.fixture
def public(winners) -> Selection:
    announced(winners)
    return winners


@pytest.fixture
def certificates(public, secretariat) -> dict[str, Certificate]:
    """By name, printed."""
    actions.ask_certificates(public, **PRINTED, by=secretariat)
    actions.print_waiting()
    return {each.name: each for each in Certificate.objects.all()}
