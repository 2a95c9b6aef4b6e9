"""Declared ties: a juror's own page, the secretariat's, and what the portal keeps away by itself, with the way."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.agency_search import find_agencies
from accounts.models import Agency, User
from competitions.models import Competition
from judging import actions
from judging.forms.assigning import ConflictForm
from judging.jurors.conflicts import ties_of
from judging.models import ConflictOfInterest, Juror
from judging.plenary.standing import standing_conflicts
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat, juror_or_404

SHOWN = 12


@require_http_methods(["GET", "POST"])
def conflicts(request: HttpRequest, code: str) -> HttpResponse:
    """A juror's declared ties in one year."""
    competition = get_object_or_404(Competition, code=code)
    jurors = list(Juror.objects.current().filter(user=request.user.pk, competition=competition))
    if not jurors:
        raise Http404
    if any(juror.pact_accepted_at is None for juror in jurors):
        return redirect("judging:pact", code)
    return _page(request, jurors, competition, "judging/conflicts.html", {"juror": jurors[0], "own": True})


@require_http_methods(["GET", "POST"])
@for_secretariat
def juror_conflicts(request: HttpRequest, code: str, juror: str) -> HttpResponse:
    found = juror_or_404(code, juror)
    context = {"juror": found, "own": False, "standing": standing_conflicts(found)}
    return _page(request, [found], found.competition, "judging/juror_conflicts.html", context)


def _page(
    request: HttpRequest, jurors: list[Juror], competition: Competition, template: str, context: dict[str, object]
) -> HttpResponse:
    """Find an agency, add a tie, take one back. For htmx only the list of agencies found."""
    search = _found(request)
    if request.headers.get("HX-Request") == "true":
        return render(request, "judging/_agencies_found.html", search)
    wants_removal = "remove" in request.POST
    chosen = Agency.objects.filter(code=request.POST.get("agency") or request.GET.get("agency", "")).first()
    form = ConflictForm(
        None if wants_removal else posted(request), competition=competition,
        initial={"agency": chosen.code if chosen else None},
    )  # fmt: skip
    if wants_removal:
        _remove(jurors, request.POST["remove"], person(request))
        messages.success(request, _("The conflict of interest was taken back."))
        return HttpResponseRedirect(request.path)
    if request.method == "POST" and form.is_valid() and _declare(request, jurors, form):
        return HttpResponseRedirect(request.path)
    declared = ConflictOfInterest.objects.filter(juror__in=jurors).select_related("agency", "proposal")
    unique = {(each.agency_id, each.proposal_id): each for each in declared}.values()
    context |= search | {"form": form, "declared": unique, "competition": competition, "chosen": chosen}
    context["kept_away"] = _kept_away(jurors, you=bool(context["own"]))
    return render(request, template, context, status=422 if form.errors else 200)


def _found(request: HttpRequest) -> dict[str, object]:
    text = request.GET.get("q", "").strip()[:100]
    agencies = list(find_agencies(text).order_by("name")[: SHOWN + 1])
    return {"q": text, "agencies": agencies[:SHOWN], "has_more": len(agencies) > SHOWN, "page_url": request.path}


def _kept_away(jurors: list[Juror], *, you: bool) -> list[tuple[Agency, list[str]]]:
    """Every agency kept away without being declared, with the way from the juror to it."""
    paths = {pk: path for ties in ties_of(jurors).values() for pk, path in ties.agencies.items()}
    agencies = Agency.objects.filter(pk__in=paths).order_by("name")
    return [(agency, paths[agency.pk].sentences(you=you)) for agency in agencies]


def _declare(request: HttpRequest, jurors: list[Juror], form: ConflictForm) -> bool:
    cleaned, by = form.cleaned_data, person(request)
    named = {"agency": cleaned["agency"], "proposal": cleaned["proposal"], "reason": cleaned["reason"]}
    try:
        for juror in jurors:
            actions.declare_conflict(juror, by=by, **named)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The conflict of interest is recorded; no such proposal will be given."))
    if standing := sum(len(standing_conflicts(juror)) for juror in jurors):
        words = ngettext(
            "%(count)d final sheet stands in a list that the plenary has fixed. Nothing of it was changed;"
            " the secretariat has been told.",
            "%(count)d final sheets stand in a list that the plenary has fixed. Nothing of it was changed;"
            " the secretariat has been told.",
            standing,
        )
        messages.warning(request, words % {"count": standing})
    return True


def _remove(jurors: list[Juror], named: str, by: User) -> None:
    kind, _colon, code = named.partition(":")
    wanted = {"agency__code": code} if kind == "agency" else {"proposal__code": code}
    for conflict in ConflictOfInterest.objects.filter(juror__in=jurors, **wanted).select_related("agency", "proposal"):
        actions.withdraw_conflict(conflict, by=by)
