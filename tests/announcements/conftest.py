"""A frozen Selection of the small year, written directly, and announcements in each state."""

from datetime import timedelta
from decimal import Decimal

import pytest

from announcements import actions
from announcements.models import Announcement
from competitions import calendar
from competitions.models import Round
from judging.models import Selection, SelectionEntry
from proposals.models import Proposal


@pytest.fixture
def passed(year, group, agency, other_agency, unit, innovator, outsider):
    """Two proposals of different agencies that passed screening."""
    return [
        Proposal.objects.create(
            competition=year, group=group, category=year.categories.first(), agency=owner, lead=lead, title=title,
            unit=unit if owner == agency else None, status=Proposal.Status.PASSED,
        )
        for owner, lead, title in ((agency, innovator, "Antar Obat"), (other_agency, outsider, "Sekolah Apung"))
    ]  # fmt: skip


@pytest.fixture
def finalists(year, passed, secretariat) -> Selection:
    """The panel round's Selection: the first is in, the second is not."""
    selection = Selection.objects.create(
        round=Round.objects.get(key="panel"), name="Finalis Top Inovasi", minutes_number="BA/1", minutes="…",
        input_sha256="0" * 64, frozen_by=secretariat,
    )  # fmt: skip
    for rank, proposal in enumerate(passed, start=1):
        SelectionEntry.objects.create(
            selection=selection, proposal=proposal, rank=rank, total=Decimal("91.2345") - rank, is_selected=rank == 1
        )
    return selection


@pytest.fixture
def drafted(year, finalists, secretariat) -> Announcement:
    return actions.draft_announcement(
        year, kind="selection", number="B/1/PP.00.05/2023", title="Finalis Top Inovasi 2023",
        body="Inilah para **finalis**.", selections=[finalists], by=secretariat,
    )  # fmt: skip


@pytest.fixture
def scheduled(drafted, secretariat) -> Announcement:
    return actions.schedule(
        drafted, revision=drafted.revision, publish_at=calendar.now() + timedelta(hours=3), by=secretariat
    )


@pytest.fixture
def published(drafted, secretariat) -> Announcement:
    return actions.schedule(drafted, revision=drafted.revision, publish_at=None, by=secretariat)
