"""Links that are mailed to somebody without an account: whoever opens one has the address."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import new_token
from files.quotas import Payer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LINKS_AN_HOUR = 5  # to one address
LINKS_A_VISITOR = 30  # a whole office may sit behind one address


class MailedLink(models.Model):
    """Good for a day, or until what it is for ends."""

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    email = models.EmailField(_("e-mail"))
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    visitor = models.CharField(max_length=80, help_text="who asked, kept unreadable: limits how many are mailed")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def ask(
        cls, *, email: str, visitor: Collection[Payer], now: datetime, until: datetime | None = None, **about: Any
    ) -> Self:
        """A new link for this address; `about` are the fields of its own kind. ValidationError `too_many`."""
        email, asker, expires = email.strip().lower(), str(min(visitor)), now + DAY
        recent = cls._default_manager.filter(asked_at__gt=now - HOUR)
        of_visitor = recent.filter(visitor=asker)
        if recent.filter(email=email).count() >= LINKS_AN_HOUR or of_visitor.count() >= LINKS_A_VISITOR:
            raise ValidationError(gettext("Too many links were asked for. Try again in an hour."), code="too_many")
        return cls._default_manager.create(
            email=email, asked_at=now, expires_at=min(expires, until) if until else expires, visitor=asker, **about
        )


def kept_secret(response: HttpResponse) -> HttpResponse:
    """Of a page that its address alone opens: the address is told to nobody."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
