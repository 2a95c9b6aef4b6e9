"""Reads on messages in the language of the work."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from notifications.models import Message  # noqa: F401


class MessageQuerySet(models.QuerySet["Message"]):
    def inbox_of(self, user: AbstractBaseUser | AnonymousUser) -> "MessageQuerySet":
        """What the person reads in the portal; nobody but the person does."""
        return self.filter(recipient=user.pk) if user.pk else self.none()

    def unread_for(self, user: AbstractBaseUser | AnonymousUser) -> "MessageQuerySet":
        return self.inbox_of(user).filter(read_at=None)

    def unsent(self) -> "MessageQuerySet":
        """Waiting for delivery, or given to a deliverer that may have died with it."""
        return self.filter(Q(status="queued") | Q(status="sending"))

    def due(self) -> "MessageQuerySet":
        return self.unsent().filter(due_at__lte=Now())
