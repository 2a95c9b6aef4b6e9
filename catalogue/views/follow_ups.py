"""The yearly follow-up of past winners: opened and watched by the secretariat, answered by agency admins."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import refusals_on
from accounts.rules import as_secretariat, is_agency_admin, is_secretariat
from catalogue import actions, following
from catalogue.forms import ClosingForm, FollowUpForm
from catalogue.models import FollowUp, FollowUpReport
from catalogue.querysets import FollowUpReportQuerySet
from files.serving import made
from files.spreadsheets import CSV, as_csv

PER_PAGE = 50


@require_safe
def follow_ups(request: HttpRequest) -> HttpResponse:
    """For the secretariat the years, or with ?state= the first year that has such reports; for an agency admin what is
    asked about their innovations."""
    if is_secretariat(request.user):
        state = request.GET.get("state", "")
        if first := FollowUp.objects.filter(reports__in=FollowUpReport.objects.counted().filter(state=state)).last():
            return redirect(f"{first.get_absolute_url()}?state={state}")
        found = list(FollowUp.objects.all())
        is_open = any(each.year == following.this_year() for each in found)
        return render(request, "catalogue/follow_ups.html", {"follow_ups": found, "is_open": is_open})
    if not is_agency_admin(request.user):
        raise PermissionDenied
    own = FollowUpReport.objects.of_agencies_of(request.user).counted()
    awaited = set(own.unanswered().values_list("pk", flat=True))
    context = {"page": _page(request, own.waiting_first()), "awaited": awaited}
    return render(request, "catalogue/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = as_secretariat(request.user)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            found = actions.open_follow_up(**form.cleaned_data, by=by)
            messages.success(request, _("The follow-up is open; the agency admins are told."))
            return redirect(found)
    return render(request, "catalogue/new_follow_up.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, year: int) -> HttpResponse:
    """?state= narrows the reports; POST moves the closing."""
    by = as_secretariat(request.user)
    found = get_object_or_404(FollowUp, year=year)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.move_closing(found, **form.cleaned_data, by=by)
            messages.success(request, _("The closing is moved; whoever still has to report is told."))
            return redirect(found)
    reports = found.reports.counted()
    state = request.GET.get("state", "")
    shown = reports.filter(state=state) if state in FollowUpReport.State.values else reports
    context = {
        "follow_up": found, "form": form, "state": state, "states": FollowUpReport.State.choices,
        "page": _page(request, shown.order_by("innovation__title", "pk")), "counts": reports.counts(),
        "figures": following.figures(found), "without_admin": following.who_answers(reports.unanswered())[1],
    }  # fmt: skip
    return render(request, "catalogue/follow_up.html", context, status=422 if form.is_bound else 200)


@require_safe
def figures(request: HttpRequest, year: int) -> HttpResponse:
    """The figures by year of award as CSV."""
    as_secretariat(request.user)
    found = get_object_or_404(FollowUp, year=year)
    heads = [
        _("Year of the award"), _("Asked"), _("Accepted"), _("Still running"), _("Grown"), _("No longer running"),
        _("Running or grown, % of accepted"),
    ]  # fmt: skip
    rows = [
        [each.year or _("All"), each.asked, each.accepted, each.running, each.grown, each.stopped, each.share]
        for each in following.figures(found)
    ]
    return made(as_csv([heads, *rows]), name=f"pemantauan-{found.year}.csv", media_type=CSV)


def _page(request: HttpRequest, reports: FollowUpReportQuerySet) -> Page:
    return Paginator(reports.with_ends(), PER_PAGE).get_page(request.GET.get("page"))
