"""From the published timetable to the end of each interview: confirmation, another time, the day itself.

Each deed locks the slot alone, except a shift, which locks those of the panel's day in primary key order.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from judging import rules
from judging.actions.timetables import tell_agency, tell_jurors
from judging.interviews import reminders
from judging.models import ChangeRequest, InterviewSlot, Panel
from notifications.models import Message
from notifications.outbox import tell_many
from proposals.models import Proposal

Status = InterviewSlot.Status


@transaction.atomic
def confirm_interview(slot: InterviewSlot, *, by: User) -> InterviewSlot:
    """The agency will be there. The first confirmation stands; a second changes nothing. ValidationError `too_late`
    after the last moment for it, from when on only the secretariat notes what the agency tells it."""
    locked = _locked(slot)
    if not (rules.may_confirm(by, locked) or rules.may_manage(by)):
        raise PermissionDenied
    if locked.confirmed_at is not None:
        return locked
    now = calendar.now()
    if locked.status != Status.WAITING or locked.published_at is None:
        raise ValidationError(_("There is nothing to confirm any more."), code="begun")
    if locked.confirm_by and now > locked.confirm_by and not rules.may_manage(by):
        words = _("The time for confirming has passed. Call the secretariat; it notes your confirmation.")
        raise ValidationError(words, code="too_late")
    locked.confirmed_at, locked.confirmed_by = now, by
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    record("judging.confirm_interview", by=by, on=locked, data={"starts_at": locked.starts_at.isoformat()})
    return locked


@transaction.atomic
def request_change(slot: InterviewSlot, *, reason: str, by: User) -> ChangeRequest:
    """The agency asks for another time; the interview stays where it is until the secretariat moves it."""
    locked = _locked(slot)
    if not rules.may_confirm(by, locked):
        raise PermissionDenied
    now = calendar.now()
    if locked.status != Status.WAITING or locked.starts_at <= now:
        raise ValidationError(_("The interview has begun; its time can no longer be changed."), code="begun")
    if not reason.strip():
        raise ValidationError(_("Say why the agency cannot come at this time."), code="no_reason")
    if locked.change_requests.filter(outcome="").exists():
        words = _("A request for another time is already waiting for an answer.")
        raise ValidationError(words, code="asked")
    asked = ChangeRequest.objects.create(slot=locked, reason=reason.strip(), asked_at=now, asked_by=by)
    record("judging.request_change", by=by, on=locked, data={"reason": asked.reason})
    tell_many(
        User.objects.secretariat(), key=f"judging.change_requested:{asked.pk}",
        template="judging/mail/change_requested",
        context={"slot": locked, "proposal": locked.entry.proposal, "reason": asked.reason},
        link=reverse("judging:interview", args=[locked.code]),
    )  # fmt: skip
    return asked


@transaction.atomic
def decline_change(asked: ChangeRequest, *, answer: str, by: User) -> None:
    """The interview stays where it is, and the agency is told why. Moving it answers a request by itself."""
    if not rules.may_manage(by):
        raise PermissionDenied
    locked = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if locked.outcome:
        raise ValidationError(_("This request was already answered."), code="answered")
    if not answer.strip():
        raise ValidationError(_("Tell the agency why the time stays."), code="no_answer")
    locked.outcome, locked.answer = ChangeRequest.Outcome.DECLINED, answer.strip()
    locked.answered_at, locked.answered_by = calendar.now(), by
    locked.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    slot = InterviewSlot.objects.with_people().get(pk=locked.slot_id)
    record("judging.decline_change", by=by, on=slot, data={"answer": locked.answer})
    tell_agency(slot, "change_declined", turn=f":{locked.pk}", answer=locked.answer)


@transaction.atomic
def begin_interview(slot: InterviewSlot, *, by: User) -> None:
    """The agency is in session from now. ValidationError when the panel still hears another, or it is not the day."""
    locked = _on_the_day(slot, by)
    if locked.status == Status.RUNNING:
        return
    if locked.status != Status.WAITING:
        raise ValidationError(_("This interview is already over."), code="over")
    if InterviewSlot.objects.filter(panel=locked.panel_id, status=Status.RUNNING).exists():
        raise ValidationError(_("The panel still hears another agency. End that interview first."), code="running")
    locked.status, locked.began_at = Status.RUNNING, calendar.now()
    _save(locked, "judging.begin_interview", ["status", "began_at"], by)


@transaction.atomic
def end_interview(slot: InterviewSlot, *, presenters: str, leader_attended: bool, note: str = "", by: User) -> None:
    """The agency was heard; who presented is noted, and may be corrected the same way."""
    locked = _on_the_day(slot, by)
    if locked.status not in (Status.RUNNING, Status.DONE):
        raise ValidationError(_("This interview has not begun."), code="not_begun")
    if not presenters.strip():
        raise ValidationError(_("Write down who presented."), code="no_presenters")
    locked.presenters, locked.leader_attended, locked.note = presenters.strip(), leader_attended, note.strip()
    locked.ended_at = locked.ended_at or calendar.now()
    locked.status = Status.DONE
    _save(locked, "judging.end_interview", ["presenters", "leader_attended", "note", "ended_at", "status"], by)


@transaction.atomic
def note_absence(slot: InterviewSlot, *, note: str, by: User) -> None:
    """The agency did not appear. Only once its time has come; the secretariat may move it to another time instead."""
    locked = _on_the_day(slot, by)
    if locked.status not in (Status.WAITING, Status.RUNNING):
        raise ValidationError(_("This interview is already over."), code="over")
    if calendar.now() < locked.starts_at:
        raise ValidationError(_("The interview is still to come."), code="not_begun")
    locked.status, locked.note, locked.ended_at = Status.ABSENT, note.strip(), calendar.now()
    _save(locked, "judging.note_absence", ["status", "note", "ended_at"], by)


@transaction.atomic
def put_back(slot: InterviewSlot, *, by: User) -> None:
    """Undo a beginning or an absence noted by mistake: the interview waits again."""
    locked = _on_the_day(slot, by)
    if locked.status in (Status.DONE, Status.CANCELLED):
        raise ValidationError(_("This interview is already over."), code="over")
    locked.status, locked.began_at, locked.ended_at = Status.WAITING, None, None
    _save(locked, "judging.put_back_interview", ["status", "began_at", "ended_at"], by)


@transaction.atomic
def cancel_interviews(proposal: Proposal, *, reason: str, by: User) -> list[InterviewSlot]:
    """The proposal left the competition: what was only proposed is removed, what was announced and not yet held is
    cancelled and stays as a trace. Returns those; who does this locks the rounds before and tells the people after."""
    slots = InterviewSlot.objects.filter(entry__proposal=proposal, status__in=(Status.WAITING, Status.RUNNING))
    found = list(slots.select_for_update(of=("self",)).with_people().order_by("pk"))
    now = calendar.now()
    for slot in found:
        data = {"starts_at": slot.starts_at.isoformat(), "was": slot.status, "reason": reason}
        record("judging.cancel_interview", by=by, on=slot, data=data)
        if slot.published_at is None:
            slot.delete()
            continue
        slot.status, slot.version = Status.CANCELLED, slot.version + 1
        slot.save(update_fields=["status", "version"])
        slot.change_requests.filter(outcome="").update(
            outcome=ChangeRequest.Outcome.DECLINED, answer=reason, answered_at=now, answered_by=by
        )
    return [slot for slot in found if slot.status == Status.CANCELLED]


@transaction.atomic
def shift_panel(panel: Panel, *, minutes: int, by: User) -> int:
    """The panel runs late: what it still hears today begins so many minutes later, and all concerned are told.

    Confirmations stand, and what was announced stays written beside the new time. Returns how many were shifted.
    """
    if not rules.may_run_panel(by, panel):
        raise PermissionDenied
    if not 1 <= minutes <= 180:
        raise ValidationError(_("Shift by 1 to 180 minutes."), code="minutes")
    today = calendar.start_of_day(calendar.now())
    rest = InterviewSlot.objects.filter(panel=panel, status=Status.WAITING).published().on_day_of(today)
    slots = list(rest.select_for_update(of=("self",)).with_people().order_by("pk"))
    by_so_much = timedelta(minutes=minutes)
    for slot in slots:
        slot.starts_at, slot.ends_at, slot.version = (
            slot.starts_at + by_so_much,
            slot.ends_at + by_so_much,
            slot.version + 1,
        )
    if any(slot.ends_at > today + timedelta(days=1) for slot in slots):
        words = _(
            "So late the panel would still hear agencies after midnight. Move the last ones to another day first."
        )
        raise ValidationError(words, code="after_midnight")
    InterviewSlot.objects.bulk_update(slots, ["starts_at", "ends_at", "version"])
    record("judging.shift_panel", by=by, on=panel, data={"minutes": minutes, "interviews": len(slots)})
    for slot in slots:
        tell_agency(slot, "interview_late", minutes=minutes)
        tell_jurors(slot, "interview_late", minutes=minutes)
    return len(slots)


@transaction.atomic
def remind_interviews() -> int:
    """Remind agencies that have not confirmed, tell the secretariat who did not, and remind all of tomorrow's
    interviews; each once. Returns how many were told of."""
    found = list(reminders.due(calendar.now()))
    told = set(Message.objects.filter(key__in=[each.key for each in found]).values_list("key", flat=True))
    untold = [each for each in found if each.key not in told]
    for each in untold:
        if each.kind == "unconfirmed":
            tell_many(
                User.objects.secretariat(), template="judging/mail/unconfirmed", key=each.key,
                context={"slot": each.slot, "proposal": each.slot.entry.proposal},
                link=reverse("judging:interview", args=[each.slot.code]),
            )  # fmt: skip
        else:
            tell_agency(each.slot, each.template, turn=each.turn)
            if each.kind == "tomorrow":
                tell_jurors(each.slot, each.template, turn=each.turn)
    return len(untold)


def _locked(slot: InterviewSlot) -> InterviewSlot:
    return InterviewSlot.objects.select_for_update(of=("self",)).with_people().get(pk=slot.pk)


def _on_the_day(slot: InterviewSlot, by: User) -> InterviewSlot:
    locked = _locked(slot)
    if not rules.may_run(by, locked):
        raise PermissionDenied
    if locked.published_at is None or calendar.now() < calendar.start_of_day(locked.starts_at):
        raise ValidationError(_("This can be done on the day of the interview."), code="not_the_day")
    return locked


def _save(slot: InterviewSlot, event: str, fields: list[str], by: User) -> None:
    slot.save(update_fields=fields)
    record(event, by=by, on=slot, data={"status": slot.status, "late": slot.minutes_late})
