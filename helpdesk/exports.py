"""Tickets as a table for the secretariat: what was asked when, and who answers. Messages are read in the portal."""

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from files.tables import Columns, Listing, listing
from helpdesk.models import Ticket

TICKETS: Columns = [
    (_("Ticket number"), "code"),
    (_("Subject"), "subject"),
    (_("In a few words"), "title"),
    (_("Account of the asker"), "user__email"),
    (_("State"), "state"),
    (_("Opened on"), "opened_at"),
    (_("First answered on"), Min("messages__written_at", filter=Q(messages__kind="answer"))),
    (_("Waiting since"), "waiting_since"),
    (_("Closed on"), "closed_at"),
    (_("Handled by"), "handler__name"),
    (_("Messages"), Count("messages", filter=~Q(messages__kind="note"))),
]


def tickets() -> Listing:
    return listing(Ticket.objects.order_by("opened_at", "pk"), TICKETS)
