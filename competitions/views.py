"""The years: what each asks of an innovation, in public; and for the secretariat what was settled and what assumed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import refusals_on
from accounts.rules import as_secretariat, is_secretariat
from competitions import actions, calendar, wording
from competitions.forms import CopyYearForm, InvitedForm, QuotaForm, WeightsForm
from competitions.models import Competition, Group, Round, Stage


@login_not_required
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """All years, those in progress first."""
    now = calendar.now()
    cards = [_card(competition, now) for competition in Competition.objects.with_calendar().prefetch_related("groups")]
    return render(
        request,
        "competitions/years.html",
        {
            "running": [card for card in cards if card["state"] != "done"],
            "past": [card for card in cards if card["state"] == "done"],
            "is_secretariat": is_secretariat(request.user),
        },
    )


def _card(competition: Competition, now: Any) -> dict[str, Any]:
    stages = list(competition.stages.all())
    submission = next((each for each in stages if each.kind == Stage.Kind.SUBMISSION), None)
    if all(each.is_over(now) for each in stages):
        state = "done"
    else:
        state = "open" if submission and calendar.is_open(submission, now) else "coming"
        state = "current" if state == "coming" and any(calendar.has_opened(each, now) for each in stages) else state
    current = [each for each in stages if calendar.is_open(each, now)]
    coming = [each for each in stages if each.starts_at and each.starts_at > now]
    return {
        "competition": competition,
        "state": state,
        "submission": submission,
        "current": current,
        "next": coming[0] if coming else None,
        "counts": wording.counts(competition),
    }


@login_not_required
@require_safe
def year(request: HttpRequest, code: str) -> HttpResponse:
    """One year: calendar, categories and groups, with every rule in words."""
    competition = get_object_or_404(Competition.objects.with_calendar().with_rules(), code=code)
    now = calendar.now()
    submission = next((each for each in competition.stages.all() if each.kind == Stage.Kind.SUBMISSION), None)
    groups = [
        {"group": group, "rules": wording.rules(group), "rounds": wording.rounds(group)}
        for group in competition.groups.all()
    ]
    return render(
        request,
        "competitions/year.html",
        {
            "competition": competition,
            "submission": submission,
            "is_open": submission is not None and calendar.is_open(submission, now),
            "is_coming": submission is not None and not calendar.has_opened(submission, now),
            "groups": groups,
            "counts": wording.counts(competition),
            "is_secretariat": is_secretariat(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def manage(request: HttpRequest, code: str) -> HttpResponse:
    """What the secretariat settles: dates, quotas, weights, the next year; and the list of what was assumed."""
    if not is_secretariat(request.user):
        raise PermissionDenied
    competition = get_object_or_404(Competition.objects.with_calendar().with_rules(), code=code)
    if request.method == "POST":
        return _settle(request, competition)
    return _manage_page(request, competition)


@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The agencies invited to a group that is by invitation only: POST adds those of a letter, or takes one off."""
    by = as_secretariat(request.user)
    groups = Group.objects.filter(invitation_only=True).select_related("competition")
    group = get_object_or_404(groups, competition__code=code, key=key)
    rows = group.invited_agencies.select_related("agency", "group__competition").order_by("agency__name")
    if "remove" in request.POST:
        invitation = get_object_or_404(rows, agency__code=request.POST["remove"])
        actions.remove_invitation(invitation, by=by)
        messages.success(request, _("%(agency)s is no longer invited.") % {"agency": invitation.agency})
        return redirect("competitions:invited", code, key)
    form = InvitedForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        added = actions.invite_agencies(group, **form.cleaned_data, by=by)
        text = ngettext("%(count)d agency was added.", "%(count)d agencies were added.", added)
        messages.success(request, text % {"count": added})
        return redirect("competitions:invited", code, key)
    context = {"group": group, "competition": group.competition, "rows": rows, "form": form}
    return render(request, "competitions/invited.html", context, status=422 if form.errors else 200)


def _settle(request: HttpRequest, competition: Competition) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - is_secretariat() said so
    form, settle, said = _sent(request.POST, competition, request.user)
    if form.is_valid():
        with refusals_on(form):
            settled = settle()
            messages.success(request, said)
            return redirect("competitions:manage", code=settled.code)
    return _manage_page(request, competition, form)


def _sent(sent: QueryDict, competition: Competition, by: User) -> tuple[Form, Callable[[], Competition], str]:
    """The page has several forms: the one that was sent, what it does to which competition, what is then said."""
    if "round" in sent:
        judging_round = get_object_or_404(Round, pk=_number(sent.get("round")), group__competition=competition)
        quota = QuotaForm(sent, round=judging_round)

        def set_quota() -> Competition:
            actions.set_quota(judging_round, advance=quota.cleaned_data["advance"], by=by)
            return competition

        return quota, set_quota, _("The quota of “%(round)s” is settled.") % {"round": judging_round.name}
    if "group" in sent:
        group = get_object_or_404(Group, pk=_number(sent.get("group")), competition=competition)
        weights = WeightsForm(sent, group=group)

        def set_weights() -> Competition:
            actions.set_weights(group, weights=weights.cleaned_data, by=by)
            return competition

        return weights, set_weights, _("The weights of “%(group)s” are settled.") % {"group": group.name}
    copy = CopyYearForm(sent)
    return (
        copy,
        lambda: actions.copy_year(competition, **copy.cleaned_data, by=by),
        _("The new year is there, as a copy; now change what changes."),
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _quota(judging_round: Round, wrong: Form | None) -> QuotaForm:
    """The round's form; as it was sent, if it is the one refused."""
    refused = isinstance(wrong, QuotaForm) and wrong.round == judging_round
    return wrong if refused else QuotaForm(round=judging_round)  # type: ignore[return-value]


def _weights(group: Group, wrong: Form | None) -> WeightsForm:
    refused = isinstance(wrong, WeightsForm) and wrong.group == group
    return wrong if refused else WeightsForm(group=group)  # type: ignore[return-value]


def _manage_page(request: HttpRequest, competition: Competition, wrong: Form | None = None) -> HttpResponse:
    now = calendar.now()
    stages = list(competition.stages.all())
    submission = next((each for each in stages if each.kind == Stage.Kind.SUBMISSION), None)
    weights_fixed = submission is not None and calendar.has_opened(submission, now)
    following = {"year": competition.year + 1, "code": str(competition.year + 1)}
    context = {
        "competition": competition,
        "stages": [{"stage": each, "is_over": each.is_over(now)} for each in stages],
        "overlaps": calendar.overlaps(stages),
        "assumptions": wording.assumptions(competition),
        "assumption_count": len(competition.assumptions),
        "weights_fixed": weights_fixed,
        "groups": [
            {
                "group": group,
                "weights": None if weights_fixed else _weights(group, wrong),
                "rounds": [
                    {"round": each, "quota": None if calendar.has_opened(each.stage, now) else _quota(each, wrong)}
                    for each in group.rounds.all()
                ],
            }
            for group in competition.groups.all()
        ],
        "copy_form": wrong if isinstance(wrong, CopyYearForm) else CopyYearForm(initial=following),
        "form": wrong,
    }
    return render(request, "competitions/manage.html", context, status=422 if wrong else 200)
