"""The public catalogue: what won since 2014, to be found, learnt from and replicated."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.rules import is_secretariat
from catalogue.asking import BEST, ORDERS, Asked
from catalogue.facets import Found
from catalogue.models import Innovation

PER_PAGE = 20
SIMILAR = 4


@login_not_required
@require_safe
def innovations(request: HttpRequest) -> HttpResponse:
    found = Found(Asked.of(request.GET))
    page = Paginator(found.innovations.with_awards(), PER_PAGE).get_page(request.GET.get("page"))
    orders = [(value, label) for value, label in ORDERS.items() if found.asked.q or value != BEST]
    context = {"found": found, "page": page, "orders": orders, "may_import": is_secretariat(request.user)}
    return render(request, "catalogue/list.html", context)


@login_not_required
@require_safe
def innovation(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Innovation.objects.with_awards(), code=code)
    similar = Innovation.objects.awarded().like(found).with_awards()[:SIMILAR]
    return render(request, "catalogue/innovation.html", {"innovation": found, "similar": similar})
