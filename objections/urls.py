from django.urls import path

from objections.views import handling, public

app_name = "objections"

urlpatterns = [
    path("objections/", public.objections, name="objections"),
    path("objections/cases/", handling.cases, name="cases"),
    path("objections/cases/<str:code>/", handling.objection, name="objection"),
    path("objections/cases/<str:code>/evidence/<int:place>/", handling.evidence, name="evidence"),
    path("objections/new/<str:code>/", public.new, name="new"),
    path("objections/file/<str:token>/", public.file, name="file"),
    path("objections/track/<str:token>/", public.track, name="track"),
    path("objections/track/<str:token>/evidence/<int:place>/", public.track_evidence, name="track_evidence"),
]
