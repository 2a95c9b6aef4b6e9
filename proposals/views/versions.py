"""The history of what is written: seen, compared and restored by those who write it. Restoring is a new save, with the
version the page was loaded from, so that it overwrites nothing unseen either."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from competitions.models import Aspect
from proposals import actions, comparing, details, rules, versions
from proposals.forms import said
from proposals.models import Proposal
from proposals.views.loading import may_write_now, reader, standing, visible


def _writing(request: HttpRequest, code: str) -> rules.Standing:
    """404 for whoever may not know of the proposal, 403 for whoever never writes in it."""
    who = standing(request, visible(request, code))
    if not rules.may_ever_edit(who):
        raise PermissionDenied
    return who


@require_GET
def aspect(request: HttpRequest, code: str, key: str) -> HttpResponse:
    proposal = _writing(request, code).proposal
    chosen = get_object_or_404(Aspect, group=proposal.group_id, key=key)
    context = {"proposal": proposal, "aspect": chosen, "boxes": versions.of_aspect(proposal, chosen)}
    return render(request, "proposals/versions.html", context)


@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, code: str, key: str, question: str, which: str) -> HttpResponse:
    """GET compares it with the text before it, or with `?with=` another; POST restores it."""
    who = _writing(request, code)
    proposal = who.proposal
    chosen = get_object_or_404(Aspect, group=proposal.group_id, key=key)
    asked = get_object_or_404(chosen.questions, key=question)
    texts = {each.which: each for each in versions.of_box(proposal, asked)}
    text = texts.get(which)
    if text is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        refusal = _restore(request, proposal, text)
        if not refusal:
            messages.success(request, _("Restored. The text before it stays in the history."))
            return redirect("proposals:aspect", code, key)
    other = texts.get(request.GET.get("with", ""), text.before)
    stored = next((each for each in texts.values() if each.is_current), None)
    context = {
        "proposal": proposal, "may_edit": may_write_now(who), "aspect": chosen,
        "question": asked, "text": text, "other": other, "texts": list(texts.values())[::-1],
        "change": comparing.compare(other.text if other else "", text.text), "refusal": refusal,
        "base_version": stored.version if stored else 0, "is_stored": bool(stored and stored.text == text.text),
    }  # fmt: skip
    return render(request, "proposals/version.html", context, status=422 if refusal else 200)


def _restore(request: HttpRequest, proposal: Proposal, text: versions.Text) -> str:
    """Saves the text again as the newest, or says why not."""
    base = request.POST.get("version", "")
    try:
        actions.save_answer(
            proposal, text.question, text=text.text, base_version=int(base) if base.isdecimal() else -1,
            by=reader(request),
        )  # fmt: skip
    except actions.StaleVersion:
        return _("Somebody saved another text meanwhile. Compare again before you restore.")
    except ValidationError as refused:
        return said(refused)
    return ""


@require_http_methods(["GET", "POST"])
def details_page(request: HttpRequest, code: str) -> HttpResponse:
    """GET lists the versions of the details page; POST restores the one named by `which`."""
    who = _writing(request, code)
    proposal = who.proposal
    states = versions.of_details(proposal)
    refusal = ""
    if request.method == "POST":
        refusal = _restore_details(request, proposal, states)
        if not refusal:
            messages.success(request, _("Restored. What was there before stays in the history."))
            return redirect("proposals:details", code)
    context = {"proposal": proposal, "may_edit": may_write_now(who), "states": states, "refusal": refusal}
    return render(request, "proposals/details_versions.html", context, status=422 if refusal else 200)


def _restore_details(request: HttpRequest, proposal: Proposal, states: list[versions.DetailsState]) -> str:
    state = next((each for each in states if each.which == request.POST.get("which")), None)
    base = request.POST.get("version", "")
    if state is None or base != str(proposal.version):
        return _("Somebody saved the details meanwhile. Look again before you restore.")
    changes = details.Reader(proposal, [state.values]).values(state.values)
    try:
        actions.save_details(proposal, changes=changes, base_version=int(base), by=reader(request))
    except actions.StaleVersion:
        return _("Somebody saved the details meanwhile. Look again before you restore.")
    except ValidationError as refused:
        return said(refused)
    return ""
