"""Choosing an innovation of the catalogue: the same one in earlier years, or the one a proposal replicates."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.models import Innovation
from proposals import actions
from proposals.facts import Facts
from proposals.forms import said
from proposals.models import Proposal
from proposals.views.loading import frame, loaded, reader

PER_PAGE = 20
ANSWERS = {"same": True, "another": False, "forget": None}


@require_http_methods(["GET", "POST"])
def innovation(request: HttpRequest, code: str, field: str) -> HttpResponse:
    """GET asks about likely innovations and searches (own agency first while nothing is typed). POST with `choice` sets
    the field, empty clears it; of the past innovation `same`, `another` and `forget` answer about one of them."""
    if field not in {"past_innovation", "source_innovation"}:
        raise Http404
    facts = loaded(request, code)
    context = frame(request, facts)
    if request.method == "GET" and not context["may_edit"]:
        return redirect("proposals:proposal", code)
    refusal = _choose(request, facts, field) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        messages.success(request, _("Saved."))
        return redirect(*_after(request, code, field))
    query = request.GET.get("q", "").strip()
    page = Paginator(_found(facts.proposal, field, query).with_awards(), PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[attr-defined]
    context |= {
        "field": field, "query": query, "page": page, "refusal": refusal, "chosen": getattr(facts.proposal, field),
    }  # fmt: skip
    return render(request, "proposals/innovation.html", context, status=422 if refusal else 200)


def _found(proposal: Proposal, field: str, query: str) -> QuerySet[Innovation]:
    if query:
        return Innovation.objects.search(query)
    if field == "past_innovation":
        return Innovation.objects.filter(agency=proposal.agency).order_by("title")
    return Innovation.objects.awarded().replicated_first(proposal.agency)


def _after(request: HttpRequest, code: str, field: str) -> tuple[str, ...]:
    """Back to the details after a choice; after an answer to the next question."""
    answered = any(name in request.POST for name in ANSWERS)
    return ("proposals:innovation", code, field) if answered else ("proposals:details", code)


def _choose(request: HttpRequest, facts: Facts, field: str) -> str:
    """Stores the choice or the answer, or says why not."""
    try:
        if field == "past_innovation" and (answer := _answer(request, facts)):
            actions.answer_match(facts.proposal, answer[0], is_same=answer[1], by=reader(request))
        else:
            chosen = _innovation(request.POST.get("choice", ""))
            actions.save_details(
                facts.proposal, changes={field: chosen}, base_version=facts.proposal.version, by=reader(request)
            )
    except ValidationError as refused:
        return said(refused)
    except actions.StaleVersion:
        return _("Somebody else changed the details at this very moment. Choose again.")
    return ""


def _answer(request: HttpRequest, facts: Facts) -> tuple[Innovation, bool | None] | None:
    """About which innovation what is said: a choice says yes, an empty choice takes the chosen one's answer back."""
    for name in ANSWERS.keys() & request.POST.keys():
        return get_object_or_404(Innovation, code=request.POST[name]), ANSWERS[name]
    if chosen := _innovation(request.POST.get("choice", "")):
        return chosen, True
    past = facts.proposal.past_innovation
    return (past, None) if past else None


def _innovation(code: str) -> Innovation | None:
    return get_object_or_404(Innovation, code=code) if code else None
