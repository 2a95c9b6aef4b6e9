"""A person asks for their own data; a worker writes it; after some days it is gone."""

from functools import partial
from typing import IO

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from audit.recording import record
from competitions import calendar
from files.preparing import Finish, prepare_due
from notifications.outbox import reading_as, tell, wake
from proposals.exports import write_zip
from proposals.models import Export, Proposal

EXPORT = "proposals.tasks.export"  # woken by each asking, swept each minute


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
    return prepare_due(Export.objects.select_related("person"), _write)


def _write(export: Export, target: IO[bytes]) -> Finish:
    with reading_as(export.person):
        return partial(_hand_over, export, write_zip(export.person, target))


def _hand_over(export: Export, whole: list[Proposal]) -> None:
    export.proposals.set(whole)
    tell(
        to=export.person, template="proposals/mail/export_ready", key=f"proposals.export:{export.code}",
        context={"export": export}, link=reverse("proposals:export"),
    )  # fmt: skip
