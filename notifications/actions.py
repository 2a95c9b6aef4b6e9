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


def withdraw(messages: MessageQuerySet) -> None:
    """Nothing of these is sent any more but what the mail server is being given at this moment: if it takes that, it
    counts as sent. What nobody has read and nobody is sending leaves the inbox too."""
    unsent = messages.exclude(status=Message.Status.SENT)
    unsent.filter(read_at=None).exclude(status=Message.Status.SENDING).delete()
    unsent.update(status=Message.Status.WITHDRAWN)


def try_again(failed: MessageQuerySet) -> int:
    """Those of these messages that were given up are due at once, with all their attempts; returns how many."""
    queued = {"status": Message.Status.QUEUED, "attempts": 0, "due_at": Now(), "error": ""}
    again = failed.filter(status=Message.Status.FAILED).update(**queued)
    if again:
        wake()
    return again
