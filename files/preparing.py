"""Writing the files people asked for: claimed by one worker, written, finished; given back when that fails, and removed
after some days.

Locks: the file's row, only for the moment of claiming it and of finishing it. While the file is written nothing is
locked; the claim itself keeps the others away, and one that a killed worker left behind is taken again.
"""

import logging
import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from files.models import PreparedFile
from files.querysets import Prepared, PreparedFileQuerySet

KEPT = timedelta(days=7)
TRIES = 3
DEAD_AFTER = timedelta(minutes=15)  # longer than any task is let run (CELERY_TASK_TIME_LIMIT)
log = logging.getLogger(__name__)

Finish = Callable[[], None]
Write = Callable[[Prepared, IO[bytes]], Finish]


def prepare_due(rows: PreparedFileQuerySet[Prepared], write: Write[Prepared]) -> int:
    """Writes every file of `rows` that waits and removes those whose days are over; returns how many were written.

    `write(row, target)` writes the bytes, outside any transaction, and returns what is to be done in the transaction
    that makes the file ready (who is told of it, what it held).
    """
    _remove_expired(rows)
    written = 0
    for pk in list(rows.in_preparation().order_by("asked_at").values_list("pk", flat=True)):
        row = _claim(rows, pk)
        if row is None:
            continue
        try:
            written += _write(row, write)
        except Exception:  # one person's file must not keep the others from theirs
            log.exception("A file could not be prepared.")
            _give_back(row)
    return written


@transaction.atomic
def _claim(rows: PreparedFileQuerySet[Prepared], pk: int) -> Prepared | None:
    """Takes one that waits, or whose writer is dead; None where another worker is at it. The try is counted before it
    is made: what kills its worker each time ends too."""
    free = Q(state=PreparedFile.State.WAITING)
    free |= Q(state=PreparedFile.State.WRITING, claimed_at__lt=Now() - DEAD_AFTER)
    row = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).filter(free, pk=pk).first()
    if row is None:
        return None
    if row.tries >= TRIES:
        _fail(row)
        return None
    _save(row, PreparedFile.State.WRITING, tries=row.tries + 1, claimed_at=Now())
    return row


def _write(row: Prepared, write: Write[Prepared]) -> bool:
    """The file into the store, outside any transaction; then its row, if the claim still stands."""
    if row.tries > 1:
        default_storage.delete(row.archive)  # left by a worker that died before it could finish
    with tempfile.TemporaryFile(prefix="prepared-") as target:
        finish = write(row, target)
        row.size = target.seek(0, os.SEEK_END)
        target.seek(0)
        row.path = default_storage.save(row.archive, File(target))
    finished = False
    try:
        finished = _finish(row, finish)
    finally:
        if not finished:
            default_storage.delete(row.path)
    return finished


@transaction.atomic
def _finish(row: PreparedFile, finish: Finish) -> bool:
    if not _still_claimed(row):
        return False
    _save(
        row, PreparedFile.State.READY, size=row.size, path=row.path, ready_at=Now(), expires_at=Now() + KEPT
    )  # fmt: skip
    finish()
    return True


@transaction.atomic
def _give_back(row: PreparedFile) -> None:
    """To be tried again with the next sweep, or not any more."""
    if not _still_claimed(row):
        return
    if row.tries < TRIES:
        _save(row, PreparedFile.State.WAITING)
    else:
        _fail(row)


def _fail(row: PreparedFile) -> None:
    """The row tells the person for some days."""
    _save(row, PreparedFile.State.FAILED, expires_at=Now() + KEPT)


def _still_claimed(row: PreparedFile) -> bool:
    """No other worker took it for dead meanwhile."""
    rows = _of(row).select_for_update(no_key=True)
    return rows.filter(state=PreparedFile.State.WRITING, claimed_at=row.claimed_at).exists()


def _save(row: PreparedFile, state: PreparedFile.State, **values: object) -> None:
    """In the row and in its copy at hand, which then knows the database's moments."""
    _of(row).update(state=state, **values)
    row.refresh_from_db(fields=["state", *values])


def _of(row: PreparedFile) -> "models.QuerySet[PreparedFile]":
    return type(row)._default_manager.filter(pk=row.pk)


def _remove_expired(rows: PreparedFileQuerySet[Prepared]) -> None:
    """The file first: a row without its file is swept again, a file without its row would stay for ever."""
    for row in rows.filter(expires_at__lt=Now()):
        default_storage.delete(row.path or row.archive)
        row.delete()
