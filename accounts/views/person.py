"""A person's own pages: the invitation that brought them, and their profile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import AcceptanceForm, ProfileForm
from accounts.models import Invitation, User
from accounts.requests import Request, SignedInRequest


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Accepts with a new account, or with the one the reader is signed in with."""
    rows = Invitation.objects.select_related("agency", "unit", "invited_by")
    row = get_object_or_404(rows, token=token)
    if row.state != Invitation.State.OPEN:
        return _closed(request, row)
    if request.user.is_authenticated:
        return _join(request, row)
    if User.objects.filter(email=row.email).exists():  # whoever holds the token reads that address's mail
        return render(request, "accounts/invitation.html", {"invitation": row, "has_account": True})
    posted = request.POST if request.method == "POST" else None
    form = AcceptanceForm(posted, email=row.email, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
        return _accept(request, row, language=request.LANGUAGE_CODE, **fields)
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation.html", {"invitation": row, "form": form}, status=status)


def _join(request: Request, row: Invitation) -> HttpResponse:
    if request.method == "POST":
        return _accept(request, row, user=request.user)
    return render(request, "accounts/invitation.html", {"invitation": row})


def _accept(request: Request, row: Invitation, **fields: Any) -> HttpResponse:
    try:
        membership = actions.accept_invitation(row, **fields)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:invitation", row.token)
    messages.success(request, _("Welcome. You are now an innovator of %(agency)s.") % {"agency": row.agency})
    if not request.user.is_authenticated:  # they hold the mailed token and have just chosen the password
        login(request, membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("home")


def _closed(request: Request, row: Invitation) -> HttpResponse:
    """Used, withdrawn or too late: says which, and what to do. Their own use of it leads on."""
    if row.accepted_by_id and row.accepted_by_id == request.user.pk:
        return redirect("home")
    return render(request, "accounts/invitation_closed.html", {"invitation": row}, status=410)


@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    person = User.objects.get(pk=request.user.pk)  # a form changes its row even when it is wrong
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(person.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    registrations = person.registrations.select_related("agency").order_by("-created_at")
    context = {"form": form, "person": request.user, "registrations": registrations}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)
