"""What is told about a ticket, and to whom: letters for its owner lead to the private page."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from competitions import calendar
from helpdesk.models import Ticket, TicketMessage, WritingLink
from notifications.outbox import Recipient, tell


def send_link(link: WritingLink) -> None:
    where = reverse("helpdesk:write", args=[link.token])
    _tell("link", link.email, where, key=link.token, expires_at=link.expires_at)


def tell_opened(ticket: Ticket) -> None:
    """A receipt to its owner; a word to the help desk's own address, if there is one."""
    _tell("opened", _owner(ticket), ticket.tracking_url, key=ticket.code, ticket=ticket)
    if settings.HELPDESK_EMAIL:
        _tell("arrived", settings.HELPDESK_EMAIL, ticket.get_absolute_url(), key=ticket.code, ticket=ticket)


def tell_written(message: TicketMessage) -> None:
    """The clerk who took the ticket hears that its owner wrote again."""
    ticket = message.ticket
    if ticket.handler:
        _tell("written", ticket.handler, ticket.get_absolute_url(), key=f"{message.pk}", ticket=ticket)


def tell_answered(message: TicketMessage) -> None:
    ticket = message.ticket
    _tell("answered", _owner(ticket), ticket.tracking_url, key=f"{message.pk}", ticket=ticket, text=message.text)


def tell_handed(ticket: Ticket, by: User) -> None:
    """A clerk hears of a ticket that somebody else gave them."""
    if ticket.handler and ticket.handler != by:
        again = calendar.now().isoformat()
        _tell("handed", ticket.handler, ticket.get_absolute_url(), key=f"{ticket.code}:{again}", ticket=ticket, by=by)


def _owner(ticket: Ticket) -> Recipient:
    return ticket.user or ticket.email


def _tell(name: str, to: Recipient, link: str, *, key: str, **context: object) -> None:
    tell(to=to, template=f"helpdesk/mail/{name}", key=f"helpdesk.{name}:{key}", context=context, link=link)
