"""What an agency does once its screening is known: object to it, or mend what was named."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import refusals_on
from accounts.rules import is_admin_of
from competitions import calendar
from files.serving import respond
from proposals import screening
from proposals.forms_screening import CorrectionForm, ObjectionForm
from proposals.models import Answer, Proposal
from proposals.models.after_screening import NOT_RUNNING
from proposals.screening.corrections import Mendable, mendable, running
from proposals.screening.objections import closes_at, standing_screening
from proposals.views.loading import reader, visible


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, code: str) -> HttpResponse:
    """Why the proposal failed, until when the agency may object, and what became of it. POST files the objection."""
    proposal = visible(request, code)
    decided = standing_screening(proposal)
    if decided is None:
        raise Http404
    form = ObjectionForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    if request.method == "POST":
        if not is_admin_of(reader(request), proposal.agency):
            raise PermissionDenied
        if form.is_valid() and _object(form, proposal, request):
            messages.success(request, _("Your objection is with the secretariat."))
            return redirect("proposals:objection", code)
        decided = standing_screening(proposal)
    end = closes_at(decided) if decided else None
    context = {
        "proposal": proposal, "screening": decided, "objection": getattr(decided, "objection", None), "form": form,
        "ends_at": end, "is_open": bool(end and end >= calendar.now()),
        "may_object": is_admin_of(reader(request), proposal.agency),
    }  # fmt: skip
    return render(request, "proposals/objection.html", context, status=422 if form.errors else 200)


def _object(form: ObjectionForm, proposal: Proposal, request: HttpRequest) -> bool:
    given = form.cleaned_data
    with refusals_on(form):
        screening.object_to(proposal, text=given["text"], upload=given["attachment"], by=reader(request))
        return True
    return False


@require_safe
def objection_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """The evidence of the objection, for whoever may know of the proposal."""
    decided = standing_screening(visible(request, code))
    filed = getattr(decided, "objection", None)
    if filed is None or filed.attachment is None:
        raise Http404
    return respond(filed.attachment)


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be mended and until when; POST sends the correction, once."""
    proposal = visible(request, code)
    open_now = running(proposal)
    if open_now is None:
        if request.method == "POST":
            messages.error(request, NOT_RUNNING)
            return redirect("proposals:proposal", code)
        raise Http404
    may_send = is_admin_of(reader(request), proposal.agency)
    if request.method == "POST" and not may_send:
        raise PermissionDenied
    checks = list(open_now.screening.failed_checks.all())
    allowed = mendable(proposal, checks)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        allowed=allowed,
        initial=_stored(proposal, allowed),
    )
    if request.method == "POST" and form.is_valid() and _send(form, proposal, request):
        messages.success(request, _("The correction is with the ministry. This is its new receipt."))
        return redirect("proposals:receipt", code)
    context = {
        "proposal": proposal, "correction": open_now, "checks": checks, "form": form, "may_send": may_send
    }  # fmt: skip
    return render(request, "proposals/correction.html", context, status=422 if form.errors else 200)


def _stored(proposal: Proposal, allowed: Mendable) -> dict[str, str]:
    texts = dict(Answer.objects.filter(proposal=proposal).values_list("question", "text"))
    answers = {f"answer-{question.pk}": texts.get(question.pk, "") for _aspect, question in allowed.questions}
    return {"title": proposal.title, "video_url": proposal.video_url, **answers}


def _send(form: CorrectionForm, proposal: Proposal, request: HttpRequest) -> bool:
    with refusals_on(form):
        screening.send_correction(proposal, **form.corrections(), by=reader(request))
        return True
    return False
