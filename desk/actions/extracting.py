"""The secretariat asks for a table; a worker writes it; after some days the file is gone."""

from collections.abc import Mapping
from functools import partial
from typing import IO

from django.db import transaction
from django.utils import translation

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import Competition
from desk.exports import write
from desk.models import Extract
from files.preparing import Finish, prepare_due
from notifications.outbox import reading_as, wake

EXTRACT = "desk.tasks.extract"  # woken by each asking, swept each minute


@transaction.atomic
def ask_extract(
    table: str, *, format: str, competition: Competition | None = None, asked: Mapping[str, str] | None = None, by: User
) -> Extract:
    """Writes down that the table is wanted as a file and wakes a worker; who asks for what is being prepared already
    in their language gets that one. Recorded: it may hold personal data of thousands."""
    as_secretariat(by)
    wanted = {"table": table, "format": format, "competition": competition, "asked": dict(asked or {})}
    wanted["language"] = by.language
    times = {"asked_by": by, "asked_at": calendar.now()}
    extract, is_new = Extract.objects.in_preparation().get_or_create(**wanted, defaults=times)
    if is_new:
        record("desk.ask_extract", by=by, on=extract, data=_facts(extract))
    wake(EXTRACT)
    return extract


def extract_due() -> int:
    """Writes every table that waits and removes those whose days are over; returns how many were written."""
    return prepare_due(Extract.objects.select_related("asked_by", "competition"), _write)


@transaction.atomic
def take_extract(extract: Extract, *, by: User) -> None:
    """Records who took the file away; it holds what may not be public."""
    as_secretariat(by)
    record("desk.take_extract", by=by, on=extract, data=_facts(extract) | {"rows": extract.written})


def _write(extract: Extract, target: IO[bytes]) -> Finish:
    with reading_as(extract.asked_by), translation.override(extract.language):
        write(extract, target)
    facts = _facts(extract) | {"rows": extract.written}
    return partial(record, "desk.write_extract", by=extract.asked_by, on=extract, data=facts)


def _facts(extract: Extract) -> dict[str, object]:
    facts: dict[str, object] = {"table": extract.table, "format": extract.format}
    if extract.competition:
        facts["year"] = extract.competition.code
    return facts | ({"asked": extract.asked} if extract.asked else {})
