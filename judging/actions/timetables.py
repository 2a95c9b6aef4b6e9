"""The secretariat prepares the interviews: panels, a proposed timetable, changes by hand, and its publication.

Locks: the round first, as everywhere in judging, then its slots.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from judging.actions.sheets import drop, give, lock_round, managing, refuse_if_frozen
from judging.interviews import sittings
from judging.interviews.timetable import Arrangement, arrange, starts
from judging.models import (
    Assessment,
    ChangeRequest,
    Entry,
    InterviewSlot,
    Juror,
    Panel,
    Timetable,
)
from judging.models.interviews import CONFIRMED_BEFORE
from notifications.outbox import tell, tell_many

TO_ANSWER = timedelta(hours=24)  # what an agency told late still has, if the interview leaves as much


@transaction.atomic
def save_panel(
    judging_round: Round, panel: Panel | None = None, *, name: str, members: Collection[Juror], video_url: str, by: User
) -> Panel:
    """Found a panel, or change it. Its published interviews get the sheets of new members, and lose the sheets that
    former members have not begun. ValidationError `clash` or `conflict` when its interviews could not be held so."""
    managing(by)
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    panel = panel or Panel(round=locked)
    panel.name, panel.video_url = name, video_url
    panel.full_clean()
    panel.save()
    former = set(panel.members.values_list("pk", flat=True)) - {juror.pk for juror in members}
    panel.members.set(members)
    slots = _slots(locked, panel=panel, status="waiting")
    published = [slot for slot in slots if slot.published_at]
    if published:
        _check_size(locked, panel)
    _seat(locked, published, leaving=former, by=by)
    sittings.refuse_clashes(locked.group.competition, slots)
    record("judging.save_panel", by=by, on=panel, data={"name": name, "members": [each.code for each in members]})
    return panel


@transaction.atomic
def remove_panel(panel: Panel, *, by: User) -> None:
    """Dissolve a panel that hears nobody."""
    managing(by)
    lock_round(panel.round_id)
    if panel.slots.exists():
        raise ValidationError(_("This panel still has interviews. Move them first."), code="in_use")
    record("judging.remove_panel", by=by, on=panel, data={"name": panel.name})
    panel.delete()


@transaction.atomic
def form_panels(judging_round: Round, *, count: int, by: User) -> list[Panel]:
    """Found so many panels from the round's jurors who signed the pact, dealt out in turn by name."""
    managing(by)
    locked = lock_round(judging_round.pk)
    jurors = list(Juror.objects.for_round(locked).ready().select_related("user").order_by("user__name", "pk"))
    if len(jurors) < count * locked.assessors_per_proposal:
        words = _("%(count)d panels need %(needed)d panelists who signed the pact; there are %(there)d.")
        needed = {"count": count, "needed": count * locked.assessors_per_proposal, "there": len(jurors)}
        raise ValidationError(words, code="too_few", params=needed)
    taken = set(locked.panels.values_list("name", flat=True))
    names = (name for number in range(1, 100) if (name := f"Panel {number}") not in taken)
    return [
        save_panel(
            locked, name=next(names), members=jurors[turn::count][: locked.assessors_per_proposal], video_url="", by=by
        )
        for turn in range(count)
    ]


@transaction.atomic
def propose_timetable(judging_round: Round, *, hours: Mapping[str, object], anew: bool, by: User) -> Arrangement:
    """Place every entry that has no slot; with `anew` those not yet published are placed again. Nobody is told.

    `hours` are fields of Timetable. ValidationError when the round has no interviews or no panel. What could not be
    placed stays without a slot; the page says why.
    """
    managing(by)
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    if not locked.interview_minutes:
        raise ValidationError(_("The rules of this year give this round no interviews."), code="no_interviews")
    panels = [panel for panel in sittings.panels_of_year(locked.group.competition) if panel.round_id == locked.pk]
    if not panels:
        raise ValidationError(_("Form the panels first."), code="no_panels")
    found, _created = Timetable.objects.update_or_create(round=locked, defaults=dict(hours))
    if anew:
        InterviewSlot.objects.in_round(locked).filter(published_at=None).delete()
    arrangement = arrangement_of(found, panels)
    length = sittings.length_of(locked)
    InterviewSlot.objects.bulk_create(
        InterviewSlot(entry_id=entry, panel_id=panel, starts_at=start, planned_at=start, ends_at=start + length)
        for entry, (panel, start) in arrangement.placed.items()
    )
    data = {"placed": len(arrangement.placed), "left": len(arrangement.left), "anew": anew}
    record("judging.propose_timetable", by=by, on=locked, data=data)
    return arrangement


def arrangement_of(found: Timetable, panels: list[Panel]) -> Arrangement:
    """The best places for the entries that have none. Writes nothing."""
    waiting = Entry.objects.competing().filter(round=found.round, slot=None)
    entries = list(waiting.select_related("proposal__agency").order_by("pk"))
    hours, now = sittings.hours_of(found), calendar.now()
    days = [datetime.fromisoformat(day).date() for day in found.days]
    return arrange(
        sittings.meetings(entries, sittings.barred(panels, entries)),
        sittings.boards(panels),
        [moment for moment in starts(days, hours) if moment > now],
        hours,
        sittings.sittings(sittings.slots_of_year(found.round.group.competition)),
    )


@transaction.atomic
def publish_timetable(judging_round: Round, *, by: User) -> int:
    """Make the proposed interviews known: panels get their sheets, agencies and panelists are told. Returns how many.

    ValidationError `clash`, `conflict` or `too_few` (members in a panel) when they could not be held so.
    """
    managing(by)
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    slots = _slots(locked, published_at=None)
    if not slots:
        raise ValidationError(_("There is no proposed interview to publish."), code="nothing")
    for panel in {slot.panel_id: slot.panel for slot in slots}.values():
        _check_size(locked, panel)
    now = calendar.now()
    for slot in slots:
        slot.published_at, slot.confirm_by = now, confirm_by(slot.starts_at, now)
    InterviewSlot.objects.bulk_update(slots, ["published_at", "confirm_by"], batch_size=500)
    _seat(locked, slots, leaving=None, by=by)
    sittings.refuse_clashes(locked.group.competition, slots)
    record("judging.publish_timetable", by=by, on=locked, data={"interviews": len(slots)})
    for slot in slots:
        tell_agency(slot, "interview")
    _tell_panelists(locked, slots)
    return len(slots)


def confirm_by(start: datetime, told: datetime) -> datetime:
    """24 hours before the interview; who is told later than that has a day from then, or until it begins."""
    return min(start, max(start - CONFIRMED_BEFORE, told + TO_ANSWER))


@transaction.atomic
def move_interview(slot: InterviewSlot, *, panel: Panel, starts_at: datetime, reason: str, by: User) -> InterviewSlot:
    """Give an interview another time or panel. A published one is told anew and must be confirmed again, and an open
    request for another time is answered by it. ValidationError names every clash."""
    managing(by)
    locked = lock_round(slot.entry.round_id)
    moved = _waiting(locked, slot.pk)
    leaving = _members(moved.panel)
    _put(moved, panel, starts_at)
    _settle_moves(locked, [moved], leaving=leaving, reason=reason, by=by)
    return moved


@transaction.atomic
def swap_interviews(slot: InterviewSlot, other: InterviewSlot, *, reason: str, by: User) -> None:
    """Exchange the places of two interviews of a round, as if both were moved."""
    managing(by)
    locked = lock_round(slot.entry.round_id)
    first, second = _waiting(locked, slot.pk), _waiting(locked, other.pk)
    leaving = _members(first.panel) | _members(second.panel)
    places = (second.panel, second.starts_at), (first.panel, first.starts_at)
    for each, (panel, start) in zip((first, second), places, strict=True):
        _put(each, panel, start)
    _settle_moves(locked, [first, second], leaving=leaving, reason=reason, by=by)


def _members(panel: Panel) -> set[int]:
    return {juror.pk for juror in panel.members.all()}


def _waiting(judging_round: Round, pk: int) -> InterviewSlot:
    refuse_if_frozen(judging_round)
    found = _slots(judging_round, pk=pk)
    if not found or found[0].status != InterviewSlot.Status.WAITING:
        raise ValidationError(_("Only an interview that has not begun can be moved."), code="begun")
    return found[0]


def _put(slot: InterviewSlot, panel: Panel, start: datetime) -> None:
    if panel.round_id != slot.entry.round_id:
        raise ValidationError(_("This panel belongs to another round."), code="other_round")
    slot.panel, slot.starts_at, slot.planned_at = panel, start, start
    slot.ends_at = start + sittings.length_of(slot.entry.round)


def _settle_moves(
    judging_round: Round, slots: list[InterviewSlot], *, leaving: set[int], reason: str, by: User
) -> None:
    now = calendar.now()
    if any(slot.starts_at <= now for slot in slots):
        raise ValidationError(_("Choose a time that is still to come."), code="past")
    for slot in slots:
        slot.version += 1
        slot.confirmed_at = slot.confirmed_by = None
        slot.confirm_by = confirm_by(slot.starts_at, now) if slot.published_at else None
        slot.save()
        data = {"to": slot.starts_at.isoformat(), "panel": slot.panel.code, "reason": reason}
        record("judging.move_interview", by=by, on=slot, data=data)
    published = [slot for slot in slots if slot.published_at]
    _seat(judging_round, published, leaving=leaving, by=by)
    sittings.refuse_clashes(judging_round.group.competition, slots)
    open_requests = ChangeRequest.objects.filter(slot__in=slots, outcome="")
    open_requests.update(outcome=ChangeRequest.Outcome.MOVED, answer=reason, answered_at=now, answered_by=by)
    for slot in published:
        tell_agency(slot, "interview_moved", reason=reason)
        tell_jurors(slot, "interview_moved", reason=reason)


def _slots(judging_round: Round, **which: object) -> list[InterviewSlot]:
    slots = InterviewSlot.objects.in_round(judging_round).filter(**which).select_for_update(of=("self",))
    return list(slots.with_people().prefetch_related("panel__members__user").order_by("starts_at", "pk"))


def _check_size(judging_round: Round, panel: Panel) -> None:
    ready = panel.members.filter(left_at=None, pact_accepted_at__isnull=False).count()
    if ready < judging_round.assessors_per_proposal:
        words = _("%(panel)s needs %(needed)d members who signed the pact; it has %(there)d.")
        named = {"panel": panel, "needed": judging_round.assessors_per_proposal, "there": ready}
        raise ValidationError(words, code="too_few", params=named)


def _seat(judging_round: Round, slots: list[InterviewSlot], *, leaving: set[int] | None, by: User) -> None:
    """Each member of a panel has a sheet of what it hears; of the others, those `leaving` (None: all of them) give back
    what they had not begun. Who stepped in for a member with a conflict stays. Piles get the order of the day."""
    sheets = list(
        Assessment.objects.filter(entry__in=[slot.entry_id for slot in slots])
        .select_for_update(of=("self",))
        .select_related("juror")
        .order_by("pk")
    )
    known = {(sheet.entry_id, sheet.juror_id) for sheet in sheets}
    members = {
        slot.entry_id: {each.pk: each for each in slot.panel.members.all() if each.left_at is None} for slot in slots
    }
    for sheet in sheets:
        sits = sheet.juror_id in members[sheet.entry_id]
        if sheet.status == Assessment.Status.ASSIGNED and not sits and (leaving is None or sheet.juror_id in leaving):
            drop(sheet, Assessment.Status.HANDED_BACK, why="timetable", by=by)
        elif sheet.status == Assessment.Status.HANDED_BACK and sits:
            drop(sheet, Assessment.Status.ASSIGNED, why="timetable", by=by)
    pairs = [
        (slot.entry, juror)
        for slot in slots
        for pk, juror in members[slot.entry_id].items()
        if (slot.entry_id, pk) not in known
    ]
    give(pairs, seed=judging_round.pk)
    _order_piles(judging_round)


def _order_piles(judging_round: Round) -> None:
    """Who hears by the clock also reads by the clock."""
    sheets = (
        Assessment.objects.live()
        .in_round(judging_round)
        .order_by(F("entry__slot__starts_at").asc(nulls_last=True), "pk")
    )
    counts: dict[int, int] = {}
    changed = []
    for sheet in sheets.only("pk", "place", "juror_id"):
        counts[sheet.juror_id] = place = counts.get(sheet.juror_id, 0) + 1
        if sheet.place != place:
            sheet.place = place
            changed.append(sheet)
    Assessment.objects.bulk_update(changed, ["place"], batch_size=500)


# --- Letters -------------------------------------------------------------------------------------------------------
def tell_agency(slot: InterviewSlot, template: str, *, turn: str = "", **context: object) -> None:
    """Write to the agency's admin and to who leads the proposal, once for each version of the slot (and `turn`)."""
    proposal = slot.entry.proposal
    people = {user.pk: user for user in [*User.objects.admins_of(proposal.agency), proposal.lead]}
    tell_many(
        people.values(),
        template=f"judging/mail/{template}",
        key=f"judging.{template}:{slot.code}:{slot.version}{turn}",
        context={"slot": slot, "proposal": proposal, "round": slot.entry.round, "is_agency": True, **context},
        link=reverse("judging:interview", args=[slot.code]),
    )


def tell_jurors(slot: InterviewSlot, template: str, *, turn: str = "", **context: object) -> None:
    """Write to everybody who hears this interview."""
    tell_many(
        [juror.user for juror in sittings.people_of([slot])[slot.pk]],
        template=f"judging/mail/{template}",
        key=f"judging.{template}.juror:{slot.code}:{slot.version}{turn}",
        context={"slot": slot, "proposal": slot.entry.proposal, "round": slot.entry.round, **context},
        link=reverse("judging:interview", args=[slot.code]),
    )


def _tell_panelists(judging_round: Round, slots: Iterable[InterviewSlot]) -> None:
    """One letter to each panelist with all that is new."""
    slots = list(slots)
    by_juror: dict[int, tuple[Juror, list[InterviewSlot]]] = {}
    for pk, jurors in sittings.people_of(slots).items():
        for juror in jurors:
            by_juror.setdefault(juror.pk, (juror, []))[1].append(next(slot for slot in slots if slot.pk == pk))
    for juror, mine in by_juror.values():
        mine.sort(key=lambda slot: slot.starts_at)
        tell(
            to=juror.user, template="judging/mail/timetable", link=reverse("judging:interviews"),
            key=f"judging.timetable:{judging_round.pk}:{juror.code}:{mine[0].published_at:%Y%m%d%H%M%S%f}",
            context={"round": judging_round, "slots": mine, "count": len(mine), "first": mine[0]},
        )  # fmt: skip
