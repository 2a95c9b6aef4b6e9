"""Reads on files that are written in the background."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from files.models import PreparedFile

Prepared = TypeVar("Prepared", bound="PreparedFile")


class PreparedFileQuerySet(models.QuerySet[Prepared]):
    def in_preparation(self) -> Self:
        return self.filter(state__in=["waiting", "writing"])

    def kept(self) -> Self:
        """Ready, and their days not over."""
        return self.filter(state="ready", expires_at__gt=Now())
