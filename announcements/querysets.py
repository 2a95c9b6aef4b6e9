"""Reading announcements in the language of the work. Truth is the database's clock: no task makes a thing public."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from accounts.rules import is_secretariat

if TYPE_CHECKING:
    from announcements.models import Announcement  # noqa: F401 (in quotes below)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def public(self) -> "AnnouncementQuerySet":
        return self.filter(publish_at__lte=Now())

    def scheduled(self) -> "AnnouncementQuerySet":
        return self.filter(publish_at__gt=Now())

    def drafts(self) -> "AnnouncementQuerySet":
        return self.filter(publish_at=None)

    def untold(self) -> "AnnouncementQuerySet":
        """Public, and those concerned not yet written to."""
        return self.public().filter(told_at=None)

    def visible_to(self, user: User | AnonymousUser) -> "AnnouncementQuerySet":
        """The secretariat sees what is being prepared; everybody else what is public."""
        return self.all() if is_secretariat(user) else self.public()

    def with_publicity(self) -> "AnnouncementQuerySet":
        """Each row with `is_public`, decided by the database's clock."""
        return self.annotate(is_public=models.Case(models.When(publish_at__lte=Now(), then=True), default=False))
