"""Ready to be replicated: the source offers an innovation with files that everybody may take."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deeds import Deed
from accounts.models import User
from accounts.requests import refusals_on
from catalogue import actions
from catalogue.forms import OfferForm
from catalogue.models import Innovation, Offer, OfferFile
from catalogue.rules import may_offer
from files.serving import respond

WITHDRAW = Deed(
    forms.Form,
    actions.withdraw_offer,
    gettext_lazy("The offer is withdrawn. Requests that were made go on."),
    label=gettext_lazy("Withdraw the offer"),
    asks=gettext_lazy(
        "The catalogue no longer shows it and nobody can ask anew. Requests that were made go on, and the contact"
        " stays with the innovation."
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """What the source gives: said for the first time, or changed."""
    innovation, by = _own(request, code)
    standing = Offer.objects.shown_of(innovation)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = OfferForm(*given, innovation=innovation, offer=standing)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.offer(innovation, **form.cleaned_data, by=by)
            messages.success(request, _("Everybody can read what you offer. Requests reach you by e-mail and here."))
            return redirect(innovation)
    context = {"innovation": innovation, "offer": standing, "form": form}
    return render(request, "catalogue/offer.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks once more."""
    innovation, _by = _own(request, code)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and WITHDRAW.do(request, form, innovation):
        return redirect(innovation)
    return WITHDRAW.page(request, "withdraw", form, innovation)


@login_not_required
@require_safe
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    """A file of an offer that stands."""
    files = OfferFile.objects.filter(offer__in=Offer.objects.in_force()).select_related("file")
    return respond(get_object_or_404(files, code=code).file)


def _own(request: HttpRequest, code: str) -> tuple[Innovation, User]:
    innovation = get_object_or_404(Innovation.objects.current().select_related("agency"), code=code)
    if not isinstance(request.user, User) or not may_offer(request.user, innovation):
        raise PermissionDenied
    return innovation, request.user
