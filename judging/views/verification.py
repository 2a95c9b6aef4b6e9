"""Verification: the secretariat chooses who is looked at; a team writes down, claim by claim, what it found.

static/js/claims.js posts a finding to the same address and reads JSON: 200 {version, saved, remarks}, 409 {message,
version, finding, note} when somebody else saved meanwhile, 422 {message}. Without a session the answer is 401.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import refusals_said, wants_json
from competitions.models import Round
from files.serving import made, respond
from judging import actions, rules
from judging.forms.verification import ClaimForm, FindingForm, PhotoForm
from judging.interviews import page
from judging.models import Claim, ClaimPhoto, Entry
from judging.verification.claims import Verified, entries_visible_to, verified
from judging.verification.paper import report_pdf
from judging.views.desk import person
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url


def _verifying(code: str, group: str, key: str) -> Round:
    found = round_or_404(code, group, key)
    if not found.supports or not found.is_pass_fail:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@for_secretariat
def chosen(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Which entries of the supported round are verified, by whom, and with what result."""
    found = _verifying(code, group, key)
    problem = ""
    if request.method == "POST":
        try:
            count = _choose(found, request)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            words = ngettext("%(count)d proposal will be verified.", "%(count)d proposals will be verified.", count)
            messages.success(request, words % {"count": count})
            return redirect(round_url("verification", found))
    rows = verified(found, entries_visible_to(person(request), found))
    known = {row.entry.proposal_id for row in rows}
    others = Entry.objects.filter(round=found.supported).exclude(proposal__in=known).select_related("proposal__agency")
    context = {
        "round": found, "competition": found.group.competition, "rows": rows, "problem": problem,
        "others": others.order_by("proposal__code"), "lacking": sum(not row.sheets for row in rows),
    }  # fmt: skip
    return render(request, "judging/verification/chosen.html", context, status=422 if problem else 200)


def _choose(found: Round, request: HttpRequest) -> int:
    wanted = request.POST.getlist("proposal")
    if not wanted:
        raise ValidationError(_("Choose at least one proposal."), code="none")
    return actions.open_round(found, proposals=wanted, by=person(request))


def _one(request: HttpRequest, code: str, group: str, key: str, proposal: str) -> Verified:
    found = _verifying(code, group, key)
    entry = get_object_or_404(entries_visible_to(person(request), found), proposal__code=proposal)
    entry.round = found
    return verified(found, [entry])[0]


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, code: str, group: str, key: str, proposal: str) -> HttpResponseBase:
    """The form a team carries with it: every claim with its finding, note and photographs."""
    row = _one(request, code, group, key, proposal)
    if request.method == "POST":
        return _posted(request, row)
    return _page(request, row)


def _posted(request: HttpRequest, row: Verified) -> HttpResponseBase:
    claim = next((each for each in row.claims if each.code == request.POST.get("claim")), None)
    if claim is None:
        raise Http404
    form = FindingForm(request.POST, claim=claim)
    if form.is_valid():
        try:
            saved = actions.record_finding(claim, by=person(request), **form.cleaned_data)
        except ValidationError as error:
            if getattr(error, "code", "") == "stale" and wants_json(request):
                return _stale(claim, error)
            form.add_error(None, ValidationError(error.messages))
        else:
            if wants_json(request):
                return JsonResponse({"version": saved.version, "saved": _("Saved."), "remarks": []})
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}#{claim.code}")
    if wants_json(request):
        return JsonResponse(
            {"message": " ".join(str(words) for each in form.errors.values() for words in each)}, status=422
        )
    return _page(request, row, form=form, status=422)


def _stale(claim: Claim, error: ValidationError) -> JsonResponse:
    stored = Claim.objects.get(pk=claim.pk)
    facts = {"message": " ".join(error.messages), "version": stored.version, "by": str(stored.found_by or "")}
    shown = stored.get_finding_display() if stored.finding else ""
    return JsonResponse(facts | {"finding": stored.finding, "shown": shown, "note": stored.note}, status=409)


def _page(
    request: HttpRequest, row: Verified, *, form: FindingForm | None = None, claim_form: ClaimForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    judging_round = row.entry.round
    forms = [form if form and form.claim == claim else FindingForm(claim=claim) for claim in row.claims]
    context = {
        "row": row, "forms": forms, "form": form or claim_form, "claim_form": claim_form or ClaimForm(entry=row.entry),
        "photo_form": PhotoForm(), "round": judging_round, "competition": judging_round.group.competition,
        "proposal": row.entry.proposal, "may_manage": rules.may_manage(person(request)),
        "sheet": page.own_sheet(row.entry, person(request)), "reader": person(request),
    }  # fmt: skip
    return render(request, "judging/verification/visit.html", context, status=status)


@require_POST
def claims(request: HttpRequest, code: str, group: str, key: str, proposal: str) -> HttpResponse:
    """Take the first claims from the answers, or add one."""
    row = _one(request, code, group, key, proposal)
    if request.POST.get("deed") == "draft":
        with refusals_said(request):
            actions.draft_claims(row.entry, by=person(request))
        return redirect("judging:visit", code, group, key, proposal)
    form = ClaimForm(request.POST, entry=row.entry)
    if form.is_valid():
        try:
            claim = actions.add_claim(row.entry, by=person(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            return redirect(f"{_url(row)}#{claim.code}")
    return _page(request, row, claim_form=form, status=422)


def _url(row: Verified) -> str:
    return round_url("verification", row.entry.round) + f"{row.entry.proposal.code}/"


@require_POST
def claim_deed(request: HttpRequest, code: str, group: str, key: str, proposal: str, claim: str) -> HttpResponse:
    """Add or remove a photograph, or remove a claim nobody has looked at."""
    row = _one(request, code, group, key, proposal)
    found = next((each for each in row.claims if each.code == claim), None)
    if found is None:
        raise Http404
    found.entry = row.entry
    with refusals_said(request):
        _do(request, found)
    return redirect(f"{_url(row)}#{claim}")


def _do(request: HttpRequest, claim: Claim) -> None:
    user = person(request)
    if photo := request.POST.get("remove_photo", ""):
        wanted = claim.photos.filter(pk=photo) if photo.isdecimal() else ClaimPhoto.objects.none()
        actions.remove_photo(get_object_or_404(wanted.select_related("file", "claim")), by=user)
    elif "photo" in request.FILES:
        actions.add_photo(claim, upload=request.FILES["photo"], by=user)  # type: ignore[arg-type]
    elif request.POST.get("deed") == "remove":
        actions.remove_claim(claim, by=user)
    else:
        raise ValidationError(_("Choose a photograph first."), code="nothing")


@require_safe
def photo(request: HttpRequest, code: str, group: str, key: str, proposal: str, pk: int) -> HttpResponseBase:
    """A photograph, for the team and the secretariat."""
    row = _one(request, code, group, key, proposal)
    return respond(get_object_or_404(ClaimPhoto.objects.select_related("file"), claim__entry=row.entry, pk=pk).file)


@require_safe
def report(request: HttpRequest, code: str, group: str, key: str, proposal: str) -> HttpResponse:
    """The report of one verification as PDF."""
    row = _one(request, code, group, key, proposal)
    return made(report_pdf(row), name=f"verifikasi-{proposal}.pdf", media_type="application/pdf")
