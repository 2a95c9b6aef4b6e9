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


@require_http_methods(["GET", "POST"])
def innovation(request: HttpRequest, code: str, field: str) -> HttpResponse:
    """GET searches (own agency first while nothing is typed); POST with `choice` sets the field, empty clears it."""
    if field not in {"past_innovation", "source_innovation"}:
        raise Http404
    facts = loaded(request, code)
    context = frame(request, facts)
    if request.method == "GET" and not context["may_edit"]:
        return redirect("proposals:proposal", code)
    refusal = _choose(request, facts, field) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        messages.success(request, _("Saved."))
        return redirect("proposals:details", code)
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
    return Innovation.objects.awarded().order_by("title")


def _choose(request: HttpRequest, facts: Facts, field: str) -> str:
    """Stores the choice, or says why not."""
    choice = request.POST.get("choice", "")
    chosen = get_object_or_404(Innovation, code=choice) if choice else None
    try:
        actions.save_details(
            facts.proposal, changes={field: chosen}, base_version=facts.proposal.version, by=reader(request)
        )
    except ValidationError as refused:
        return said(refused)
    except actions.StaleVersion:
        return _("Somebody else changed the details at this very moment. Choose again.")
    return ""
