"""What can happen at the help desk: a ticket is opened with a confirmed address, taken, answered, written to again and
closed; the secretariat's texts are kept. Every deed, its record and its letters are one transaction."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from files.models import StoredFile
from files.quotas import Payer
from files.storing import store_several
from helpdesk import letters
from helpdesk.models import CannedAnswer, FrequentQuestion, Ticket, TicketFile, TicketMessage, WritingLink

DAY = timedelta(days=1)
TICKETS_A_DAY, MESSAGES_A_DAY = 10, 20  # of one person; in one ticket
MOST_FILES, MAX_MB = 5, 5
KINDS = ("pdf", "image", "office")
QUESTION, ANSWER, NOTE = TicketMessage.Kind.QUESTION, TicketMessage.Kind.ANSWER, TicketMessage.Kind.NOTE
WAITING, ANSWERED, CLOSED = Ticket.State.WAITING, Ticket.State.ANSWERED, Ticket.State.CLOSED


@transaction.atomic
def ask_link(*, email: str, visitor: Collection[Payer]) -> WritingLink:
    """Mails a link by which whoever has this address can open tickets for a day. ValidationError `too_many`."""
    link = WritingLink.ask(email=email, visitor=visitor, now=calendar.now())
    letters.send_link(link)
    return link


def open_ticket(
    *,
    subject: str,
    title: str,
    text: str,
    email: str,
    name: str,
    uploads: Sequence[UploadedFile] = (),
    payers: Collection[Payer] = (),
    by: User | None,
) -> Ticket:
    """Opens a ticket for somebody whose address is confirmed, and sends them a receipt. Files are checked and stored
    first, everything else happens at once or not. The same again within a day returns what was opened.

    ValidationError `too_many`, `too_many_files`, or what `store` says of a file.
    """
    email = email.strip().lower()
    fields = {"subject": subject, "title": title.strip(), "email": email, "name": name.strip(), "user": by}
    stored = store_several(uploads, most=MOST_FILES, kinds=KINDS, by=by, max_mb=MAX_MB, payers=payers)
    with transaction.atomic():
        _one_at_a_time(email)
        recent = Ticket.objects.filter(email=email, opened_at__gt=calendar.now() - DAY)
        same = recent.filter(**fields, messages__kind=QUESTION, messages__text=text.strip()).first()
        if same:
            return same
        if recent.count() >= TICKETS_A_DAY:
            words = _("You have opened many tickets today. Write into one of them, or come back tomorrow.")
            raise ValidationError(words, code="too_many")
        now = calendar.now()
        ticket = Ticket.objects.create(**fields, opened_at=now, waiting_since=now)
        _say(ticket, QUESTION, text, stored, by)
        record("helpdesk.open", by=by, on=ticket, data={"files": [file.sha256 for file in stored]})
        letters.tell_opened(ticket)
        return ticket


def write(
    ticket: Ticket, *, text: str, uploads: Sequence[UploadedFile] = (), payers: Collection[Payer] = (), by: User | None
) -> TicketMessage:
    """Its owner writes again: the ticket waits for the secretariat, also one that was closed. Twice is once.

    ValidationError `too_many`, `too_many_files`, or what `store` says of a file.
    """
    stored = store_several(uploads, most=MOST_FILES, kinds=KINDS, by=by, max_mb=MAX_MB, payers=payers)
    with transaction.atomic():
        row = _locked(ticket)
        if same := _last_said(row, QUESTION, text):
            return same
        if row.messages.filter(kind=QUESTION, written_at__gt=calendar.now() - DAY).count() >= MESSAGES_A_DAY:
            words = _("You have written many messages today. Come back tomorrow.")
            raise ValidationError(words, code="too_many")
        message = _say(row, QUESTION, text, stored, by)
        since = row.waiting_since if row.state == WAITING else message.written_at
        _move(row, WAITING, waiting_since=since)
        record("helpdesk.write", by=by, on=row, data={"files": [file.sha256 for file in stored]})
        letters.tell_written(message)
        return message


@transaction.atomic
def answer(ticket: Ticket, *, text: str, expected: int, closes: bool = False, by: User) -> TicketMessage:
    """The secretariat answers by letter and on the owner's page; nobody's ticket becomes the answerer's. `expected`:
    the last message the answerer read. Twice is once. ValidationError `taken` or `changed`."""
    row = _taken_by(ticket, by)
    if same := _last_said(row, ANSWER, text):
        return same
    asked = row.messages.filter(kind=QUESTION).last()
    if asked and asked.pk > expected:
        raise ValidationError(_("The asker wrote again meanwhile. Read the new message first."), code="changed")
    message = _say(row, ANSWER, text, (), by)
    _move(row, CLOSED if closes else ANSWERED, handler=row.handler or by)
    record("helpdesk.answer", by=by, on=row, data={"closes": closes})
    letters.tell_answered(message)
    return message


@transaction.atomic
def note(ticket: Ticket, *, text: str, by: User) -> TicketMessage:
    """A word among the secretariat, which the owner never sees."""
    as_secretariat(by)
    row = _locked(ticket)
    return _last_said(row, NOTE, text) or _say(row, NOTE, text, (), by)


@transaction.atomic
def take(ticket: Ticket, *, by: User) -> Ticket:
    """The clerk answers for the ticket from now. Twice is once; ValidationError `taken`."""
    row = _taken_by(ticket, by)
    return _hand(row, by, by=by)


@transaction.atomic
def take_next(*, by: User) -> Ticket | None:
    """Takes the ticket that waits longest and nobody has; two clerks never get the same one. None: nothing waits."""
    as_secretariat(by)
    free = Ticket.objects.waiting().filter(handler=None).select_for_update(of=("self",), skip_locked=True)
    row = free.order_by("waiting_since", "pk").first()
    return _hand(row, by, by=by) if row else None


@transaction.atomic
def hand_over(ticket: Ticket, *, handler: User | None, by: User) -> Ticket:
    """Gives the ticket to another clerk, or (None) back to the queue. ValidationError `not_secretariat`."""
    as_secretariat(by)
    row = _locked(ticket)
    if handler and not User.objects.secretariat().filter(pk=handler.pk).exists():
        words = ValidationError(_("Only the secretariat answers tickets."), code="not_secretariat")
        raise ValidationError({"handler": words})
    return _hand(row, handler, by=by)


@transaction.atomic
def close(ticket: Ticket, *, by: User | None) -> Ticket:
    """Nothing is left to answer: said by the secretariat, or by its owner (None: one without an account). Twice is
    once; a closed ticket opens again when its owner writes."""
    if by != ticket.user:
        as_secretariat(by or AnonymousUser())
    row = _locked(ticket)
    if row.state != CLOSED:
        _move(row, CLOSED)
        record("helpdesk.close", by=by, on=row)
    return row


@transaction.atomic
def save_question(question: FrequentQuestion, *, by: User) -> FrequentQuestion:
    """Keeps a frequent question; a published one is on the help page at once."""
    as_secretariat(by)
    question.save()
    facts = {"question": question.question, "is_published": question.is_published}
    record("helpdesk.save_question", by=by, on=question, data=facts)
    return question


@transaction.atomic
def save_canned(canned: CannedAnswer, *, by: User) -> CannedAnswer:
    """Keeps a text to begin answers with; what was sent with it before stays as it was sent."""
    as_secretariat(by)
    canned.save()
    record("helpdesk.save_canned", by=by, on=canned, data={"title": canned.title})
    return canned


def _locked(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).select_related("user", "handler").get(pk=ticket.pk)


def _taken_by(ticket: Ticket, by: User) -> Ticket:
    """The row under lock, with this clerk or nobody yet."""
    as_secretariat(by)
    row = _locked(ticket)
    if row.handler and row.handler != by:
        words = _("%(name)s answers this ticket. Have it handed over to you first.") % {"name": row.handler}
        raise ValidationError(words, code="taken")
    return row


def _hand(row: Ticket, handler: User | None, *, by: User) -> Ticket:
    if row.handler != handler:
        row.handler = handler
        row.save(update_fields=["handler"])
        record("helpdesk.hand", by=by, on=row, data={"handler": handler.pk if handler else None})
        letters.tell_handed(row, by)
    return row


def _move(row: Ticket, state: Ticket.State, **fields: object) -> None:
    row.state, row.closed_at = state, calendar.now() if state == CLOSED else None
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "closed_at", *fields])


def _say(
    row: Ticket, kind: TicketMessage.Kind, text: str, stored: Sequence[StoredFile], by: User | None
) -> TicketMessage:
    message = TicketMessage.objects.create(
        ticket=row, kind=kind, text=text.strip(), author=by, written_at=calendar.now()
    )
    TicketFile.objects.bulk_create(TicketFile(message=message, file=file) for file in stored)
    return message


def _last_said(row: Ticket, kind: TicketMessage.Kind, text: str) -> TicketMessage | None:
    """The last message, if it says the same already: a form that was sent twice."""
    last = row.messages.last()
    return last if last and last.kind == kind and last.text == text.strip() else None


def _one_at_a_time(email: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"helpdesk.open {email}"])
