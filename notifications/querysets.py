"""Reads on messages in the language of the work."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Count, Min, Q
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

    def failed(self) -> "MessageQuerySet":
        """Given up: nobody tries them again unless somebody asks for it."""
        return self.filter(status="failed")

    def outbox_state(self) -> dict[str, Any]:
        """How many messages wait, since when the oldest should have left (None: none is due), how many have failed."""
        return self.aggregate(
            waiting=Count("pk", filter=Q(status__in=["queued", "sending"])),
            overdue_since=Min("due_at", filter=Q(status__in=["queued", "sending"], due_at__lte=Now())),
            failed=Count("pk", filter=Q(status="failed")),
        )

    def due(self) -> "MessageQuerySet":
        return self.unsent().filter(due_at__lte=Now())
