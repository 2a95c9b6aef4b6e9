"""The record as a table: the columns only, since this app stands below the one that makes tables of them; and what
makes any table safe to open."""

from django.utils.translation import gettext_lazy as _

EVENTS = [
    (_("No."), "pk"),
    (_("Time"), "at"),
    (_("Who"), "actor__email"),
    (_("Deed"), "verb"),
    (_("Kind of object"), "object_type"),
    (_("Object"), "object_key"),
    (_("Facts"), "data"),
]


def harmless(cell: object) -> object:
    """Text that a spreadsheet would run as a formula, made plain by an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")):
        return f"'{cell}"
    return cell
