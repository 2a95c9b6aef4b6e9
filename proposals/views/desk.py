"""The agency admin's desk: remind, put in order, send several at once, let a proposal send itself."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Agency
from accounts.rules import is_agency_admin
from competitions import calendar
from competitions.models import Competition
from proposals import actions, listing
from proposals.forms import said
from proposals.models import Batch, Proposal
from proposals.ordering import moved, numbered, ranked, unnumbered
from proposals.sending import plan
from proposals.views.loading import reader, visible

MOST = 300  # proposals in one step; no agency has so many


def _year(request: HttpRequest) -> Competition:
    """The year asked for, else the one now open; 404 without any. Only agency admins have a desk."""
    if not is_agency_admin(reader(request)):
        raise PermissionDenied
    code = request.POST.get("year") or request.GET.get("year")
    if code:
        return get_object_or_404(Competition, code=code)
    newest = Competition.objects.open_for_submission().first() or Competition.objects.first()
    if newest is None:
        raise Http404
    return newest


@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """One button; asked again within a day it says so."""
    proposal = visible(request, code)
    try:
        people = actions.remind_writers(proposal, by=reader(request))
    except ValidationError as refused:
        messages.warning(request, f"{proposal}: {said(refused)}")
    else:
        told = ngettext(
            "%(people)d person was reminded of “%(title)s”.", "%(people)d people were reminded of “%(title)s”.", people
        )
        messages.success(request, told % {"people": people, "title": proposal})
    return redirect(reverse("proposals:list") + f"?year={proposal.competition.code}")


@require_http_methods(["GET", "POST"])
def remind_all(request: HttpRequest) -> HttpResponse:
    """GET says exactly how many; POST reminds those who can be reminded at that moment."""
    user, year = reader(request), _year(request)
    due, waiting = listing.to_remind(user, year)
    if request.method == "POST":
        done, letters = actions.remind_all_writers(due, by=user)
        told = ngettext(
            "Writers of %(done)d proposal were reminded, with %(letters)d letters.",
            "Writers of %(done)d proposals were reminded, with %(letters)d letters.",
            done,
        )
        messages.success(request, told % {"done": done, "letters": letters})
        return redirect(reverse("proposals:list") + f"?year={year.code}")
    stage = calendar.submission_stage(year)
    context = {"year": year, "due": due, "waiting": waiting, "stage": stage, "is_open": calendar.is_open(stage)}
    return render(request, "proposals/remind_all.html", context)


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """The agency's own order in each group: numbers to type, or up and down; each press is saved."""
    user, year = reader(request), _year(request)
    if request.method == "POST":
        agency = get_object_or_404(Agency.objects.administered_by(user), code=request.POST.get("agency", ""))
        group = get_object_or_404(year.groups, key=request.POST.get("group", ""))
        listed = [each.code for each in ranked(user, year).get((agency, group), [])]
        for text in unnumbered(listed, request.POST):
            messages.warning(
                request, _("“%(text)s” is not a place in the order: that proposal stays.") % {"text": text}
            )
        wanted = moved(numbered(listed, request.POST), request.POST.get("move", ""))
        actions.put_in_order(agency, group, codes=wanted, by=user)
        messages.success(request, _("The order was saved."))
        return redirect(f"{reverse('proposals:order')}?year={year.code}#{group.key}-{slugify(agency.code)}")
    lists = [{"agency": agency, "group": group, "proposals": found, "cap": group.cap_for(agency)}
             for (agency, group), found in ranked(user, year).items()]  # fmt: skip
    return render(request, "proposals/order.html", {"year": year, "lists": lists})


@require_http_methods(["GET", "POST"])
def send_many(request: HttpRequest) -> HttpResponse:
    """GET names which would go and which cannot and why; POST sends, each by itself, and leads to the results."""
    user = reader(request)
    if request.method == "POST":
        return _send(request)
    year = _year(request)
    codes = request.GET.getlist("code")[:MOST]
    chosen = Proposal.objects.administered_by(user).in_competition(year)
    chosen = chosen.filter(code__in=codes) if codes else chosen.filter(status=Proposal.Status.IN_REVIEW)
    candidates = plan(chosen, user)
    stage = candidates[0].stage if candidates else calendar.submission_stage(year)
    return render(request, "proposals/send_many.html", {
        "year": year, "stage": stage, "key": uuid4(), "chose": bool(codes),
        "going": [each for each in candidates if each.goes], "staying": [each for each in candidates if not each.goes],
    })  # fmt: skip


def _send(request: HttpRequest) -> HttpResponse:
    user, year = reader(request), _year(request)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return redirect(f"{reverse('proposals:send_many')}?year={year.code}")
    wanted = list(dict.fromkeys(request.POST.getlist("code")))[:MOST]
    allowed = Proposal.objects.administered_by(user).in_competition(year).filter(code__in=wanted)
    codes = [each.code for each in allowed.in_agencies_order()]
    if not codes and not Batch.objects.filter(key=key, made_by=user).exists():
        messages.warning(request, _("No proposal was chosen."))
        return redirect(f"{reverse('proposals:send_many')}?year={year.code}")
    batch = actions.begin_batch(year, key=key, codes=codes, by=user, stays=_staying(request, year, codes))
    actions.send_batch(batch, by=user)
    return redirect("proposals:batch", key)


def _staying(request: HttpRequest, year: Competition, going: list[str]) -> dict[str, list[str]]:
    """What the confirmation page named as not going, with the reasons as they are now."""
    named = set(request.POST.getlist("stays")[:MOST]) - set(going)
    if not named:
        return {}
    user, only_now = reader(request), _("It can be sent by now. Choose it again to send it.")
    chosen = Proposal.objects.administered_by(user).in_competition(year).filter(code__in=[*named, *going])
    candidates = {each.proposal.code: each.reasons for each in plan(chosen, user)}
    return {code: reasons or [only_now] for code, reasons in candidates.items() if code in named}


@require_GET
def batch(request: HttpRequest, key: UUID) -> HttpResponse:
    """What became of each, at an address that stays. Whoever pressed the button and nobody else, and of those
    proposals only that they may still read."""
    found = get_object_or_404(Batch.objects.select_related("competition"), key=key, made_by=reader(request))
    proposals = {
        each.code: each
        for each in Proposal.objects.visible_to(reader(request))
        .filter(code__in=found.codes)
        .select_related("group")
        .prefetch_related("submissions")
    }
    if not proposals:
        raise Http404
    rows = [
        {
            "proposal": proposals[code],
            "result": found.results.get(code),
            "submission": _receipt_of(proposals[code], found, code),
        }
        for code in found.codes
        if code in proposals
    ]
    return render(request, "proposals/batch.html", {
        "batch": found, "year": found.competition, "sent": [row for row in rows if row["submission"]],
        "refused": [row for row in rows if row["result"] and not row["submission"]],
        "untried": [row for row in rows if not row["result"]],
    })  # fmt: skip


def _receipt_of(proposal: Proposal, batch: Batch, code: str) -> object:
    number = batch.results.get(code, {}).get("number")
    return next((each for each in proposal.submissions.all() if each.number == number), None)


@require_POST
def auto_send(request: HttpRequest, code: str) -> HttpResponse:
    proposal = visible(request, code)
    wanted = request.POST.get("on") == "yes"
    try:
        actions.set_auto_send(proposal, on=wanted, by=reader(request))
    except ValidationError as refused:
        messages.warning(request, said(refused))
    else:
        on, off = _("It will send itself shortly before submission closes."), _("It will not send itself.")
        messages.success(request, on if wanted else off)
    return redirect("proposals:proposal", code)
