"""A person asks for their own data; a worker writes it; after some days it is gone.

Locks: the export's row, only for the moment of claiming it and of finishing it. While the archive is written nothing
is locked; the claim itself keeps the others away, and one that a killed worker left behind is taken again.
"""

import logging
import tempfile
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from audit.recording import record
from competitions import calendar
from notifications.outbox import reading_as, tell, wake
from proposals.exports import write_zip
from proposals.models import Export, Proposal

EXPORT = "proposals.tasks.export"  # woken by each asking, swept each minute
KEPT = timedelta(days=7)
TRIES = 3
DEAD_AFTER = timedelta(minutes=15)  # longer than any task is let run (CELERY_TASK_TIME_LIMIT)
log = logging.getLogger(__name__)


@transaction.atomic
def ask_export(person: User) -> Export:
    """Writes down that the person wants their data and wakes a worker. A second asking gets the first one's row."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    waiting = Export.objects.in_preparation().filter(person=person).first()
    if waiting is None:
        waiting = Export.objects.create(person=person, asked_at=calendar.now())
        record("proposals.ask_export", by=person, on=waiting)
    wake(EXPORT)
    return waiting


def export_due() -> int:
    """Writes every export that waits and removes those whose days are over; returns how many were written."""
    _remove_expired()
    written = 0
    for pk in list(Export.objects.in_preparation().order_by("asked_at").values_list("pk", flat=True)):
        export = _claim(pk)
        if export is None:
            continue
        try:
            written += _write(export)
        except Exception:  # one person's data must not keep the others from theirs
            log.exception("An export could not be written.")
            _give_back(export)
    return written


@transaction.atomic
def _claim(pk: int) -> Export | None:
    """Takes one that waits, or whose writer is dead; None where another worker is at it. The try is counted before it
    is made: what kills its worker each time ends too."""
    now = calendar.now()
    free = Q(state=Export.State.WAITING) | Q(state=Export.State.WRITING, claimed_at__lt=now - DEAD_AFTER)
    rows = Export.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("person")
    export = rows.filter(free, pk=pk).first()
    if export is None:
        return None
    if export.tries >= TRIES:
        _fail(export)
        return None
    export.tries, export.claimed_at = export.tries + 1, now
    _save(export, Export.State.WRITING, "tries", "claimed_at")
    return export


def _write(export: Export) -> bool:
    """The archive into the store, outside any transaction; then its row, if the claim still stands."""
    if export.tries > 1:
        default_storage.delete(export.archive)  # left by a worker that died before it could finish
    with tempfile.TemporaryFile(prefix="export-") as target, reading_as(export.person):
        whole = write_zip(export.person, target)
        export.size = target.tell()
        target.seek(0)
        export.path = default_storage.save(export.archive, File(target))
    finished = False
    try:
        finished = _finish(export, whole)
    finally:
        if not finished:
            default_storage.delete(export.path)
    return finished


@transaction.atomic
def _finish(export: Export, whole: list[Proposal]) -> bool:
    if not _still_claimed(export):
        return False
    export.ready_at = calendar.now()
    export.expires_at = export.ready_at + KEPT
    _save(export, Export.State.READY, "size", "path", "ready_at", "expires_at")
    export.proposals.set(whole)
    tell(
        to=export.person, template="proposals/mail/export_ready", key=f"proposals.export:{export.code}",
        context={"export": export}, link=reverse("proposals:export"),
    )  # fmt: skip
    return True


@transaction.atomic
def _give_back(export: Export) -> None:
    """To be tried again with the next sweep, or not any more."""
    if not _still_claimed(export):
        return
    if export.tries < TRIES:
        _save(export, Export.State.WAITING)
    else:
        _fail(export)


def _fail(export: Export) -> None:
    """The row tells the person for some days."""
    export.expires_at = calendar.now() + KEPT
    _save(export, Export.State.FAILED, "expires_at")


def _still_claimed(export: Export) -> bool:
    """No other worker took it for dead meanwhile."""
    rows = Export.objects.select_for_update(no_key=True)
    return rows.filter(pk=export.pk, state=Export.State.WRITING, claimed_at=export.claimed_at).exists()


def _save(export: Export, state: Export.State, *fields: str) -> None:
    export.state = state
    export.save(update_fields=["state", *fields])


def _remove_expired() -> None:
    """The file first: a row without its file is swept again, a file without its row would stay for ever."""
    for export in Export.objects.filter(expires_at__lt=calendar.now()):
        default_storage.delete(export.path or export.archive)
        export.delete()
