"""The jurors of one proposal after all are final: what the others gave, what is said, a revised version."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import refusals_on
from judging import actions, rules
from judging.forms.scoring import RevisionForm, TeamMessageForm
from judging.models import Assessment
from judging.scoring.sheet import criteria_of
from judging.scoring.team import messages_of, team_of
from judging.views.desk import person, posted
from judging.views.scoring import own_sheet_view, sheet_view


@require_http_methods(["GET", "POST"])
@sheet_view
def team(request: HttpRequest, sheet: Assessment) -> HttpResponse:
    """The scores of the team side by side, as far as the round lets them be seen, and its discussion."""
    reader = person(request)
    if not rules.may_discuss(reader, sheet):
        raise PermissionDenied
    form = TeamMessageForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.say_to_team(sheet, text=form.cleaned_data["text"], by=reader)
            messages.success(request, _("Your message is with the team."))
            return redirect("judging:team", sheet.code)
    found = team_of(sheet, reader, criteria_of(sheet))
    seats = {seat.sheet.juror.user_id: seat.number for seat in found.seats}
    said = [(each, seats.get(each.author_id)) for each in messages_of(sheet.entry)] if found.is_complete else []
    context = {
        "form": form, "sheet": sheet, "proposal": sheet.entry.proposal, "round": sheet.entry.round, "team": found,
        "said": said, "names": reader.is_secretariat, "own": sheet.juror.user_id == reader.pk, "reader": reader,
    }  # fmt: skip
    return render(request, "judging/team.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@own_sheet_view
def revise(request: HttpRequest, sheet: Assessment) -> HttpResponse:
    """A revised version of the juror's own final sheet."""
    form = RevisionForm(posted(request), assessment=sheet, criteria=criteria_of(sheet))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        with refusals_on(form):
            actions.revise(
                sheet, scores=form.scores, comments=form.comments, comment=words["comment"], reason=words["reason"],
                version=words["version"], by=person(request),
            )  # fmt: skip
            messages.success(request, _("Your revised version counts from now on; the one before is kept."))
            return redirect("judging:team", sheet.code)
    closed = team_of(sheet, person(request), []).closed
    context = {
        "form": form, "sheet": sheet, "proposal": sheet.entry.proposal, "round": sheet.entry.round, "closed": closed,
    }  # fmt: skip
    return render(request, "judging/revise.html", context, status=422 if form.errors else 200)
