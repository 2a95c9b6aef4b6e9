"""Sending what is due: at least once, each message by one deliverer at a time.

A message is claimed before the mail server hears of it: marked `sending` until the LEASE runs out, counted as an
attempt, committed. Only then it is sent and marked `sent`. A deliverer that dies between the two leaves a claim that
runs out, and the message is sent again under the same Message-ID: at most one copy too many for each crash, never one
too few. What is withdrawn in between is never tried again.
"""

import logging
import smtplib
import time
from datetime import timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models.functions import Now

from notifications.mail import Letter
from notifications.models import Message
from notifications.querysets import MessageQuerySet

log = logging.getLogger(__name__)
WITHDRAWN = Message.Status.WITHDRAWN

ATTEMPTS = 8  # then `failed`: with pauses of 1, 2, 4 … 64 minutes, some two hours after the first
LEASE = timedelta(minutes=10)  # longer than any single conversation with the mail server
OVERDUE = timedelta(minutes=10)  # after which a letter that waits is a sign of trouble
LONGEST_RUN = 50  # seconds; the next minute goes on where this one stopped
MAIL_ERRORS = (smtplib.SMTPException, OSError, ValueError)  # ValueError: an address no mail can be written to


def deliver_due(*, seconds: float = LONGEST_RUN) -> int:
    """Sends the messages that are due for at most `seconds`, oldest first and bulk last; returns how many were sent.

    Safe to run many times at once. While the mail server cannot be reached nothing is tried and no attempt counted.
    """
    give_up_exhausted()
    if not Message.objects.due().exists():
        return 0
    server = get_connection()
    try:
        server.open()
        return _deliver_through(server, until=time.monotonic() + seconds)
    except MAIL_ERRORS as error:
        log.error("The mail server cannot be reached (%s); messages wait.", error)
        return 0
    finally:
        server.close()


def claim_next() -> Message | None:
    """Takes the oldest due message that nobody else holds, one of many told at once only where there is no other; a
    claim that ran out is taken over."""
    with transaction.atomic():
        message = _oldest_free(is_bulk=False) or _oldest_free(is_bulk=True)
        if message is not None:
            message.attempts += 1
            Message.objects.filter(pk=message.pk).update(
                status=Message.Status.SENDING, attempts=message.attempts, due_at=Now() + LEASE
            )
    return message


def _oldest_free(*, is_bulk: bool) -> Message | None:
    """Asked apart, so that each is the first of its range in the index, however many wait before or after it."""
    free = Message.objects.due().filter(is_bulk=is_bulk).select_for_update(skip_locked=True, of=("self",))
    return free.select_related("recipient").order_by("due_at", "id").first()


def give_up_exhausted() -> None:
    """Messages whose last deliverer died, after the last attempt."""
    given_up = Message.objects.unsent().filter(attempts__gte=ATTEMPTS, due_at__lte=Now())
    if count := given_up.update(status=Message.Status.FAILED):
        log.error("%s messages failed: each of %s deliverers stopped in the middle.", count, ATTEMPTS)


def _deliver_through(server: BaseEmailBackend, *, until: float) -> int:
    sent = 0
    while time.monotonic() < until and (message := claim_next()):
        try:
            server.send_messages([Letter(message)])
        except MAIL_ERRORS as error:
            _put_off(message, error)
            server.close()
            try:
                server.open()  # the conversation may have broken with the message
            except MAIL_ERRORS:
                log.error("The mail server was lost after %s messages; the others wait.", sent)
                break
        else:
            sent += _still_ours(message, WITHDRAWN).update(status=Message.Status.SENT, sent_at=Now(), error="")
    return sent


def _put_off(message: Message, error: Exception) -> None:
    """Tries again after 1, 2, 4 … minutes, or never after the last attempt."""
    last = message.attempts >= ATTEMPTS
    log.warning("Message %s was not sent (attempt %s of %s): %r", message.pk, message.attempts, ATTEMPTS, error)
    _still_ours(message).update(
        status=Message.Status.FAILED if last else Message.Status.QUEUED,
        due_at=Now() + timedelta(minutes=2 ** (message.attempts - 1)),
        error=str(error)[:1000],
    )


def _still_ours(message: Message, *other: Message.Status) -> MessageQuerySet:
    """The row, unless our claim ran out and another deliverer took it over, or it was withdrawn meanwhile."""
    return Message.objects.filter(pk=message.pk, status__in=[Message.Status.SENDING, *other], attempts=message.attempts)
