"""The secretariat's pages about interviews: panels, the timetable, changes by hand, publication."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import refusals_on, refusals_said
from competitions import calendar
from competitions.models import Round
from judging import actions
from judging.forms.interviews import FormPanelsForm, LateForm, MoveForm, PanelForm, TimetableForm
from judging.interviews import page
from judging.interviews.calendar_files import calendar_file
from judging.interviews.sittings import people_of
from judging.models import InterviewSlot, Panel, Timetable
from judging.views.desk import person, posted
from judging.views.interviews import as_calendar, slot_or_404
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url


@require_safe
@for_secretariat
def timetable(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """A round's interviews by day, what cannot be held, and who has not confirmed."""
    found = round_or_404(code, group, key)
    return render(request, "judging/interviews/timetable.html", _scene(found))


def _scene(found: Round, **more: object) -> dict[str, object]:
    return {
        "round": found, "competition": found.group.competition, "all": page.overview(found, calendar.now()),
        "panels_form": FormPanelsForm(), "late_form": LateForm(),
        **more,
    }  # fmt: skip


@require_safe
@for_secretariat
def timetable_file(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    found = round_or_404(code, group, key)
    slots = list(InterviewSlot.objects.in_round(found).with_people().prefetch_related("panel__members__user"))
    content = calendar_file(slots, name=found.name, at=calendar.now(), people=people_of(slots))
    return as_calendar(content, f"wawancara-{found.group.key}.ics")


@require_http_methods(["GET", "POST"])
@for_secretariat
def propose(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The hours, from which a timetable is proposed."""
    found = round_or_404(code, group, key)
    instance = Timetable.objects.filter(round=found).first() or Timetable(round=found)
    form = TimetableForm(posted(request), instance=instance, judging_round=found)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            placed = actions.propose_timetable(
                found, hours=form.hours, anew=form.cleaned_data["anew"], by=person(request)
            )
            words = ngettext("%d interview has a time.", "%d interviews have a time.", len(placed.placed))
            messages.success(request, words % len(placed.placed))
            return redirect(round_url("timetable", found))
    context = {"form": form, "round": found, "competition": found.group.competition}
    return render(request, "judging/interviews/propose.html", context, status=422 if form.errors else 200)


@require_POST
@for_secretariat
def publish(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    found = round_or_404(code, group, key)
    with refusals_said(request):
        count = actions.publish_timetable(found, by=person(request))
        words = ngettext(
            "%d interview is published; the agency and the panel are told.",
            "%d interviews are published; agencies and panels are told.",
            count,
        )
        messages.success(request, words % count)
    return redirect(round_url("timetable", found))


@require_POST
@for_secretariat
def form_panels(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    found = round_or_404(code, group, key)
    form = FormPanelsForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.form_panels(found, count=form.cleaned_data["count"], by=person(request))
            messages.success(request, _("The panels are formed. Look at their members, and give each its video link."))
            return redirect(round_url("timetable", found))
    context = _scene(found, panels_form=form, form=form)
    return render(request, "judging/interviews/timetable.html", context, status=422)


@require_http_methods(["GET", "POST"])
@for_secretariat
def panel_new(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    return _panel(request, round_or_404(code, group, key), None)


@require_http_methods(["GET", "POST"])
@for_secretariat
def panel(request: HttpRequest, panel: str) -> HttpResponse:
    """One panel: its name, members and link."""
    found = _panel_or_404(panel)
    return _panel(request, found.round, found)


def _panel_or_404(code: str) -> Panel:
    return get_object_or_404(Panel.objects.select_related("round__group__competition", "round__stage"), code=code)


def _panel(request: HttpRequest, judging_round: Round, found: Panel | None) -> HttpResponse:
    initial = {"name": found.name, "members": found.members.all(), "video_url": found.video_url} if found else {}
    form = PanelForm(posted(request), judging_round=judging_round, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_panel(judging_round, found, by=person(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Saved."))
            return redirect(round_url("timetable", judging_round))
    context = {"form": form, "panel": found, "round": judging_round, "competition": judging_round.group.competition}
    return render(request, "judging/interviews/panel.html", context, status=422 if form.errors else 200)


@require_POST
@for_secretariat
def panel_remove(request: HttpRequest, panel: str) -> HttpResponse:
    found = _panel_or_404(panel)
    try:
        actions.remove_panel(found, by=person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("judging:panel", panel)
    messages.success(request, _("The panel is dissolved."))
    return redirect(round_url("timetable", found.round))


@require_http_methods(["GET", "POST"])
@for_secretariat
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Another time or panel for one interview, or the place of another."""
    slot = slot_or_404(request, code)
    form = MoveForm(posted(request), slot=slot)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_on(form):
            if values["swap"]:
                actions.swap_interviews(slot, values["swap"], reason=values["reason"], by=person(request))
            else:
                actions.move_interview(
                    slot, panel=values["panel"], starts_at=form.starts_at, reason=values["reason"], by=person(request)
                )
            messages.success(request, _("The interview has its new time."))
            return redirect(round_url("timetable", slot.entry.round))
    judging_round = slot.entry.round
    context = {
        "form": form, "slot": slot, "line": page.lines_of([slot], calendar.now())[0],
        "round": judging_round, "competition": judging_round.group.competition,
    }  # fmt: skip
    return render(request, "judging/interviews/move.html", context, status=422 if form.errors else 200)
