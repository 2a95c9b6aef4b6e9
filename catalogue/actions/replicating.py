"""An agency declares that it replicates an innovation; the source confirms or denies; the agency takes it back."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.rules import is_admin_of
from audit.recording import record
from catalogue import emails
from catalogue.models import Innovation, Replication
from catalogue.rules import may_answer, may_take_back
from files.models import StoredFile

REMIND_AFTER = (timedelta(days=7), timedelta(days=21))


@transaction.atomic
def declare(
    innovation: Innovation,
    *,
    agency: Agency,
    kind: str,
    since: date,
    unit_name: str = "",
    changes: str = "",
    link: str = "",
    evidence: StoredFile | None = None,
    product: Innovation | None = None,
    by: User,
) -> Replication:
    """The agency says that it replicates or adapts the innovation; the source is asked by letter.

    PermissionDenied, and ValidationError `merged`, `own`, `later` or `declared_already`."""
    if not is_admin_of(by, agency):
        raise PermissionDenied
    source = Innovation.objects.select_for_update().get(pk=innovation.pk)
    if source.merged_into_id:
        raise ValidationError(_("This innovation was joined to another one meanwhile."), code="merged")
    if source.agency_id == agency.pk:
        raise ValidationError(_("An agency does not replicate its own innovation."), code="own")
    if since > timezone.localdate():
        raise ValidationError({"since": ValidationError(_("Give a day that has come already."), code="later")})
    unit_name = " ".join(unit_name.split())
    standing = Replication.objects.in_force().of([source.pk]).filter(agency=agency, unit_name__iexact=unit_name)
    if standing.exists():
        raise ValidationError(_("Your agency has declared this replication already."), code="declared_already")
    found = Replication.objects.create(
        source=source, agency=agency, kind=kind, since=since, unit_name=unit_name, changes=changes.strip(),
        link=link, evidence=evidence, product=product, declared_by=by,
    )  # fmt: skip
    record("catalogue.declare_replication", by=by, on=found, data={"source": source.code, "agency": agency.code})
    emails.tell_declared(found)
    return found


@transaction.atomic
def confirm(replication: Replication, *, expected: str, by: User) -> Replication:
    """The source agrees, also after it had denied; the replicating agency is told. Twice is once. `expected`: the
    stamp of what was read. ValidationError `answered`, `taken_back` or `again`."""
    return _answer(replication, Replication.State.CONFIRMED, "", expected, by)


@transaction.atomic
def deny(replication: Replication, *, reason: str, expected: str, by: User) -> Replication:
    """The source disagrees, also after it had confirmed; the replicating agency reads why. Twice is once. `expected`:
    the stamp of what was read. ValidationError `reason_needed`, `answered` or `taken_back`."""
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Write why."), code="reason_needed")})
    return _answer(replication, Replication.State.DENIED, reason.strip(), expected, by)


def _answer(replication: Replication, state: Replication.State, reason: str, expected: str, by: User) -> Replication:
    found = _locked(replication)
    if not may_answer(by, found):
        raise PermissionDenied
    if (found.state, found.reason) == (state, reason):
        return found
    if found.state == Replication.State.WITHDRAWN:
        raise ValidationError(_("The agency has taken it back meanwhile."), code="taken_back")
    if found.stamp != expected:
        words = _("It has been answered meanwhile: %(state)s. Read the page again before you answer otherwise.")
        raise ValidationError(words % {"state": found.get_state_display()}, code="answered")
    if state == Replication.State.CONFIRMED and _declared_again(found):
        raise ValidationError(_("The agency has declared this replication anew. Answer that one."), code="again")
    before = found.state
    found.state, found.reason, found.answered_at, found.answered_by = state, reason, Now(), by
    found.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    found.refresh_from_db(fields=["answered_at"])
    record("catalogue.answer_replication", by=by, on=found, data={"from": before, "to": state, "reason": reason})
    emails.tell_answered(found)
    return found


@transaction.atomic
def take_back(replication: Replication, *, reason: str = "", by: User) -> Replication:
    """The replicating agency takes its declaration back; the row stays, the source is told. Twice is once."""
    found = _locked(replication)
    if not may_take_back(by, found):
        raise PermissionDenied
    if found.state == Replication.State.WITHDRAWN:
        return found
    data = {"from": found.state, "reason": reason.strip()}
    found.state, found.reason, found.taken_back_at = Replication.State.WITHDRAWN, reason.strip(), Now()
    found.save(update_fields=["state", "reason", "taken_back_at"])
    record("catalogue.take_back_replication", by=by, on=found, data=data)
    emails.tell_taken_back(found)
    return found


def remind_sources() -> int:
    """Asks again about declarations nobody answered after one week and after three; returns how many were due. A
    reminder that was sent is not sent again."""
    now, due = timezone.now(), 0
    for number, days in enumerate(REMIND_AFTER, start=1):
        waiting = Replication.objects.filter(state=Replication.State.DECLARED, declared_at__lte=now - days)
        if number < len(REMIND_AFTER):
            waiting = waiting.filter(declared_at__gt=now - REMIND_AFTER[number])
        else:
            waiting = waiting.filter(declared_at__gt=now - days - timedelta(days=30))
        for found in waiting.with_ends():
            emails.remind(found, number)
            due += 1
    return due


def _declared_again(found: Replication) -> bool:
    others = Replication.objects.in_force().filter(source=found.source_id, agency=found.agency_id)
    return others.filter(unit_name=found.unit_name).exclude(pk=found.pk).exists()


def _locked(replication: Replication) -> Replication:
    return Replication.objects.select_for_update(of=("self",)).with_ends().get(pk=replication.pk)
