"""What the agency admin does at the desk: remind, put in order, send many at once."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.rules import is_admin_of
from audit.recording import record
from competitions import calendar
from competitions.models import Competition, Group
from notifications.outbox import reading_as
from proposals import audience, emails, rules
from proposals.actions.moving import send
from proposals.actions.writing import locked
from proposals.models import Batch, Proposal
from proposals.reminders import may_be_reminded
from proposals.workflow import refuse_unless_open


@transaction.atomic
def remind_writers(proposal: Proposal, *, by: User) -> int:
    """Writes to the lead and the team that this draft waits for them; at most once a day for each proposal. Returns
    to how many. Raises PermissionDenied, and ValidationError (closed, wrong_status, reminded_already)."""
    held = locked(proposal)
    if not is_admin_of(by, held.agency):
        raise PermissionDenied
    now = refuse_unless_open(held.competition)
    if held.status not in rules.WITH_WRITERS:
        message = _("There is nobody to remind: the proposal is now “%(status)s”.")
        raise ValidationError(message, code="wrong_status", params={"status": held.get_status_display()})
    if not may_be_reminded(held, now):
        raise ValidationError(_("It was reminded less than a day ago."), code="reminded_already")
    held.reminded_at = now
    held.save(update_fields=["reminded_at"])
    people = [each for each in audience.writers(held) if each.pk != by.pk]
    emails.tell_to_go_on(held, people, by=by, key=f"proposals.remind_writers:{held.code}:{now:%Y%m%dT%H%M%SZ}")
    record("proposals.remind_writers", by=by, on=held, data={"people": len(people)})
    return len(people)


def remind_all_writers(proposals: Iterable[Proposal], *, by: User) -> tuple[int, int]:
    """`remind_writers` for each, in transactions of their own; those not due meanwhile are left. How many proposals
    and how many letters."""
    done = letters = 0
    for each in proposals:
        try:
            letters += remind_writers(each, by=by)
        except ValidationError:
            continue
        done += 1
    return done, letters


@transaction.atomic
def put_in_order(agency: Agency, group: Group, *, codes: list[str], by: User) -> None:
    """Stores the agency's own order of its proposals in a group: places 1, 2, 3 … in the order of `codes`; those not
    named come after them as they stood. Raises PermissionDenied."""
    if not is_admin_of(by, agency):
        raise PermissionDenied
    listed = list(
        Proposal.objects.filter(agency=agency, group=group).order_by("pk").select_for_update(of=("self",), no_key=True)
    )
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    wanted = {code: place for place, code in enumerate(codes)}
    later = len(wanted)
    listed.sort(key=lambda each: (wanted.get(each.code, later), each.place or 10_000, each.created_at, each.pk))
    for place, each in enumerate(listed, start=1):
        if each.place != place:
            Proposal.objects.filter(pk=each.pk).update(place=place)
    record(
        "proposals.put_in_order", by=by, on=agency, data={"group": group.key, "codes": [each.code for each in listed]}
    )


@transaction.atomic
def set_auto_send(proposal: Proposal, *, on: bool, by: User) -> None:
    """Lets a proposal under review send itself shortly before closing, or no longer. Whoever sets it is named on its
    page and on the receipt. Set twice changes nothing. Raises PermissionDenied, ValidationError (closed,
    wrong_status)."""
    held = locked(proposal)
    if not is_admin_of(by, held.agency):
        raise PermissionDenied
    now = refuse_unless_open(held.competition)
    if on and held.status != Proposal.Status.IN_REVIEW:
        message = _("Only a proposal under review can send itself; it is now “%(status)s”.")
        raise ValidationError(message, code="wrong_status", params={"status": held.get_status_display()})
    if on == bool(held.auto_send_at):
        return
    held.auto_send_at, held.auto_send_by = (now, by) if on else (None, None)
    held.save(update_fields=["auto_send_at", "auto_send_by"])
    record("proposals.set_auto_send" if on else "proposals.clear_auto_send", by=by, on=held)


def begin_batch(
    competition: Competition, *, key: UUID, codes: list[str], by: User, stays: Mapping[str, list[str]] | None = None
) -> Batch:
    """The batch of this confirmation page: a second click, a retry or the back button meets the first one. `stays`
    are those chosen too that could not go, with the reasons: named in the result and never tried."""
    stays = stays or {}
    given = {
        "competition": competition, "codes": [*codes, *stays], "made_by": by, "made_at": calendar.now(),
        "results": {code: {"refused": reasons} for code, reasons in stays.items()},
    }  # fmt: skip
    batch, _is_new = Batch.objects.get_or_create(key=key, defaults=given)
    if batch.made_by_id != by.pk:
        raise PermissionDenied
    return batch


def send_batch(batch: Batch, *, by: User) -> Batch:
    """Sends what the batch has not tried yet, in its order, each in a transaction of its own: what is refused is
    named with its reasons and the rest goes. Not atomic on purpose; safe to call again after any interruption."""
    waiting = {each.code: each for each in Proposal.objects.filter(code__in=batch.untried).select_related("agency")}
    for code in batch.untried:
        result = _tried(waiting[code], by) if code in waiting else {"refused": [_("This proposal is gone.")]}
        _note(batch, code, result)
    batch.refresh_from_db()
    return batch


def _tried(proposal: Proposal, by: User) -> dict[str, Any]:
    with reading_as(by):
        try:
            return {"number": send(proposal, by=by).number}
        except ValidationError as refused:
            return {"refused": [str(each) for each in refused.messages]}
        except PermissionDenied:
            return {"refused": [_("You may not send this proposal any more: its holder or your role has changed.")]}


@transaction.atomic
def _note(batch: Batch, code: str, result: Mapping[str, Any]) -> None:
    """Adds one result; two clicks working at the same batch never overwrite each other's."""
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if "number" in result or code not in row.results:
        row.results[code] = dict(result)
        row.save(update_fields=["results"])
