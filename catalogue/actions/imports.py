"""A spreadsheet of past awards is taken in: begun, settled, written as a whole or not at all, taken back."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from audit.recording import record
from catalogue import importing
from catalogue.actions.curating import lock_catalogue
from catalogue.columns import guess
from catalogue.models import Award, Import, Innovation
from catalogue.spreadsheets import Table
from notifications.outbox import wake

WRITE_IMPORTS = "catalogue.tasks.write_imports"  # woken by each confirmation of a large file, swept each minute
AT_ONCE = 1000  # rows written while the person waits


@transaction.atomic
def begin_import(table: Table, *, name: str, by: User) -> Import:
    """Keeps the lines of a spreadsheet, with a guess of what its columns hold. The catalogue stays as it is."""
    found = Import.objects.create(
        name=name[:200], heads=table.heads, lines=table.lines, places=guess(table.heads), made_by=by
    )
    record("catalogue.begin_import", by=by, on=found, data={"lines": len(table.lines)})
    return found


@transaction.atomic
def settle_import(
    found: Import, *, places: dict[str, int], as_written: list[str], same: dict[str, str], by: User
) -> Import:
    """Notes what the columns hold, which agencies are taken as written and which rows are which innovation."""
    found = _draft(found)
    found.places, found.as_written, found.same = places, sorted(as_written), same
    found.save(update_fields=["places", "as_written", "same"])
    return found


@transaction.atomic
def confirm_import(found: Import, *, by: User) -> Import:
    """Writes all rows into the catalogue, or none; a large file is left to a worker, which does the same.

    Raises ValidationError if a row is wrong or undecided, also by what changed in the catalogue since."""
    found = _draft(found)
    record("catalogue.confirm_import", by=by, on=found, data={"lines": len(found.lines)})
    if len(found.lines) > AT_ONCE:
        found.state = Import.State.QUEUED
        found.save(update_fields=["state"])
        wake(WRITE_IMPORTS)
        return found
    return _write_import(found)


def write_imports() -> int:
    """Writes what waits, each whole or not at all; returns how many. Safe to run twice at once."""
    written = 0
    for pk in list(Import.objects.filter(state=Import.State.QUEUED).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                rows = Import.objects.select_for_update(skip_locked=True)
                if found := rows.filter(pk=pk, state=Import.State.QUEUED).first():
                    _write_import(found)
                    written += 1
        except (ValidationError, IntegrityError) as error:
            said = (
                " ".join(error.messages)
                if isinstance(error, ValidationError)
                else _("The catalogue changed meanwhile.")
            )
            Import.objects.filter(pk=pk, state=Import.State.QUEUED).update(state=Import.State.FAILED, problem=said)
    return written


def _write_import(found: Import) -> Import:
    lock_catalogue()
    found.written = importing.write(found)
    found.state, found.written_at = Import.State.DONE, Now()
    found.save(update_fields=["written", "state", "written_at"])
    found.refresh_from_db(fields=["written_at"])
    record("catalogue.write_import", by=found.made_by, on=found, data={k: len(v) for k, v in found.written.items()})
    return found


@transaction.atomic
def undo_import(found: Import, *, by: User) -> Import:
    """Takes back all that the import brought. Raises ValidationError if anything else refers to it by now."""
    found = Import.objects.select_for_update().get(pk=found.pk)
    if found.state != Import.State.DONE:
        raise ValidationError(_("This import is not in the catalogue."), code="not_written")
    lock_catalogue()
    if titles := importing.touched(found):
        message = _("Something else refers to what it brought: %s. Correct those rows one by one.")
        raise ValidationError(message % ", ".join(titles[:3]), code="touched")
    Award.objects.filter(pk__in=found.written["awards"]).delete()
    Innovation.objects.filter(pk__in=found.written["innovations"]).delete()
    found.state = Import.State.UNDONE
    found.save(update_fields=["state"])
    record("catalogue.undo_import", by=by, on=found, data={k: len(v) for k, v in found.written.items()})
    return found


@transaction.atomic
def discard_import(found: Import, *, by: User) -> Import:
    """Forgets the lines of an import that was never written."""
    found = Import.objects.select_for_update().get(pk=found.pk)
    if found.state not in (Import.State.DRAFT, Import.State.FAILED):
        raise ValidationError(_("This import was written already."), code="written")
    found.state, found.lines = Import.State.DISCARDED, []
    found.save(update_fields=["state", "lines"])
    record("catalogue.discard_import", by=by, on=found)
    return found


def _draft(found: Import) -> Import:
    found = Import.objects.select_for_update().get(pk=found.pk)
    if found.state != Import.State.DRAFT:
        raise ValidationError(_("This import was written already."), code="written")
    return found
