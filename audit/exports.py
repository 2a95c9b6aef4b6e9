"""The record as a table: the columns only, since this app stands below the one that makes tables of them; and what
makes any table safe to open."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.naming import Words, facts_of, kinds, verbs

# The words of the last three come before them: in_words().
EVENTS = [
    (_("No."), "pk"),
    (_("Time"), "at"),
    (_("Who"), "actor__name"),
    (_("E-mail"), "actor__email"),
    (_("Object"), "object_key"),
    (_("Code of the deed"), "verb"),
    (_("Code of the kind of object"), "object_type"),
    (_("Facts as recorded"), "data"),
]
WORDS = [_("Deed"), _("Kind of object"), _("Facts")]
CODES = 3


def in_words(row: Sequence[object]) -> list[object]:
    """A row of EVENTS with its codes told in words before them."""
    *plain, verb, label, data = row
    facts = facts_of(str(verb), str(label), json.loads(str(data or "{}")))
    told = "; ".join(f"{each.name}: {_cell(each.value)}" for each in facts)
    kind = kinds().get(str(label))
    words = [str(verbs().get(str(verb), verb)), str(kind.name if kind else label), told]
    return [*plain, *words, verb, label, data]


def _cell(value: Words | datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M %Z}" if isinstance(value, datetime) else str(value)


def harmless(cell: object) -> object:
    """Text that a spreadsheet would run as a formula, made plain by an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")):
        return f"'{cell}"
    return cell
