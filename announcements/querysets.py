"""Reading announcements in the language of the work. Truth is the database's clock: no task makes a thing public."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.models import User
from accounts.rules import is_secretariat
from judging.models import Correction

if TYPE_CHECKING:
    from announcements.models import Announcement  # noqa: F401 (in quotes below)


def _is_held() -> Exists:
    """Whether a list of the announcement was opened for correction before its moment: it never becomes public then."""
    opened = Correction.objects.filter(selection__announcements=OuterRef("pk"), opened_at__lt=OuterRef("publish_at"))
    return Exists(opened)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def public(self) -> "AnnouncementQuerySet":
        """Every version whose moment has come, also those corrected since."""
        return self.filter(publish_at__lte=Now()).exclude(_is_held())

    def standing(self) -> "AnnouncementQuerySet":
        """Public, and not corrected by a version that is public too."""
        model = apps.get_model("announcements", "Announcement")
        return self.public().exclude(Exists(model.objects.public().filter(corrects=OuterRef("pk"))))

    def held(self) -> "AnnouncementQuerySet":
        """Their moment is fixed, but a list of theirs is known to be wrong: they wait for the secretariat."""
        return self.filter(_is_held())

    def scheduled(self) -> "AnnouncementQuerySet":
        return self.filter(publish_at__gt=Now()).exclude(_is_held())

    def drafts(self) -> "AnnouncementQuerySet":
        return self.filter(publish_at=None)

    def untold(self) -> "AnnouncementQuerySet":
        """Public, and those concerned not yet written to."""
        return self.public().filter(told_at=None)

    def visible_to(self, user: User | AnonymousUser) -> "AnnouncementQuerySet":
        """The secretariat sees what is being prepared; everybody else what is public."""
        return self.all() if is_secretariat(user) else self.public()

    def with_publicity(self) -> "AnnouncementQuerySet":
        """Each row with `is_public` and `is_held`, decided by the database's clock."""
        passed = models.When(models.Q(publish_at__lte=Now()) & ~_is_held(), then=True)
        return self.annotate(is_public=models.Case(passed, default=False), is_held=_is_held())
