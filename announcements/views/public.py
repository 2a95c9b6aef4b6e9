"""What everybody reads: announcements once their moment has come. Before it, not one byte for the public."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from announcements.exports import announcement_pdf
from announcements.feeds import LATEST, MEDIA_TYPE, atom
from announcements.forms import ListFilter
from announcements.lists import lists_of
from announcements.models import Announcement
from announcements.results import own_results
from announcements.versions import correction_of, standing_version
from files.serving import made, respond

PAGE = 20
ROWS_AT_FIRST = 100


@login_not_required
@require_safe
def announcement_list(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    announcements = Announcement.objects.standing().select_related("competition")
    if kind in Announcement.Kind.values:
        announcements = announcements.filter(kind=kind)
    page = Paginator(announcements, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "kind": kind, "kinds": Announcement.Kind.choices}
    return render(request, "announcements/list.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    latest = Announcement.objects.standing().select_related("competition", "corrects")[:LATEST]
    return HttpResponse(atom(latest), content_type=MEDIA_TYPE)


@login_not_required
@require_safe
def announcement(request: HttpRequest, code: str) -> HttpResponseBase:
    """The announcement as it stands: a version corrected in public leads to the one that stands now.

    For the secretariat also what is still being prepared, exactly as the public will see it, under a ribbon."""
    one = _readable(request, code)
    standing = standing_version(one)
    if standing != one:
        return redirect("announcements:announcement", standing.code)
    return _page(request, one)


@login_not_required
@require_safe
def version(request: HttpRequest, code: str) -> HttpResponse:
    """This very version, though it was corrected since."""
    return _page(request, _readable(request, code))


def _page(request: HttpRequest, one: Announcement) -> HttpResponse:
    form = ListFilter(request.GET or None, competition=one.competition)
    wanted = form.cleaned_data if form.is_valid() else {}
    lists = lists_of(one, query=wanted.get("q", ""), category=wanted.get("category", ""))
    context = {
        "announcement": one,
        "correction": correction_of(one),
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


@login_not_required
@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponseBase:
    """The signed letter as the ministry uploaded it."""
    one = _readable(request, code)
    if one.letter is None:
        raise Http404
    return respond(one.letter)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The reader's own proposals with what has been made public about them so far."""
    reader = cast("User", request.user)  # the login middleware lets nobody else in
    return render(request, "announcements/results.html", {"results": own_results(reader)})


def _readable(request: HttpRequest, code: str) -> Announcement:
    readable = (
        Announcement.objects.visible_to(request.user)
        .with_publicity()
        .select_related("competition", "letter", "corrects")
    )
    return get_object_or_404(readable, code=code)
