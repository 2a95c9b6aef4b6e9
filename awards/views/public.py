"""Anybody checks a certificate; those concerned download theirs."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import visitor_of
from accounts.rules import is_secretariat
from audit.limiting import may_ask
from awards.forms import FileForm, NumberForm
from awards.models import Certificate
from awards.verification import check_digest, check_number
from files.quotas import Payer
from files.serving import respond

ANSWERS_A_MINUTE = 120  # a whole office may sit behind one address
PER_PAGE = 30


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By number, with the fingerprint or without (GET, so that it can be shared), or with the file (POST)."""
    by_number = NumberForm(request.GET if "number" in request.GET else None)
    sent = request.method == "POST"
    asks = sent or by_number.is_bound
    if asks and not may_ask(request, "certificates", most=ANSWERS_A_MINUTE):
        return render(request, "audit/busy.html", status=429)
    by_file = FileForm(request.POST if sent else None, request.FILES if sent else None, payers=_payers(request))
    found = None
    if by_file.is_valid():
        found = check_digest(by_file.cleaned_data["digest"])
    elif by_number.is_valid():
        number, sha256 = by_number.cleaned_data["number"], by_number.cleaned_data["sha256"]
        found = check_digest(sha256, number=number) if sha256 else check_number(number)
    context = {"by_number": by_number, "by_file": by_file, "found": found, "form": by_file if sent else by_number}
    return _unlisted(render(request, "awards/verify.html", context, status=200 if found or not asks else 422))


@login_not_required
@never_cache
@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Where the printed code leads: what is printed, and whether it still holds."""
    one = get_object_or_404(Certificate.objects.with_list().select_related("replaces"), code=code)
    context = {
        "certificate": one,
        "may_download": Certificate.objects.visible_to(request.user).filter(pk=one.pk).exists(),
        "may_correct": is_secretariat(request.user) and one.is_valid,
        "by_file": FileForm(payers=[]),
    }
    return _unlisted(render(request, "awards/certificate.html", context))


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The reader's certificates, and those of the agencies they act for; newest first."""
    concerning = Certificate.objects.concerning(cast("User", request.user)).with_list()
    page = Paginator(concerning.order_by("-competition__year", "-serial"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "awards/own.html", {"page": page})


@require_safe
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    one = get_object_or_404(Certificate.objects.visible_to(request.user).select_related("file"), code=code)
    return respond(one.file)


def _payers(request: HttpRequest) -> list[Payer]:
    if isinstance(request.user, User):
        return [Payer("user", str(request.user.pk))]
    return visitor_of(request)


def _unlisted(response: HttpResponse) -> HttpResponse:
    """A certificate names people: who holds it finds its page, search engines do not."""
    response["X-Robots-Tag"] = "noindex"
    return response
