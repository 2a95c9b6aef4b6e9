"""The outbox as a table: the columns only, since this app stands below the one that makes tables of them."""

from collections.abc import Collection

from django.db.models import Case, F, TextField, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def columns(confidential: Collection[str]) -> list[tuple[str | Promise, str | Case]]:
    """Of letters of these kinds nothing that says to whom they went, nor what the mail server said: it repeats the
    address."""

    def shown(path: str) -> Case:
        return Case(
            When(kind__in=confidential, then=Value(gettext("confidential"))), default=F(path), output_field=TextField()
        )

    return [
        (_("Written on"), "created_at"),
        (_("Kind"), "kind"),
        (_("Address"), shown("address")),
        (_("Recipient"), shown("recipient__name")),
        (_("Status"), "status"),
        (_("Attempts"), "attempts"),
        (_("Sent on"), "sent_at"),
        (_("Read in the portal on"), "read_at"),
        (_("Failure"), shown("error")),
    ]
