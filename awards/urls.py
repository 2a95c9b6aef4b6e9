from django.urls import path

from awards.views import ceremony, manage, public

app_name = "awards"

urlpatterns = [
    path("certificates/", public.own, name="own"),
    path("certificates/verify/", public.verify, name="verify"),
    path("certificates/years/", manage.latest, name="latest"),
    path("certificates/years/<slug:year>/", manage.lists, name="lists"),
    path("certificates/lists/<slug:code>/", manage.one_list, name="list"),
    path("certificates/lists/<slug:code>.zip", manage.archive, name="archive"),
    path("certificates/<slug:code>.pdf", public.file, name="file"),
    path("certificates/<slug:code>/", public.certificate, name="certificate"),
    path("certificates/<slug:code>/replace/", manage.replace, name="replace"),
    path("certificates/<slug:code>/revoke/", manage.revoke, name="revoke"),
    path("award-day/new/<slug:year>/", ceremony.new, name="new_ceremony"),
    path("award-day/calls/<slug:code>/", ceremony.call, name="call"),
    path("award-day/<slug:code>/", ceremony.ceremony, name="ceremony"),
    path("award-day/<slug:code>.xlsx", ceremony.spreadsheet, name="spreadsheet"),
    path("award-day/<slug:code>/renew/", ceremony.renew, name="renew"),
]
