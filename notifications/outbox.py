"""Telling people: a row in the transaction of the deed, delivered after it commits."""

import logging
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from notifications.models import Message

log = logging.getLogger(__name__)
DELIVERY = "notifications.tasks.deliver_due"
FEW = 20  # letters of one telling that nobody else notices waiting for
_BLANKS = re.compile(r"\n\s*\n(\s*\n)+")  # what a template's conditions leave behind

Recipient = AbstractBaseUser | str


def tell(
    *,
    to: Recipient,
    template: str,
    key: str,
    context: Mapping[str, object] | None = None,
    link: str = "",
    is_bulk: bool = False,
) -> None:
    """Writes one message to a person, or to a bare address, unless this key was already told to that address.

    `template` names templates/<template>.txt: first line the subject, then an empty line, then the body, without
    greeting and signature (the letter's frame adds both, and the button-like line for `link`). It is rendered in the
    recipient's language and time zone with `context`, `recipient` (None for a bare address), `site_url` and `link`
    (absolute). `link` is a path in the portal where the recipient's next step is. Delivery is woken after commit; if
    the queue is down the message waits for the minute's sweep.
    """
    tell_many([to], template=template, key=key, context=context, link=link, is_bulk=is_bulk)


def tell_many(
    recipients: Iterable[Recipient],
    *,
    template: str,
    key: str,
    context: Mapping[str, object] | None = None,
    link: str = "",
    is_markdown: bool = False,
    is_bulk: bool = False,
) -> None:
    """Like `tell`, to each of the recipients, with one insert for every 500."""
    letters = [(to, context or {}, link) for to in recipients]
    tell_each(letters, template=template, key=key, is_markdown=is_markdown, is_bulk=is_bulk)


def tell_each(
    letters: Iterable[tuple[Recipient, Mapping[str, object], str]],
    *,
    template: str,
    key: str,
    is_markdown: bool = False,
    is_bulk: bool = False,
) -> None:
    """Like `tell_many`, where each recipient has a context and a link of their own: (to, context, link).

    More than a FEW at once are bulk, and those told to be (a part of many): they let receipts, links and confirmations
    go first."""
    messages = [written(to, template, key, context, link, is_markdown=is_markdown) for to, context, link in letters]
    if messages:
        for message in messages:
            message.is_bulk = is_bulk or len(messages) > FEW
        Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
        wake()


def wake(task: str = DELIVERY, *arguments: object) -> None:
    """Asks a worker to deliver (or to do another due task, with its arguments), once for each transaction however often
    it is asked. The task's own minute's sweep stands in for a queue that is down."""
    asked = (task, *arguments)
    waiting = transaction.get_connection().run_on_commit
    if not any(getattr(function, "args", None) == asked for _sids, function, *_rest in waiting):
        transaction.on_commit(partial(_enqueue, task, *arguments))


def absolute(link: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{link}" if link.startswith("/") else link


def written(
    to: Recipient, template: str, key: str, context: Mapping[str, object], link: str, *, is_markdown: bool = False
) -> Message:
    """The message as `tell` would write it, not stored: what a preview shows."""
    person = None if isinstance(to, str) else to
    with reading_as(person):
        values = {"site_url": settings.SITE_URL, **context, "recipient": person, "link": absolute(link)}
        text = get_template(f"{template}.txt").template.render(Context(values, autoescape=False))  # type: ignore[attr-defined]
    subject, _newline, body = text.strip().partition("\n")
    return Message(
        key=key,
        kind=template,
        recipient_id=person.pk if person else None,
        address=(to if isinstance(to, str) else getattr(to, to.get_email_field_name())).strip().lower(),
        subject=" ".join(subject.split())[:200],
        body=_BLANKS.sub("\n\n", body.strip()),
        link=link,
        is_markdown=is_markdown,
    )


@contextmanager
def reading_as(person: AbstractBaseUser | None) -> Iterator[None]:
    """Language and time zone of the person, or of the portal for a bare address."""
    zone = zoneinfo.ZoneInfo(getattr(person, "time_zone", settings.TIME_ZONE))
    with translation.override(getattr(person, "language", settings.LANGUAGE_CODE)), timezone.override(zone):
        yield


def _enqueue(task: str = DELIVERY, *arguments: object) -> None:
    """Never raises and never waits long: the row is safe, and each minute a sweep looks for it anyway."""
    impatient = {"socket_connect_timeout": 0.5, "socket_timeout": 1, "max_retries": 1, "interval_start": 0}
    try:
        with current_app.connection_for_write(connect_timeout=1, transport_options=impatient) as connection:
            current_app.send_task(task, args=arguments, connection=connection, retry=False)
    except (OSError, KombuError, RedisError) as error:
        log.warning("The queue is down (%s); what is due waits for the next sweep.", error)
