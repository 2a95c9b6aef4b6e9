"""A person asks for their own data; a worker writes it; after some days it is gone. Locks: the export's row."""

import logging
import tempfile
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts.models import User
from audit.recording import record
from competitions import calendar
from notifications.outbox import reading_as, tell, wake
from proposals.exports import write_zip
from proposals.models import Export

EXPORT = "proposals.tasks.export"  # woken by each asking, swept each minute
KEPT = timedelta(days=7)
TRIES = 3
log = logging.getLogger(__name__)


@transaction.atomic
def ask_export(person: User) -> Export:
    """Writes down that the person wants their data and wakes a worker. A second asking gets the first one's row."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    waiting = Export.objects.filter(person=person, state=Export.State.WAITING).first()
    if waiting is None:
        waiting = Export.objects.create(person=person, asked_at=calendar.now())
        record("proposals.ask_export", by=person, on=waiting)
    wake(EXPORT)
    return waiting


def export_due() -> int:
    """Writes every export that waits and removes those whose days are over; returns how many were written."""
    _remove_expired()
    written = 0
    for pk in list(Export.objects.filter(state=Export.State.WAITING).order_by("asked_at").values_list("pk", flat=True)):
        Export.objects.filter(pk=pk).update(tries=F("tries") + 1)  # survives a worker that dies in the middle
        try:
            written += _write(pk)
        except Exception:  # one person's data must not keep the others from theirs
            log.exception("An export could not be written.")
            Export.objects.filter(pk=pk, tries__gte=TRIES).update(state=Export.State.FAILED)
    return written


@transaction.atomic
def _write(pk: int) -> bool:
    """One export, unless another worker is at it."""
    waiting = Export.objects.select_for_update(skip_locked=True, of=("self",)).select_related("person")
    export = waiting.filter(pk=pk, state=Export.State.WAITING).first()
    if export is None:
        return False
    person = export.person
    with tempfile.TemporaryFile(prefix="export-") as target, reading_as(person):
        write_zip(person, target)
        export.size = target.tell()
        target.seek(0)
        export.path = default_storage.save(f"exports/{export.code}.zip", File(target))
    export.state, export.ready_at = Export.State.READY, calendar.now()
    export.expires_at = export.ready_at + KEPT
    export.save(update_fields=["size", "path", "state", "ready_at", "expires_at"])
    tell(
        to=person, template="proposals/mail/export_ready", key=f"proposals.export:{export.code}",
        context={"export": export}, link=reverse("proposals:export"),
    )  # fmt: skip
    return True


def _remove_expired() -> None:
    """The file first: a row without its file is swept again, a file without its row would stay for ever."""
    for export in Export.objects.filter(expires_at__lt=calendar.now()):
        default_storage.delete(export.path)
        export.delete()
