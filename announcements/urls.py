from django.urls import path

from announcements.views import extension, manage, public

app_name = "announcements"

urlpatterns = [
    path("announcements/", public.announcement_list, name="list"),
    path("announcements/feed.atom", public.feed, name="feed"),
    path("announcements/manage/", manage.manage, name="manage"),
    path("announcements/manage/new/", manage.new, name="new"),
    path("announcements/manage/<str:code>/", manage.edit, name="edit"),
    path("announcements/manage/<str:code>/schedule/", manage.schedule, name="schedule"),
    path("announcements/manage/<str:code>/unschedule/", manage.unschedule, name="unschedule"),
    path("announcements/manage/<str:code>/correct/", manage.correct, name="correct"),
    path("announcements/manage/<str:code>/discard/", manage.discard, name="discard"),
    path("announcements/<str:code>.pdf", public.pdf, name="announcement_pdf"),
    path("announcements/<str:code>/", public.announcement, name="announcement"),
    path("announcements/<str:code>/letter/", public.letter, name="letter"),
    path("announcements/<str:code>/version/", public.version, name="version"),
    path("results/", public.results, name="results"),
    path("years/<slug:code>/extend/<slug:key>/", extension.extend, name="extend"),
]
