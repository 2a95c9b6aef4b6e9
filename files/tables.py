"""Rows of the database as a table to take away: what each column is called and what it reads, in one list."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import DateTimeField, Field, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

AT_ONCE = 1000  # rows fetched together
Columns = Sequence[tuple[str | Promise, str | Combinable]]  # head, and the field's path or an expression


@dataclass(frozen=True)
class Listing:
    """A table with its head apart. `count()` says how many rows are to come; `rows` are read once, as they are used."""

    heads: list[str]
    count: Callable[[], int]
    rows: Iterable[Sequence[object]]


def listing(found: QuerySet[Any], columns: Columns) -> Listing:
    """The rows of a queryset. They are streamed: memory does not grow with them.

    Choices are given in words, moments in the reader's time zone (the head names it), lists in one cell.
    """
    computed = {f"column_{place}": each for place, (_head, each) in enumerate(columns) if not isinstance(each, str)}
    paths = [each if isinstance(each, str) else f"column_{place}" for place, (_head, each) in enumerate(columns)]
    fields = [_field(found.model, each) for _head, each in columns]
    zone = timezone.localtime().tzname()
    heads = [
        f"{head} ({zone})" if isinstance(field, DateTimeField) else str(head)
        for (head, _each), field in zip(columns, fields, strict=True)
    ]
    return Listing(heads, found.count, _rows(found.annotate(**computed).values_list(*paths), fields))


def _rows(found: QuerySet[Any, tuple[Any, ...]], fields: list[Any]) -> Iterator[list[object]]:
    words = [dict(getattr(field, "flatchoices", None) or ()) for field in fields]
    for row in found.iterator(chunk_size=AT_ONCE):
        yield [_told(cell, names) for cell, names in zip(row, words, strict=True)]


def _field(model: type[Model], each: str | Combinable) -> "Field[Any, Any] | None":
    """What a column reads, as far as it is known."""
    if not isinstance(each, str):
        return getattr(each, "output_field", None)
    found: Any = None
    for name in each.split(LOOKUP_SEP):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None  # an annotation of the queryset
        model = found.related_model or model
    return found


def _told(cell: object, names: dict[Any, Any]) -> object:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, datetime):
        return timezone.localtime(cell).replace(tzinfo=None, microsecond=0)
    if isinstance(cell, list):
        return "; ".join(map(str, cell))
    if isinstance(cell, dict):
        return json.dumps(cell, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return str(names.get(cell, cell)) if names else cell
