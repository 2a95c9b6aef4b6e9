"""Starting from a proposal of an earlier year: choose it, name the new one, then see what was taken over."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from competitions import calendar
from competitions.models import Competition
from proposals import actions
from proposals.copying import earlier_proposals, inherited
from proposals.forms import NewProposalForm, may_start_for, said
from proposals.models import Proposal
from proposals.views.loading import frame, loaded, reader, visible


@require_GET
def earlier(request: HttpRequest, year: str) -> HttpResponse:
    """The proposals of earlier years that this person may start from."""
    competition = _open_year(request, year)
    begun = dict(
        Proposal.objects.visible_to(reader(request))
        .filter(competition=competition, copied_from__isnull=False)
        .exclude(status=Proposal.Status.WITHDRAWN)
        .values_list("copied_from", "code")
    )
    rows = [(each, begun.get(each.pk)) for each in earlier_proposals(reader(request), competition)]
    return render(request, "proposals/earlier.html", {"competition": competition, "rows": rows})


def _open_year(request: HttpRequest, year: str) -> Competition:
    if not may_start_for(reader(request)):
        raise PermissionDenied
    return get_object_or_404(Competition.objects.open_for_submission(), code=year)


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, year: str, code: str) -> HttpResponse:
    """The form of a new proposal, filled in from the earlier one."""
    competition, former, user = _open_year(request, year), visible(request, code), reader(request)
    if former.competition.year >= competition.year:
        raise Http404
    form = NewProposalForm(
        request.POST or None, competition=competition, user=user, initial=_initial(former, competition, user),
        only_agency=former.agency,
    )  # fmt: skip
    if not form.desks:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid() and (started := _start(form, former, user)):
        messages.success(request, _("The proposal is begun with what you wrote in %(year)s.") % {
            "year": former.competition.year,
        })  # fmt: skip
        return redirect("proposals:carried", started.code)
    context = {"form": form, "competition": competition, "former": former}
    context["stage"] = calendar.submission_stage(competition)
    return render(request, "proposals/copy.html", context, status=422 if form.errors else 200)


def _initial(former: Proposal, competition: Competition, user: User) -> dict[str, object]:
    """The same group, category and desk where this year has them."""
    group = competition.groups.filter(key=former.group.key).first()
    category = competition.categories.filter(key=former.category.key).first()
    desk = f"{former.agency_id}-{former.unit_id or ''}"
    return {"title": former.title, "group": group, "category": category, "desk": desk}


def _start(form: NewProposalForm, former: Proposal, user: User) -> Proposal | None:
    given = form.cleaned_data
    agency, unit = given["desk"]
    try:
        return actions.start_from(
            former, group=given["group"], category=given["category"], agency=agency, unit=unit, title=given["title"],
            by=user,
        )  # fmt: skip
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


@require_http_methods(["GET", "POST"])
def carried(request: HttpRequest, code: str) -> HttpResponse:
    """What was taken over: changed questions, answers that are too long or no longer asked, files offered again."""
    facts = loaded(request, code)
    former = facts.proposal.copied_from
    if former is None:
        raise Http404
    context = frame(request, facts)
    if request.method == "GET" and not context["may_edit"]:
        return redirect("proposals:proposal", code)
    refusal = _reuse(request, facts.proposal) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("proposals:carried", code)
    legacy = inherited(former, facts.proposal.group)
    asked = {question.pk for _aspect, question in facts.questions}
    known = {each.question.pk for each in legacy.carried}
    context |= {
        "former": former,
        "carried": [each for each in legacy.carried if each.question.pk in asked],
        "new": [(aspect, question) for aspect, question in facts.questions if question.pk not in known],
        "left_over": legacy.left_over,
        "files": [(each, facts.documents.get(each.requirement.pk)) for each in legacy.offered],
        "refusal": refusal,
    }
    return render(request, "proposals/carried.html", context, status=422 if refusal else 200)


def _reuse(request: HttpRequest, proposal: Proposal) -> str:
    """Attaches the asked file again, or says why not."""
    requirement = get_object_or_404(proposal.group.documents, key=request.POST.get("requirement", ""))
    try:
        actions.reuse_document(proposal, requirement, by=reader(request))
    except ValidationError as refused:
        return said(refused)
    messages.success(request, _("%(document)s is attached.") % {"document": requirement})
    return ""
