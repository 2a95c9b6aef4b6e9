"""The public catalogue: what won since 2014, to be found, learnt from and replicated."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.rules import is_secretariat
from catalogue.asking import BEST, ORDERS, Asked
from catalogue.facets import Found
from catalogue.lineage import Lineage
from catalogue.models import FollowUpReport, Innovation, Offer
from catalogue.rules import may_ask_source, may_name_contact, may_offer, may_replicate, may_see_contact

PER_PAGE = 20
SIMILAR = 4


@login_not_required
@require_safe
def innovations(request: HttpRequest) -> HttpResponse:
    found = Found(Asked.of(request.GET))
    page = Paginator(found.innovations.with_awards().with_ready(), PER_PAGE).get_page(request.GET.get("page"))
    orders = [(value, label) for value, label in ORDERS.items() if found.asked.q or value != BEST]
    context = {
        "found": found, "page": page, "orders": orders, "may_import": is_secretariat(request.user),
        "may_list": may_see_contact(request.user),
    }  # fmt: skip
    return render(request, "catalogue/list.html", context)


@login_not_required
@require_safe
def innovation(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Innovation.objects.with_awards(), code=code)
    if found.merged_into:
        return redirect(found.merged_into, permanent=False)  # it may be parted again
    similar = Innovation.objects.awarded().like(found).with_awards().with_ready()[:SIMILAR]
    context = {
        "innovation": found, "similar": similar, "may_curate": is_secretariat(request.user),
        "lineage": Lineage(found), "may_replicate": may_replicate(request.user, found),
        "offer": Offer.objects.shown_of(found), "may_offer": may_offer(request.user, found),
        "reports": FollowUpReport.objects.accepted_of(found), "may_ask": may_ask_source(request.user, found),
        "may_see_contact": may_see_contact(request.user), "may_name_contact": may_name_contact(request.user, found),
    }  # fmt: skip
    return render(request, "catalogue/innovation.html", context)
