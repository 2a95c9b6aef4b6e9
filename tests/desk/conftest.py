"""A broadcast to all agency admins: a draft, and one confirmed."""

import pytest

from desk import actions
from desk.broadcasting import preview
from desk.models import Broadcast


@pytest.fixture
def written(year, secretariat, agency_admin, other_admin, innovator) -> Broadcast:
    """A draft to the two agency admins."""
    broadcast = Broadcast(competition=year, audience="admins", subject="Batas waktu", text="Kirim **sebelum** 6 Mei.")
    return actions.save_broadcast(broadcast, by=secretariat)


@pytest.fixture
def confirmed(written, secretariat) -> Broadcast:
    """Confirmed; no letter is in the outbox yet."""
    return actions.send_broadcast(written, seen=preview(written).seen, by=secretariat)
