"""The files of a proposal: attached one by one, each stored at once, and read as downloads."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from competitions.models import DocumentRequirement
from files import kinds
from files.serving import respond
from proposals import actions
from proposals.facts import Facts
from proposals.forms import UploadForm, said
from proposals.models import Document
from proposals.views.loading import frame, loaded, reader, visible


@dataclass(frozen=True)
class Refusal:
    """Which requirement's file was not taken, why, and whether the same file may be taken later."""

    key: str
    words: str
    status: int = 422


@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, code: str) -> HttpResponse:
    """One form for each requirement: attach, replace, remove. A refused file says why and leaves the rest as it is.

    static/js/upload.js asks with `part` for the requirement's own section, to put it in place of the old one.
    """
    facts = loaded(request, code)
    context = frame(request, facts)
    if request.method == "GET":
        if not context["may_edit"]:
            return redirect("proposals:proposal", facts.proposal.code)
        return render(request, "proposals/documents.html", context | {"rows": _rows(facts, None)})
    requirement = _asked(request, facts)
    refusal = _change(request, facts, requirement)
    if "part" in request.POST:
        row = next(each for each in _rows(loaded(request, code), refusal) if each["requirement"] == requirement)
        status = refusal.status if refusal else 200
        context |= {"row": row, "requirement": requirement, "is_done": refusal is None}
        return render(request, "proposals/_upload.html", context, status=status)
    if refusal is None:
        messages.success(request, _done(request) % {"document": requirement})
        return redirect("proposals:documents", code)
    context |= {"rows": _rows(facts, refusal), "refusal": refusal}
    return render(request, "proposals/documents.html", context, status=refusal.status)


def _done(request: HttpRequest) -> str:
    return _("%(document)s was removed.") if "remove" in request.POST else _("%(document)s is attached.")


def _rows(facts: Facts, refusal: Refusal | None) -> list[dict[str, object]]:
    return [
        {"requirement": each, "document": facts.documents.get(each.pk), "named": kinds.named(each.accepts),
         "accept": kinds.accepted_by_browsers(each.accepts), "max_bytes": str(int(each.max_mb * 1024 * 1024)),
         "error": refusal.words if refusal and refusal.key == each.key else ""}
        for each in facts.requirements
    ]  # fmt: skip


def _asked(request: HttpRequest, facts: Facts) -> DocumentRequirement:
    key = request.POST.get("requirement", "")
    found = next((each for each in facts.requirements if each.key == key), None)
    if found is None:
        raise PermissionDenied
    return found


def _change(request: HttpRequest, facts: Facts, requirement: DocumentRequirement) -> Refusal | None:
    """Carries out the posted change, or says why not."""
    try:
        if "remove" in request.POST:
            actions.remove_document(facts.proposal, requirement, by=reader(request))
            return None
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return Refusal(requirement.key, " ".join(str(error) for error in form.errors["file"]))
        actions.attach_document(facts.proposal, requirement, upload=form.cleaned_data["file"], by=reader(request))
    except ValidationError as refused:
        later = getattr(refused, "code", "") == "scanner_away"
        return Refusal(requirement.key, said(refused), status=503 if later else 422)
    return None


@require_GET
def document(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    """The file itself, as a download."""
    held = get_object_or_404(
        Document.objects.select_related("file"), proposal=visible(request, code), requirement__key=key
    )
    return respond(held.file)
