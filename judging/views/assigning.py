"""The secretariat's pages of the assignment: propose, look, change, compare, deploy."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import refusals_on
from competitions import calendar
from judging import actions
from judging.assignment.comparing import compare
from judging.assignment.planning import read_round
from judging.assignment.weighing import Given, Measured, measure
from judging.forms.assigning import EditPlanForm, PlanForm
from judging.models import AssignmentPlan, Juror
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url

ROWS = 50
SLOW = timedelta(seconds=20)  # a worker takes a plan at once; after this, none is there


def plan_or_404(code: str) -> AssignmentPlan:
    plans = AssignmentPlan.objects.select_related("round__group__competition", "round__stage", "made_by", "deployed_by")
    return get_object_or_404(plans, code=code)


@require_http_methods(["GET", "POST"])
@for_secretariat
def assign(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The plans of a round, and a new one."""
    found = round_or_404(code, group, key)
    form = PlanForm(posted(request), initial={"mode": request.GET.get("mode", AssignmentPlan.Mode.FILL)})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            plan = actions.request_plan(found, options=form.options(), by=person(request))
            return redirect("judging:plan", plan.code)
    plans = found.plans.select_related("made_by")[:20]
    context = {"round": found, "competition": found.group.competition, "form": form, "plans": plans}
    return render(request, "judging/assign.html", context, status=422 if form.errors else 200)


@require_safe
@for_secretariat
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """One plan with its proof; while it is computed, how far that is."""
    found = plan_or_404(code)
    context = _frame(found)
    if found.is_running:
        waiting_since = calendar.now() - found.made_at
        context["no_worker"] = found.state == AssignmentPlan.State.QUEUED and waiting_since > SLOW
        step, _colon, number = found.progress.partition(":")
        context |= {"step": step, "step_number": number}
        part = request.headers.get("HX-Request") == "true"
        return render(request, "judging/_plan_running.html" if part else "judging/plan.html", context)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if found.state == AssignmentPlan.State.PROPOSED:
        measured = measure(found)
        page = Paginator(measured.given, ROWS).get_page(request.GET.get("page"))
        context |= {"measured": measured, "page": page, "numbers": measured.numbers()}
    return render(request, "judging/plan.html", context)


@require_POST
@for_secretariat
def plan_deploy(request: HttpRequest, code: str) -> HttpResponse:
    """Deploy the plan as it was seen, or set it aside."""
    found = plan_or_404(code)
    if request.POST.get("deed") == "discard":
        actions.discard_plan(found, by=person(request))
        messages.info(request, _("The plan is set aside."))
        return redirect(round_url("assign", found.round))
    version = request.POST.get("version", "")
    try:
        deployed = actions.deploy_plan(found, version=int(version) if version.isdigit() else 0, by=person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("judging:plan", code)
    if deployed.given or not deployed.moved:
        words = ngettext("%(count)d sheet was given out.", "%(count)d sheets were given out.", deployed.given)
        messages.success(request, words % {"count": deployed.given})
    if deployed.moved or deployed.left_out:
        words = _("%(moved)d sheets went to another juror; %(kept)d stayed, because their jurors had begun them.")
        messages.info(request, words % {"moved": deployed.moved, "kept": deployed.left_out})
    return redirect(round_url("round", found.round))


@require_http_methods(["GET", "POST"])
@for_secretariat
def plan_edit(request: HttpRequest, code: str, juror: str, proposal: str) -> HttpResponse:
    """Give one sheet of the plan to another juror, or exchange it."""
    found = plan_or_404(code)
    reading = read_round(found.round)
    measured = measure(found, reading)
    row = next(
        (each for each in measured.given if each.juror.code == juror and each.entry.proposal.code == proposal), None
    )
    if row is None or found.state != AssignmentPlan.State.PROPOSED:
        raise Http404
    takers = _takers(measured, row)
    initial = {"version": found.version}
    form = EditPlanForm(posted(request), row=row, rows=measured.given, takers=takers, initial=initial)
    if request.method == "POST" and form.is_valid() and _edit(request, found, form):
        messages.success(request, _("The plan is changed; its numbers are counted anew."))
        return redirect("judging:plan", code)
    kept_away = [
        (each.juror, path.sentences())
        for each in measured.loads
        if (path := reading.ties[each.juror.pk].path(row.entry.proposal))
    ]
    context = _frame(found) | {"form": form, "row": row, "kept_away": kept_away}
    return render(request, "judging/plan_edit.html", context, status=422 if form.errors else 200)


def _takers(measured: Measured, row: Given) -> list[tuple[Juror, str]]:
    """Every other juror with their load; whether they may is checked, and said in words, when they are chosen."""
    others = sorted((each for each in measured.loads if each.juror.pk != row.juror.pk), key=lambda each: each.after)
    words = [ngettext("%(count)d sheet", "%(count)d sheets", each.after) % {"count": each.after} for each in others]
    return [(each.juror, text) for each, text in zip(others, words, strict=True)]


def _edit(request: HttpRequest, found: AssignmentPlan, form: EditPlanForm) -> bool:
    cleaned, row = form.cleaned_data, form.row
    taker = get_object_or_404(Juror, competition=found.round.group.competition, code=cleaned["taker"])
    common = {"reason": cleaned["reason"], "version": cleaned["version"], "by": person(request)}
    with refusals_on(form):
        if other := form.exchanged:
            one, second = (row.entry.pk, row.juror), (other.entry.pk, other.juror)
            actions.swap_rows(found, one=one, other=second, **common)
        else:
            actions.move_row(found, entry=row.entry.pk, giver=row.juror, taker=taker, **common)
        return True
    return False


@require_safe
@for_secretariat
def plan_compare(request: HttpRequest, code: str) -> HttpResponse:
    """Who gets what: beside the sheets that exist, or beside another plan."""
    found = plan_or_404(code)
    others = found.round.plans.exclude(pk=found.pk).filter(
        state__in=[AssignmentPlan.State.PROPOSED, AssignmentPlan.State.DEPLOYED]
    )
    wanted = request.GET.get("with", "")
    other = get_object_or_404(others, code=wanted) if wanted else None
    changes = compare(found, other)
    page = Paginator(changes, ROWS).get_page(request.GET.get("page"))
    context = _frame(found) | {"other": other, "others": others, "page": page, "changes": changes}
    return render(request, "judging/plan_compare.html", context)


def _frame(found: AssignmentPlan) -> dict[str, object]:
    competition = found.round.group.competition
    names = [competition.code, found.round.group.key, found.round.key]
    return {
        "plan": found, "round": found.round, "competition": competition, "numbers": found.proof.get("numbers", {}),
        "assign_url": reverse("judging:assign", args=names),
    }  # fmt: skip
