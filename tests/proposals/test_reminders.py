"""Reminders: to whom, when, once, and again after an extension."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from proposals import reminders
from proposals.models import Proposal

pytestmark = pytest.mark.django_db
CLOSES = datetime(2023, 5, 6, 16, 59, tzinfo=UTC)


def close_in(year, **left):
    stage = year.stages.get(key="submission")
    stage.ends_at = timezone.now() + timedelta(**left)
    stage.save()
    Proposal.objects.update(created_at=timezone.now() - timedelta(days=19))


@pytest.mark.parametrize(
    ("before", "hours"),
    [
        ({"days": 14, "minutes": 1}, None), ({"days": 14}, 336), ({"days": 8}, 336), ({"days": 7}, 168),
        ({"days": 2}, 72), ({"days": 1}, 24), ({"hours": 6}, 6), ({"minutes": 1}, 6), ({"minutes": -1}, None),
    ],
)  # fmt: skip
def test_only_the_nearest_threshold_is_due(before, hours):
    due = reminders.due_threshold(CLOSES, CLOSES - timedelta(**before))
    assert due == (timedelta(hours=hours) if hours else None)


def test_each_busy_person_is_told_once(year, draft, innovator, agency_admin):
    close_in(year, days=2)
    assert [reminders.remind_all(), reminders.remind_all()] == [1, 0]
    message = Message.objects.get()
    assert message.recipient == innovator
    assert "WITA" in message.body


def test_an_admin_is_reminded_of_what_waits_for_them(year, in_review, agency_admin):
    close_in(year, hours=5)
    reminders.remind_all()
    assert Message.objects.get().recipient == agency_admin


def test_after_an_extension_everybody_is_told_again(year, draft):
    close_in(year, days=2)
    reminders.remind_all()
    close_in(year, days=6)
    assert reminders.remind_all() == 1
    assert Message.objects.count() == 2


def test_nobody_is_reminded_without_work_or_of_what_they_just_began(year, draft):
    close_in(year, days=2)
    Proposal.objects.update(created_at=timezone.now())
    assert reminders.remind_all() == 0
    close_in(year, days=2)
    for status in ("sent", "withdrawn", "passed"):
        Proposal.objects.update(status=status)
        assert reminders.remind_all() == 0
