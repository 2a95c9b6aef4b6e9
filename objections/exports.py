"""Objections as a table for the secretariat. Who filed one is read in the portal only: a file wanders."""

from django.utils.translation import gettext_lazy as _

from competitions.models import Competition
from files.tables import Columns, Listing, listing
from objections.models import Objection

OBJECTIONS: Columns = [
    (_("Year"), "proposal__competition__code"),
    (_("Receipt number"), "number"),
    (_("Stage"), "stage__name"),
    (_("Code"), "proposal__code"),
    (_("Title"), "proposal__title"),
    (_("Agency"), "proposal__agency__name"),
    (_("Filed on"), "filed_at"),
    (_("Handled by"), "handler__name"),
    (_("The agency answered on"), "answered_at"),
    (_("Referred to the panel on"), "referred_at"),
    (_("Decision"), "outcome"),
    (_("Reason"), "reason"),
    (_("Decision proposed by"), "proposed_by__name"),
    (_("Decision confirmed by"), "decided_by__name"),
    (_("Decided on"), "decided_at"),
]


def objections(year: Competition | None) -> Listing:
    found = Objection.objects.filter(proposal__competition=year) if year else Objection.objects.all()
    return listing(found.order_by("filed_at", "pk"), OBJECTIONS)
