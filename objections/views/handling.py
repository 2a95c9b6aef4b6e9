"""One page of an objection for the secretariat, the agency and the panel, each with what they may see and do."""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deeds import Deed
from accounts.models import User
from accounts.rules import is_secretariat
from files.kinds import FORMATS, format_of
from files.serving import made, respond
from objections import actions
from objections.forms import AnswerForm, AssignForm, ConfirmForm, DecisionForm, ReferForm
from objections.models import Evidence, Objection
from objections.papers import without_author
from objections.rules import may_answer, may_decide, may_see_objector

PAGE = 50


DEEDS = {
    "answer": Deed(AnswerForm, actions.answer, _("The answer is with the secretariat.")),
    "assign": Deed(AssignForm, actions.assign, _("The objection is assigned.")),
    "refer": Deed(ReferForm, actions.refer, _("The objection is before the panel, and the panel is written to.")),
    "propose": Deed(DecisionForm, actions.propose_decision, _("Noted. It counts once another member confirms it.")),
    "confirm": Deed(ConfirmForm, actions.confirm_decision, _("The decision is final, and those concerned are told.")),
    "carry_out": Deed(
        forms.Form, actions.carry_out, _("The disqualification is proposed. A second clerk confirms it.")
    ),
}


@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """What the reader handles, answers or decides: undecided ones first, the oldest first."""
    reader = cast("User", request.user)
    visible = Objection.objects.visible_to(reader).select_related("proposal__agency", "handler")
    page = Paginator(visible.order_by("decided_at", "filed_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_secretariat": is_secretariat(reader), "counts": visible.counts()}
    return render(request, "objections/cases.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, code: str) -> HttpResponse:
    """POST does the deed its button names (a key of DEEDS); 403 for one that is not the reader's."""
    reader, found = cast("User", request.user), _visible(request, code)
    allowed = _deeds_of(reader, found)
    shown: dict[str, forms.Form] = {key: _form(key, found) for key in allowed}
    status = 200
    if request.method == "POST":
        key = request.POST.get("deed", "")
        if key not in _ever(reader, found):
            raise PermissionDenied
        form = shown[key] = DEEDS[key].form(request.POST)
        if DEEDS[key].do(request, form, found):
            if key == "carry_out":
                return redirect("judging:disqualify", found.proposal.code)
            return redirect(found)
        status, found = 422, _visible(request, code)
    context: dict[str, Any] = {
        "objection": found, "evidence": found.evidence.all(), "sees_objector": may_see_objector(reader),
        "sees_panel": is_secretariat(reader) or may_decide(reader, found),
        "forms": shown, "allowed": allowed, "form": next((each for each in shown.values() if each.errors), None),
        "disqualification": getattr(found.proposal, "disqualification", None) if is_secretariat(reader) else None,
    }  # fmt: skip
    return render(request, "objections/objection.html", context, status=status)


@require_safe
def evidence(request: HttpRequest, code: str, place: int) -> HttpResponseBase:
    """A file of the objection: under its own name for the secretariat, under a neutral one for everybody else."""
    found = get_object_or_404(Evidence.objects.select_related("file"), objection=_visible(request, code), place=place)
    if may_see_objector(cast("User", request.user)):
        return respond(found.file)
    extension = FORMATS[format_of(found.file.media_type)].extension
    return made(without_author(found.file), name=f"bukti-{place}{extension}", media_type=found.file.media_type)


def _visible(request: HttpRequest, code: str) -> Objection:
    whole = Objection.objects.visible_to(request.user).select_related(
        "proposal__agency", "proposal__disqualification", "stage__competition", "handler", "proposed_by", "decided_by",
        "answered_by",
    )  # fmt: skip
    return get_object_or_404(whole.prefetch_related("evidence__file"), code=code)


def _ever(reader: User, found: Objection) -> set[str]:
    """The deeds that are the reader's at some time or other."""
    deeds = {"assign", "refer", "carry_out"} if is_secretariat(reader) else set()
    deeds |= {"answer"} if may_answer(reader, found) else set()
    return deeds | ({"propose", "confirm"} if may_decide(reader, found) else set())


def _deeds_of(reader: User, found: Objection) -> set[str]:
    """Those that can be done now."""
    now = set()
    if not found.decided_at:
        now |= {"assign"} if found.referred_at else {"assign", "refer"}
        now |= set() if found.answered_at else {"answer"}
        now |= {"propose"} if found.referred_at else set()
        now |= {"confirm"} if found.outcome and found.proposed_by_id != reader.pk else set()
    elif found.outcome == Objection.Outcome.UPHELD and not hasattr(found.proposal, "disqualification"):
        now |= {"carry_out"}
    return now & _ever(reader, found)


def _form(key: str, found: Objection) -> forms.Form:
    initial: dict[str, object] = {"handler": found.handler_id, "finding": found.finding}
    if key == "propose":
        initial = {"outcome": found.outcome, "reason": found.reason}
    if key == "confirm":
        initial = {"expected": actions.stamp(found)}
    return DEEDS[key].form(initial=initial)
