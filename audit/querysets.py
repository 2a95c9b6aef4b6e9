"""Reads on the record in the language of the work."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from audit.models import Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    def by_person(self, words: str) -> "EventQuerySet":
        return self.filter(Q(actor__name__icontains=words) | Q(actor__email__icontains=words))

    def on_object(self, words: str, kinds: Iterable[str] = ()) -> "EventQuerySet":
        """The object's code or key, whole; or its kind ("agency"), by the model's name or one of `kinds`."""
        named = Q(object_type__iendswith=f".{words}") | Q(object_type__in=kinds)
        return self.filter(Q(object_key__iexact=words) | named)

    def in_days(self, first: date | None, last: date | None) -> "EventQuerySet":
        """From the first day to the last, both whole, in the reader's time zone; None: no bound."""
        found = self
        if first:
            found = found.filter(at__gte=_beginning(first))
        return found.filter(at__lt=_beginning(last + timedelta(days=1))) if last else found


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
