from django.contrib import admin
from django.urls import include, path

from sinovik import health, sitemaps, views

urlpatterns = [
    path("", views.home, name="home"),
    path("i18n/", views.choose_language, name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("competitions.urls")),
    path("", include("catalogue.urls")),
    path("", include("proposals.urls")),
    path("", include("judging.urls")),
    path("", include("announcements.urls")),
    path("", include("objections.urls")),
    path("", include("awards.urls")),
    path("", include("helpdesk.urls")),
    path("", include("yearbook.urls")),
    path("", include("opendata.urls")),
    path("", include("desk.urls")),
    path("", include("notifications.urls")),
    path("", include("audit.urls")),
    path("admin/", admin.site.urls),
]
