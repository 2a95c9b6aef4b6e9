"""Interviews as those who meet see them: the agency confirms, the panel runs the day, each with what concerns them."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import refusals_on, refusals_said
from competitions import calendar
from files.serving import made
from judging import actions, rules
from judging.forms.interviews import AnswerForm, AttendanceForm, ChangeForm, LateForm
from judging.interviews import page
from judging.interviews.calendar_files import calendar_file
from judging.interviews.sittings import people_of
from judging.models import ChangeRequest, InterviewSlot, Panel
from judging.querysets.interviews import SlotQuerySet
from judging.views.desk import person, posted


def slot_or_404(request: HttpRequest, code: str) -> InterviewSlot:
    slots = InterviewSlot.objects.visible_to(person(request)).with_people()
    return get_object_or_404(slots, code=code)


@require_safe
def interviews(request: HttpRequest) -> HttpResponse:
    """The reader's own interviews by day: those they hear, or those their agency presents."""
    user, now = person(request), calendar.now()
    lines = page.lines_of(_own(user).with_people().prefetch_related("panel__members"), now)
    hears = set(InterviewSlot.objects.heard_by(user).values_list("pk", flat=True))
    running = {panel.pk: panel for panel in Panel.objects.filter(slots__in=hears, members__user=user)}
    waiting = {line.slot.panel_id for line in lines if line.state == "next"}
    context = {
        "days": page.by_day(lines), "hears": hears, "late_form": LateForm(),
        "panels": [panel for panel in running.values() if panel.pk in waiting],
    }  # fmt: skip
    return render(request, "judging/interviews/own.html", context)


def _own(user: User) -> SlotQuerySet:
    """What is theirs by themselves: the secretariat's rounds have a page of their own."""
    slots = InterviewSlot.objects.published()
    if user.is_secretariat:
        return slots.filter(pk__in=InterviewSlot.objects.heard_by(user))
    return InterviewSlot.objects.visible_to(user)


@require_safe
def interviews_file(request: HttpRequest) -> HttpResponse:
    """The reader's interviews as a calendar file; only jurors read the names of those who hear them."""
    user = person(request)
    slots = list(_own(user).with_people().prefetch_related("panel__members"))
    hears = set(InterviewSlot.objects.heard_by(user).values_list("pk", flat=True))
    people = {pk: jurors for pk, jurors in people_of(slots).items() if pk in hears}
    return as_calendar(calendar_file(slots, name=_("Interviews"), at=calendar.now(), people=people), "wawancara.ics")


def as_calendar(content: bytes, name: str) -> HttpResponse:
    return made(content, name=name, media_type="text/calendar; charset=utf-8")


@require_safe
def interview(request: HttpRequest, code: str) -> HttpResponse:
    slot = slot_or_404(request, code)
    return render(request, "judging/interviews/one.html", _scene(request, slot))


def _scene(request: HttpRequest, slot: InterviewSlot, **more: object) -> dict[str, object]:
    """What the page of one interview shows this reader. Agencies never learn who hears them."""
    user, now = person(request), calendar.now()
    line = page.lines_of([slot], now)[0]
    hears = rules.may_run(user, slot)
    return {
        "slot": slot, "line": line, "proposal": slot.entry.proposal, "round": slot.entry.round,
        "people": line.people if hears else [], "may_run": hears, "may_manage": rules.may_manage(user),
        "may_confirm": rules.may_confirm(user, slot), "sheet": page.own_sheet(slot.entry, user),
        "is_day": now >= calendar.start_of_day(slot.starts_at),
        "is_open": slot.status == "waiting" and slot.starts_at > now,
        "is_late": bool(slot.confirm_by and now > slot.confirm_by),
        "requests": slot.change_requests.select_related("asked_by", "answered_by"), "answer_form": AnswerForm(), **more,
    }  # fmt: skip


@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    slot = slot_or_404(request, code)
    return _do(
        request, slot, lambda: actions.confirm_interview(slot, by=person(request)), _("The interview is confirmed.")
    )


def _do(request: HttpRequest, slot: InterviewSlot, deed: Callable[[], object], done: str) -> HttpResponse:
    with refusals_said(request):
        deed()
        messages.success(request, done)
    return redirect("judging:interview", slot.code)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """The agency asks for another time."""
    slot = slot_or_404(request, code)
    if not rules.may_confirm(person(request), slot):
        raise PermissionDenied
    form = ChangeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.request_change(slot, reason=form.cleaned_data["reason"], by=person(request))
            messages.success(request, _("The secretariat has your request. Until it answers, the time stays."))
            return redirect("judging:interview", code)
    return _form(request, slot, form, title=_("Ask for another time"), action=_("Send the request"))


def _form(request: HttpRequest, slot: InterviewSlot, form: Form, *, title: str, action: str) -> HttpResponse:
    context = {"form": form, "slot": slot, "proposal": slot.entry.proposal, "title": title, "action": action}
    return render(request, "judging/interviews/form.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The secretariat declines a request for another time."""
    slot = slot_or_404(request, code)
    asked = get_object_or_404(ChangeRequest, slot=slot, pk=number)
    form = AnswerForm(request.POST)
    if rules.may_manage(person(request)) and not form.is_valid():
        return render(
            request, "judging/interviews/one.html", _scene(request, slot, answer_form=form, form=form), status=422
        )
    text = form.cleaned_data["answer"] if form.is_valid() else ""
    return _do(
        request, slot, lambda: actions.decline_change(asked, answer=text, by=person(request)), _("The agency is told.")
    )


@require_POST
def deed(request: HttpRequest, code: str) -> HttpResponse:
    """Begin, note an absence, or put back: what the panel does on the day."""
    slot = slot_or_404(request, code)
    user = person(request)
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "begin": (lambda: actions.begin_interview(slot, by=user), _("The interview has begun.")),
        "absent": (
            lambda: actions.note_absence(slot, note=request.POST.get("note", ""), by=user), _("The absence is noted."),
        ),
        "back": (lambda: actions.put_back(slot, by=user), _("The interview waits again.")),
    }  # fmt: skip
    if not rules.may_run(user, slot):
        raise PermissionDenied
    act, done = deeds.get(request.POST.get("deed", ""), (None, ""))
    if act is None:
        return redirect("judging:interview", code)
    return _do(request, slot, act, done)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, code: str) -> HttpResponse:
    """The interview is over: who presented."""
    slot = slot_or_404(request, code)
    if not rules.may_run(person(request), slot):
        raise PermissionDenied
    form = AttendanceForm(posted(request), slot=slot)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.end_interview(slot, by=person(request), **form.cleaned_data)
            messages.success(request, _("Attendance is noted."))
            sheet = page.own_sheet(slot.entry, person(request))
            return redirect("judging:assessment", sheet.code) if sheet else redirect("judging:interview", code)
    return _form(request, slot, form, title=_("Who presented"), action=_("End the interview"))


@require_POST
def late(request: HttpRequest, panel: str) -> HttpResponse:
    """Shift what a panel still hears today."""
    found = get_object_or_404(Panel.objects.select_related("round__group__competition"), code=panel)
    form = LateForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else 0
    with refusals_said(request):
        count = actions.shift_panel(found, minutes=minutes, by=person(request))
        words = ngettext(
            "%(count)d interview of %(panel)s begins %(minutes)d minutes later; all concerned are told.",
            "%(count)d interviews of %(panel)s begin %(minutes)d minutes later; all concerned are told.",
            count,
        )
        messages.success(request, words % {"count": count, "panel": found, "minutes": minutes})
    if rules.may_manage(person(request)):
        group = found.round.group
        return redirect("judging:timetable", group.competition.code, group.key, found.round.key)
    return redirect("judging:interviews")
