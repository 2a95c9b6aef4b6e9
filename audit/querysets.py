"""Reads on the record in the language of the work."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from audit.models import Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    def by_person(self, words: str) -> "EventQuerySet":
        return self.filter(Q(actor__name__icontains=words) | Q(actor__email__icontains=words))

    def on_object(self, words: str) -> "EventQuerySet":
        """The object's code or key, whole; or its kind ("agency")."""
        return self.filter(Q(object_key__iexact=words) | Q(object_type__iendswith=f".{words}"))
