"""A broadcast is written, confirmed for the people it means at that moment, put into the outbox by a worker, stopped.

Locks: the broadcast's row, before any of its letters. Writing and stopping exclude each other, so that nothing is
written after a stop.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from desk.broadcasting import TEMPLATE, link_of, preview
from desk.models import Broadcast, Recipient
from notifications.actions import withdraw
from notifications.models import Message
from notifications.outbox import tell_many, wake

WRITE_LETTERS = "desk.tasks.write_letters"  # woken by each confirmation, swept each minute
CHANGED = gettext_lazy("This draft was changed meanwhile, by a colleague or in another window.")
BATCH = 200  # letters in one transaction: what a stop has to wait for, and what a dead worker loses
log = logging.getLogger(__name__)


@transaction.atomic
def save_broadcast(broadcast: Broadcast, *, by: User) -> Broadcast:
    """Keeps a new or changed draft; nobody is written to. Twice is once. ValidationError `confirmed`, and `changed`
    when the stored draft is not of the `version` any more that this one was written from."""
    as_secretariat(by)
    if broadcast.pk is None:
        broadcast.created_by = by
    else:
        stored = _locked_draft(broadcast)
        if stored.letter == broadcast.letter:
            return stored
        if stored.version != broadcast.version:
            raise ValidationError(CHANGED, code="changed")
        broadcast.version += 1
    broadcast.save()
    return broadcast


@transaction.atomic
def discard_broadcast(broadcast: Broadcast, *, version: int, by: User) -> None:
    """Removes a draft for good. ValidationError `confirmed`, and `changed` when it is not the `version` any more that
    was looked at."""
    as_secretariat(by)
    stored = _locked_draft(broadcast)
    if stored.version != version:
        raise ValidationError(CHANGED, code="changed")
    stored.delete()


@transaction.atomic
def send_broadcast(broadcast: Broadcast, *, seen: str, by: User) -> Broadcast:
    """Fixes to whom it goes and leaves the letters to a worker. Twice is once.

    `seen`: the mark of the preview that was looked at (desk.broadcasting.Preview.seen). ValidationError `nobody`, and
    `changed` when letter or people are not the same any more.
    """
    as_secretariat(by)
    locked = _locked(broadcast)
    if locked.confirmed_at:
        return locked
    now = preview(locked)
    if now.seen != seen:
        raise ValidationError(_changed(seen, len(now.people)), code="changed")
    if not now.people:
        raise ValidationError(_("There is nobody to write to."), code="nobody")
    Recipient.objects.bulk_create(
        [Recipient(broadcast=locked, person=person) for person in now.people], batch_size=1000
    )
    locked.confirmed_at, locked.confirmed_by = calendar.now(), by
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    facts = {"audience": locked.audience, "people": len(now.people), "seen": seen}
    record("desk.send_broadcast", by=by, on=locked, data=facts)
    wake(WRITE_LETTERS)
    return locked


@transaction.atomic
def stop_broadcast(broadcast: Broadcast, *, by: User) -> Broadcast:
    """Nothing of it is sent or written any more but what the mail server is being given at this moment; what somebody
    has read in the inbox stays there. Twice is once. ValidationError `draft` or `gone`: every letter has left."""
    as_secretariat(by)
    locked = _locked(broadcast)
    if locked.stopped_at:
        return locked
    if not locked.confirmed_at:
        raise ValidationError(_("It is not being sent."), code="draft")
    if not locked.delivery.waiting:
        raise ValidationError(_("Every letter has left already."), code="gone")
    locked.stopped_at, locked.stopped_by = calendar.now(), by
    locked.save(update_fields=["stopped_at", "stopped_by"])
    withdraw(Message.objects.filter(key=locked.key))
    del locked.delivery
    record("desk.stop_broadcast", by=by, on=locked, data={"withheld": locked.delivery.withheld})
    return locked


def write_letters() -> int:
    """Puts the letters of every confirmed broadcast into the outbox, batch by batch; returns how many. Safe to run
    twice at once, and goes on where a dead worker stopped."""
    written = 0
    for pk in list(Broadcast.objects.being_written().order_by("confirmed_at").values_list("pk", flat=True)):
        try:
            while batch := _write_batch(pk):
                written += batch
        except Exception:  # it is tried again with the next sweep, and keeps no other waiting
            log.exception("Broadcast %s could not be put into the outbox.", pk)
    return written


@transaction.atomic
def _write_batch(pk: int) -> int:
    """0: all is written, or stopped, or another worker is at it."""
    rows = Broadcast.objects.being_written().select_for_update(skip_locked=True, of=("self",))
    broadcast = rows.filter(pk=pk).first()
    if broadcast is None:
        return 0
    unwritten = broadcast.recipients.unwritten().select_related("person").order_by("pk")
    batch = list(unwritten[:BATCH])
    context = {"broadcast": broadcast}
    tell_many(
        [each.person for each in batch], template=TEMPLATE, key=broadcast.key, context=context,
        link=link_of(broadcast), is_markdown=True, is_bulk=True,
    )  # fmt: skip
    now = calendar.now()
    Recipient.objects.filter(pk__in=[each.pk for each in batch]).update(written_at=now)
    if len(batch) < BATCH:
        broadcast.written_at = now
        broadcast.save(update_fields=["written_at"])
        log.info("Every letter of broadcast %s is in the outbox.", broadcast.code)
    return len(batch)


def _locked(broadcast: Broadcast) -> Broadcast:
    rows = Broadcast.objects.select_for_update(of=("self",)).select_related("competition")
    found = rows.filter(pk=broadcast.pk).first()
    if found is None:
        raise ValidationError(_("A colleague has removed this draft."), code="removed")
    return found


def _locked_draft(broadcast: Broadcast) -> Broadcast:
    locked = _locked(broadcast)
    if locked.confirmed_at:
        raise ValidationError(_("It was confirmed meanwhile and can no longer be changed."), code="confirmed")
    return locked


def _changed(seen: str, people: int) -> str:
    before = seen.partition(":")[0]
    if before == str(people):
        return _("The letter or the people changed since you looked. Look again, then confirm.")
    return ngettext(
        "The list changed since you looked: it is %(now)d person now, it was %(before)s. Look again, then confirm.",
        "The list changed since you looked: it is %(now)d people now, it was %(before)s. Look again, then confirm.",
        people,
    ) % {"now": people, "before": before}  # fmt: skip
