"""What a reader can do with messages."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models.functions import Now

from notifications.models import Message


def mark_read(message: Message) -> None:
    """The recipient has opened it; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=Now())


def mark_all_read(*, by: AbstractBaseUser | AnonymousUser) -> int:
    """Everything in the person's inbox counts as read; returns how many messages that were."""
    return Message.objects.unread_for(by).update(read_at=Now())
