"""The people who write a proposal: lead and members, hand-over, and what happened to the team."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from proposals import actions, rules, teams
from proposals.forms import TeamForm, said
from proposals.models import Proposal
from proposals.views.loading import reader, standing, visible


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows the team to all who may read the proposal; POST takes somebody in by e-mail."""
    proposal, user = visible(request, code), reader(request)
    who = standing(request, proposal)
    if user.is_secretariat:  # who writes, was invited or left is the agency's own matter
        raise Http404
    form = TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            member = actions.add_to_team(proposal, email=form.cleaned_data["email"], by=user)
        except ValidationError as refused:
            form.add_error("email", refused)
        else:
            added, invited = _("%(name)s writes this proposal with you."), _("%(name)s was invited by e-mail.")
            messages.success(request, (added if member.user else invited) % {"name": member})
            return redirect("proposals:team", code)
    context = {
        "proposal": proposal, "form": form, "team": teams.current(proposal), "events": teams.history(proposal),
        "colleagues": teams.colleagues(proposal), "offered": proposal.lead_offered_to, "reader": user,
        "may_change": rules.may_change_team(who) and proposal.status in rules.UNSENT,
        "may_take_lead": who.administers and proposal.lead_id != user.pk,
        "lead_is_gone": not who.has_lead,
    }  # fmt: skip
    return render(request, "proposals/team.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, code: str, member: str) -> HttpResponse:
    """Takes a member out, or lets them leave."""
    proposal = visible(request, code)
    row = get_object_or_404(proposal.team, code=member)
    actions.end_in_team(row, by=reader(request))
    messages.success(request, _("%(name)s does not write this proposal any more.") % {"name": row})
    still = Proposal.objects.visible_to(reader(request)).filter(pk=proposal.pk).exists()
    return redirect("proposals:team", code) if still else redirect("proposals:list")


@require_POST
def lead(request: HttpRequest, code: str) -> HttpResponse:
    """`deed`: offer (with `member`), accept, decline, or take (the agency admin)."""
    proposal, user, deed = visible(request, code), reader(request), request.POST.get("deed", "")
    try:
        if deed == "offer":
            to = _member(proposal, request.POST.get("member", ""))
            actions.offer_lead(proposal, to=to, by=user)
            messages.success(request, _("%(name)s was asked to lead this proposal.") % {"name": to})
        elif deed in {"accept", "decline"}:
            actions.answer_offer(proposal, accept=deed == "accept", by=user)
            done, not_done = _("You lead this proposal now."), _("You declined; the lead stays as it was.")
            messages.success(request, done if deed == "accept" else not_done)
        elif deed == "take":
            actions.take_lead(proposal, by=user)
            messages.success(request, _("You lead this proposal now."))
        else:
            raise Http404
    except ValidationError as refused:
        messages.warning(request, said(refused))
    return redirect("proposals:team", code)


def _member(proposal: Proposal, code: str) -> User:
    """Who has joined and is in the team; 404 for anybody else, whether they have an account or not."""
    for member in teams.current(proposal):
        if member.row.code == code and member.person:
            return member.person
    raise Http404
