"""The juror's pages: desk, pact, and the invitation that opens an account."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from judging import actions
from judging.calibration.anchors import feedback_for
from judging.forms.jurors import PactForm, PasswordForm
from judging.jurors import invitations
from judging.models import InterviewSlot, Juror
from judging.scoring import desk
from judging.scoring.team import far_apart


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if nothing: a form bound to an empty POST names what is missing."""
    return request.POST if request.method == "POST" else None


def person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


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
        "far_apart": far_apart(person(request)),
        "plenaries": desk.plenaries_of(person(request)),
        "interviews": InterviewSlot.objects.heard_by(person(request)).count(),
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
