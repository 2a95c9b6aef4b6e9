"""The agency admin's desk: people, invitations, units and the admin role itself."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions
from accounts.forms import EndMembershipForm, InvitationForm, Invitee, SuccessorForm, UnitForm
from accounts.models import Agency, Invitation, Membership, Unit
from accounts.requests import SignedInRequest


@require_GET
def agency(request: SignedInRequest) -> HttpResponse:
    """Members and invitations of one agency; who acts for several picks one with ?agency=CODE."""
    agencies = list(Agency.objects.administered_by(request.user).select_related("parent").order_by("parent", "name"))
    if not agencies:
        raise PermissionDenied
    chosen = _chosen(agencies, request.GET.get("agency"))
    context = {
        "agency": chosen,
        "agencies": agencies,
        "members": chosen.memberships.current().innovators().select_related("user", "unit").order_by("user__name"),
        "invitations": chosen.invitations.unanswered().select_related("unit"),
        "has_units": chosen.units.open().exists(),
        "tab": "people",
    }
    return render(request, "accounts/agency.html", context)


def _chosen(agencies: list[Agency], code: str | None) -> Agency:
    """The one asked for, else their own government before its enterprises."""
    if code:
        return get_object_or_404(Agency.objects.filter(pk__in=[each.pk for each in agencies]), code=code)
    return next((each for each in agencies if each.admins_agency_id == each.pk), agencies[0])


@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest, code: str) -> HttpResponse:
    chosen = _administered(request, code)
    form = InvitationForm(request.POST if request.method == "POST" else None, agency=chosen)
    if request.method == "POST" and form.is_valid():
        people: list[Invitee] = form.cleaned_data["people"]
        _invite_all(request, chosen, people, form.cleaned_data["unit"])
        return redirect(_desk(chosen))
    status = 422 if form.errors else 200
    return render(request, "accounts/invite.html", {"agency": chosen, "form": form}, status=status)


def _invite_all(request: SignedInRequest, chosen: Agency, people: list[Invitee], unit: Unit | None) -> None:
    invited = 0
    for person in people:
        try:
            actions.invite_innovator(chosen, email=person.email, name=person.name, unit=unit, by=request.user)
            invited += 1
        except ValidationError as error:
            messages.warning(request, error.messages[0])
    if invited:
        text = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", invited)
        messages.success(request, text % {"count": invited})


@require_POST
def resend_invitation(request: SignedInRequest, code: str) -> HttpResponse:
    invitation = _invitation(request, code)
    try:
        actions.resend_invitation(invitation, by=request.user)
        messages.success(request, _("The invitation was sent to %(email)s again.") % {"email": invitation.email})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(_desk(invitation.agency))


@require_POST
def revoke_invitation(request: SignedInRequest, code: str) -> HttpResponse:
    invitation = _invitation(request, code)
    try:
        actions.revoke_invitation(invitation, by=request.user)
        messages.success(request, _("The invitation to %(email)s no longer works.") % {"email": invitation.email})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(_desk(invitation.agency))


@require_http_methods(["GET", "POST"])
def end_membership(request: SignedInRequest, code: str) -> HttpResponse:
    """Only innovators: the admin role ends by handing it over."""
    rows = Membership.objects.managed_by(request.user).innovators().select_related("user", "agency", "unit")
    membership = get_object_or_404(rows, code=code)
    form = EndMembershipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.end_membership(membership, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("%(name)s is no longer an innovator of the agency.") % {"name": membership.user})
        return redirect(_desk(membership.agency))
    context = {"membership": membership, "agency": membership.agency, "form": form}
    return render(request, "accounts/end_membership.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def units(request: SignedInRequest, code: str) -> HttpResponse:
    chosen = _administered(request, code)
    form = UnitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            unit = actions.open_unit(chosen, name=form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("The unit %(name)s is open.") % {"name": unit})
            return redirect("accounts:units", chosen.code)
    context = {
        "agency": chosen,
        "form": form,
        "units": chosen.units.with_members().order_by("-is_open", "name"),
        "tab": "units",
    }
    return render(request, "accounts/units.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def unit(request: SignedInRequest, code: str) -> HttpResponse:
    row = _unit(request, code)
    form = UnitForm(request.POST if request.method == "POST" else None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_unit(row, name=form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("The unit is now called %(name)s.") % {"name": row})
            return redirect("accounts:units", row.agency.code)
    context = {"unit": row, "agency": row.agency, "form": form}
    return render(request, "accounts/unit.html", context, status=422 if form.errors else 200)


@require_POST
def close_unit(request: SignedInRequest, code: str) -> HttpResponse:
    row = _unit(request, code)
    actions.set_unit_open(row, is_open=False, by=request.user)
    messages.success(request, _("The unit %(name)s is closed.") % {"name": row})
    return redirect("accounts:units", row.agency.code)


@require_POST
def reopen_unit(request: SignedInRequest, code: str) -> HttpResponse:
    row = _unit(request, code)
    actions.set_unit_open(row, is_open=True, by=request.user)
    messages.success(request, _("The unit %(name)s is open.") % {"name": row})
    return redirect("accounts:units", row.agency.code)


@require_http_methods(["GET", "POST"])
def admin_role(request: SignedInRequest, code: str) -> HttpResponse:
    """Who has been admin, and handing the role to a successor, who registers with their own letter."""
    chosen = _administered(request, code)
    form = SuccessorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.suggest_successor(chosen.admins_agency(), by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s has been asked to register as your successor.") % form.cleaned_data)
        return redirect("accounts:admin_role", chosen.code)
    admins = Membership.objects.admins().filter(agency=chosen.admins_agency_id).select_related("user")
    context = {"agency": chosen, "form": form, "admins": admins, "tab": "admin"}
    return render(request, "accounts/admin_role.html", context, status=422 if form.errors else 200)


def _administered(request: SignedInRequest, code: str) -> Agency:
    return get_object_or_404(Agency.objects.administered_by(request.user).select_related("parent"), code=code)


def _unit(request: SignedInRequest, code: str) -> Unit:
    return get_object_or_404(Unit.objects.managed_by(request.user).select_related("agency"), code=code)


def _invitation(request: SignedInRequest, code: str) -> Invitation:
    return get_object_or_404(Invitation.objects.managed_by(request.user).select_related("agency"), code=code)


def _desk(chosen: Agency) -> str:
    return f"{reverse('accounts:agency')}?agency={chosen.code}"
