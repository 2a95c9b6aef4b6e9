"""The outbox as a table: the columns only, since this app stands below the one that makes tables of them."""

from django.utils.translation import gettext_lazy as _

MESSAGES = [
    (_("Written on"), "created_at"),
    (_("Kind"), "kind"),
    (_("Address"), "address"),
    (_("Recipient"), "recipient__name"),
    (_("Status"), "status"),
    (_("Attempts"), "attempts"),
    (_("Sent on"), "sent_at"),
    (_("Read in the portal on"), "read_at"),
    (_("Failure"), "error"),
]
