"""The secretariat's desk for registrations."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import actions, rules
from accounts.forms import RefusalForm
from accounts.models import Agency, Registration
from accounts.requests import SignedInRequest
from files.serving import respond

PER_PAGE = 20


@require_GET
def registrations(request: SignedInRequest) -> HttpResponse:
    """Waiting first in, first out; decided ones newest first."""
    if not rules.is_secretariat(request.user):
        raise PermissionDenied
    shows_decided = request.GET.get("state") == "decided"
    rows = Registration.objects.select_related("user", "agency", "decided_by").with_confirmed().with_present_admin()
    rows = rows.decided().order_by("-decided_at") if shows_decided else rows.pending()
    text = request.GET.get("q", "").strip()
    if text:
        names = ("agency__name", "user__name", "user__email", "letter_number", "code")
        rows = rows.filter(Q(*((f"{name}__icontains", text) for name in names), _connector=Q.OR))
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "shows_decided": shows_decided,
        "waiting": Registration.objects.pending().count(),
        "q": text,
    }
    return render(request, "accounts/registrations.html", context)


@require_GET
def registration(request: SignedInRequest, code: str) -> HttpResponse:
    return _page(request, _get(request, code), RefusalForm())


@require_GET
def letter(request: SignedInRequest, code: str) -> HttpResponseBase:
    return respond(_get(request, code).letter)


@require_POST
def approve(request: SignedInRequest, code: str) -> HttpResponse:
    """The form carries the admin the clerk saw, so that a change in between is noticed."""
    row = _get_for_decision(request, code)
    seen = row.agency.memberships.filter(code=request.POST.get("replacing", "")).select_related("user").first()
    try:
        actions.approve(row, by=request.user, replacing=seen.user if seen else None)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:registration", code)
    messages.success(
        request, _("%(name)s is now the agency admin of %(agency)s.") % {"name": row.user, "agency": row.agency}
    )
    return redirect("accounts:registrations")


@require_POST
def refuse(request: SignedInRequest, code: str) -> HttpResponse:
    row = _get_for_decision(request, code)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        actions.refuse(row, reason=form.reason(), by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:registration", code)
    messages.success(
        request, _("The registration of %(name)s was refused; they have been told why.") % {"name": row.user}
    )
    return redirect("accounts:registrations")


def _get(request: SignedInRequest, code: str) -> Registration:
    rows = Registration.objects.visible_to(request.user).with_confirmed()
    return get_object_or_404(rows.select_related("user", "agency__parent", "decided_by", "letter"), code=code)


def _get_for_decision(request: SignedInRequest, code: str) -> Registration:
    row = _get(request, code)
    if not rules.is_secretariat(request.user):
        raise PermissionDenied
    return row


def _page(request: SignedInRequest, row: Registration, form: RefusalForm, *, status: int = 200) -> HttpResponse:
    agency: Agency = row.agency
    is_secretariat = rules.is_secretariat(request.user)
    context = {
        "registration": row,
        "form": form,
        "decides": is_secretariat and row.status == Registration.Status.PENDING,
        "is_own": row.user_id == request.user.pk,
        "is_secretariat": is_secretariat,
        "present": agency.memberships.current().admins().select_related("user").first(),
        "others": agency.registrations.exclude(pk=row.pk).select_related("user").order_by("-created_at")[:10]
        if is_secretariat
        else [],
    }
    return render(request, "accounts/registration.html", context, status=status)
