"""The juror's pages: desk, pact, sheets, conflicts, and the invitation that opens an account."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from files.serving import respond
from judging import actions, desk, invitations
from judging.anchors import feedback_for
from judging.forms import PactForm, PasswordForm, RecuseForm, ScoringForm
from judging.models import Assessment, Juror
from judging.sheet import criteria_of, read_sheet
from proposals.models import Document
from proposals.reading import read

View = Callable[..., HttpResponseBase]


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if nothing: a form bound to an empty POST names what is missing."""
    return request.POST if request.method == "POST" else None


def person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def sheet_view(view: View) -> View:
    """Give the view the sheet of that code: 404 unless it is the reader's, the pact first if it is not yet signed."""

    @wraps(view)
    def wrapped(request: HttpRequest, code: str, **more: str) -> HttpResponseBase:
        user = request.user
        waiting = Juror.objects.current().filter(user=user.pk, pact_accepted_at=None, assessments__code=code).first()
        if waiting is not None:
            return redirect("judging:pact", waiting.competition.code)
        sheet = read_sheet(code, user)  # type: ignore[arg-type]
        if sheet is None:
            raise Http404
        return view(request, sheet, **more)

    return wrapped


@require_safe
def my_desk(request: HttpRequest) -> HttpResponse:
    """All piles of the reader, and what has to be signed before there can be any."""
    jurors = list(Juror.objects.current().filter(user=request.user.pk).select_related("competition"))
    if not jurors:
        raise PermissionDenied
    unsigned = [juror for juror in jurors if juror.pact_accepted_at is None]
    years = {juror.competition.code: juror.competition for juror in jurors if juror.pact_accepted_at}
    found = desk.piles(person(request))
    context = {
        "piles": found, "unsigned": unsigned, "years": years.values(), "feedback": feedback_for(person(request)),
    }  # fmt: skip
    return render(request, "judging/desk.html", context)


@require_http_methods(["GET", "POST"])
def pact(request: HttpRequest, code: str) -> HttpResponse:
    jurors = list(
        Juror.objects.current().filter(user=request.user.pk, competition__code=code).select_related("competition")
    )
    if not jurors:
        raise Http404
    form = PactForm(posted(request))
    if request.method == "POST" and form.is_valid():
        for juror in jurors:
            actions.accept_pact(juror, by=person(request))
        messages.success(request, _("Thank you. Now tell us about any tie to an agency, or go on to your desk."))
        return redirect("judging:conflicts", code)
    context = {"form": form, "juror": jurors[0], "competition": jurors[0].competition}
    return render(request, "judging/pact.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person without an account sets name and password, and goes on to the pact."""
    try:
        juror = invitations.read(token)
    except ValidationError as error:
        return render(request, "judging/invitation_refused.html", {"error": error}, status=410)
    form = PasswordForm(posted(request), user=juror.user)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_account(token, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
        except ValidationError as error:  # the other of two presses came first
            return render(request, "judging/invitation_refused.html", {"error": error}, status=410)
        login(request, opened.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("judging:pact", juror.competition.code)
    context = {"form": form, "juror": juror}
    return render(request, "judging/invitation.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@sheet_view
def assessment(request: HttpRequest, sheet: Assessment) -> HttpResponse:
    """The scoring screen: proposal and rubric side by side."""
    criteria = criteria_of(sheet)
    form = ScoringForm(posted(request), assessment=sheet, criteria=criteria)
    own = sheet.juror.user_id == request.user.pk
    if request.method == "POST":
        if not own:
            raise PermissionDenied
        if request.POST.get("deed") == "skip":
            return _put_off(request, sheet)
        if form.is_valid():
            answer = _save(request, sheet, form)
            if answer is not None:
                return answer
    stale = form.has_error("version", "stale")
    content = read(sheet.entry.proposal, document_url=lambda _proposal, each: document_url(sheet, each.key))
    context = {
        "sheet": sheet, "form": form, "closed": desk.why_read_only(sheet), "own": own, "stale": stale,
        "proposal": sheet.entry.proposal, "round": sheet.entry.round, "reading": content,
        "versions": form.beside_stored() if stale else [], **desk.place_in_pile(sheet),
    }  # fmt: skip
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "judging/assessment.html", context, status=status)


def document_url(sheet: Assessment, key: str) -> str:
    return reverse("judging:document", args=[sheet.code, key])


def _save(request: HttpRequest, sheet: Assessment, form: ScoringForm) -> HttpResponse | None:
    final = request.POST.get("deed") == "final"
    try:
        saved = actions.save_assessment(
            sheet, scores=form.scores, comments=form.comments, comment=form.cleaned_data["comment"],
            panel_note=form.cleaned_data["panel_note"], version=form.cleaned_data["version"], final=final,
            by=person(request),
        )  # fmt: skip
    except ValidationError as error:
        stale = getattr(error, "code", "") == "stale"
        form.add_error("version" if stale else None, error)
        if stale:
            form.build_on(sheet.version)
        return None
    if not final:
        messages.success(request, _("The draft is saved."))
        return redirect("judging:assessment", sheet.code)
    messages.success(request, _("The sheet of “%(title)s” is final.") % {"title": sheet.entry.proposal.title})
    return _go_on(saved)


def _put_off(request: HttpRequest, sheet: Assessment) -> HttpResponse:
    following = desk.next_sheet(sheet)
    try:
        actions.skip(sheet, by=person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("judging:assessment", sheet.code)
    messages.info(request, _("Put at the end of your pile."))
    return redirect("judging:assessment", following.code) if following else redirect("judging:desk")


def _go_on(sheet: Assessment) -> HttpResponse:
    following = desk.next_sheet(sheet)
    return redirect("judging:assessment", following.code) if following else redirect("judging:desk")


@require_http_methods(["GET", "POST"])
@sheet_view
def recuse(request: HttpRequest, sheet: Assessment) -> HttpResponse:
    if sheet.juror.user_id != request.user.pk:
        raise PermissionDenied
    form = RecuseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        following = desk.next_sheet(sheet)
        try:
            actions.recuse(sheet, reason=form.cleaned_data["reason"], by=person(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Thank you for saying so. The proposal is no longer in your pile."))
            return redirect("judging:assessment", following.code) if following else redirect("judging:desk")
    context = {"form": form, "sheet": sheet, "proposal": sheet.entry.proposal}
    return render(request, "judging/recuse.html", context, status=422 if form.errors else 200)


@require_safe
@sheet_view
def document(request: HttpRequest, sheet: Assessment, key: str) -> HttpResponseBase:
    """A file of the proposal on the sheet; the only door to it for a juror."""
    documents = Document.objects.select_related("file")
    return respond(get_object_or_404(documents, proposal=sheet.entry.proposal, requirement__key=key).file)
