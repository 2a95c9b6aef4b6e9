"""What everybody reads: announcements once their moment has come. Before it, not one byte for the public."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from announcements.exports import announcement_pdf
from announcements.forms import ListFilter
from announcements.lists import lists_of
from announcements.models import Announcement
from announcements.results import own_results
from files.serving import made

PAGE = 20
ROWS_AT_FIRST = 100


@login_not_required
@require_safe
def announcement_list(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    announcements = Announcement.objects.public().select_related("competition")
    if kind in Announcement.Kind.values:
        announcements = announcements.filter(kind=kind)
    page = Paginator(announcements, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "kind": kind, "kinds": Announcement.Kind.choices}
    return render(request, "announcements/list.html", context)


@login_not_required
@require_safe
def announcement(request: HttpRequest, code: str) -> HttpResponse:
    """For the secretariat also what is still being prepared, exactly as the public will see it, under a ribbon."""
    one = _readable(request, code)
    form = ListFilter(request.GET or None, competition=one.competition)
    wanted = form.cleaned_data if form.is_valid() else {}
    lists = lists_of(one, query=wanted.get("q", ""), category=wanted.get("category", ""))
    context = {
        "announcement": one,
        "lists": lists,
        "form": form,
        "is_long": any(each.size > PAGE for each in lists),
        "is_filtered": any(wanted.values()),
        "rows": None if "all" in request.GET else ROWS_AT_FIRST,
    }
    return render(request, "announcements/announcement.html", context)


@login_not_required
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    one = _readable(request, code)
    return made(announcement_pdf(one), name=f"pengumuman-{one.code}.pdf", media_type="application/pdf", inline=True)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The reader's own proposals with what has been made public about them so far."""
    reader = cast("User", request.user)  # the login middleware lets nobody else in
    return render(request, "announcements/results.html", {"results": own_results(reader)})


def _readable(request: HttpRequest, code: str) -> Announcement:
    readable = Announcement.objects.visible_to(request.user).with_publicity().select_related("competition")
    return get_object_or_404(readable, code=code)
