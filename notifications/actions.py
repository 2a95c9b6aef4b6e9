"""What can be done with messages: read them, and try again what could not be delivered."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models.functions import Now

from notifications.models import Message
from notifications.outbox import wake
from notifications.querysets import MessageQuerySet


def mark_read(message: Message) -> None:
    """The recipient has opened it; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=Now())


def mark_all_read(*, by: AbstractBaseUser | AnonymousUser) -> int:
    """Everything in the person's inbox counts as read; returns how many messages that were."""
    return Message.objects.unread_for(by).update(read_at=Now())


def try_again(failed: MessageQuerySet) -> int:
    """Those of these messages that were given up are due at once, with all their attempts; returns how many."""
    queued = {"status": Message.Status.QUEUED, "attempts": 0, "due_at": Now(), "error": ""}
    again = failed.filter(status=Message.Status.FAILED).update(**queued)
    if again:
        wake()
    return again
