"""What search engines may know of: only what is public by the database's clock, each page under its one address."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from announcements.models import Announcement
from catalogue.models import Innovation
from competitions.models import Competition

PAGES = (
    "home", "announcements:list", "objections:objections", "competitions:years", "catalogue:list", "opendata:about",
    "helpdesk:help", "helpdesk:model_letters", "yearbook:statistics",
)  # fmt: skip
PRIVATE = ("objections:track", "objections:file", "helpdesk:track", "helpdesk:write")  # opened by a mailed link
MOST = 45_000  # a sitemap holds fifty thousand addresses


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    announcements = Announcement.objects.standing().values_list("code", "publish_at")
    years = Competition.objects.values_list("code", flat=True)
    innovations = Innovation.objects.current().order_by("pk").values_list("code", flat=True)
    entries = [
        *((reverse(name), None) for name in PAGES),
        *((reverse("announcements:announcement", args=[code]), moment) for code, moment in announcements),
        *((reverse("competitions:year", args=[code]), None) for code in years),
        *((reverse("catalogue:innovation", args=[code]), None) for code in innovations[:MOST]),
    ]
    context = {"entries": entries, "site": settings.SITE_URL.rstrip("/")}
    return render(request, "sinovik/sitemap.xml", context, content_type="application/xml")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything private is behind a login anyway; what a mailed link opens is kept out by name."""
    private = [reverse(name, args=["-"]).removesuffix("-/") for name in PRIVATE]
    lines = [
        "User-agent: *",
        "Disallow: /accounts/",
        *(f"Disallow: {folder}" for folder in private),
        f"Sitemap: {settings.SITE_URL.rstrip('/')}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
