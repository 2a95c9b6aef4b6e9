"""The catalogue as a table for the secretariat."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, Max, Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from catalogue.models import Innovation
from files.tables import Columns, Listing, listing

AWARD = Concat(F("awards__label"), Value(" "), Cast("awards__year", TextField()), output_field=TextField())

INNOVATIONS: Columns = [
    (_("Code"), "code"),
    (_("Title"), "title"),
    (_("Former titles"), "former_titles"),
    (_("Agency code"), "agency__code"),
    (_("Agency"), "agency_name"),
    (_("Province of the agency"), "agency__province"),
    (_("Category"), "category_name"),
    (_("Category is inferred"), "category_inferred"),
    (_("Sustainable development goals"), "sdgs"),
    (_("Awards"), StringAgg(AWARD, "; ", distinct=True)),
    (_("Last award"), Max("awards__year")),
    (_("Contact for replication"), "contact_name"),
    (_("E-mail"), "contact_email"),
    (_("Telephone"), "contact_phone"),
    (_("Source"), "source"),
]


def innovations() -> Listing:
    """Without those that turned out to be another one."""
    return listing(Innovation.objects.current().order_by("title", "pk"), INNOVATIONS)
