from django.urls import path

from catalogue.views import curating, follow_ups, imports, offers, public, replications, reports, requests

app_name = "catalogue"

urlpatterns = [
    path("catalogue/", public.innovations, name="list"),
    path("catalogue/imports/", imports.imports, name="imports"),
    path("catalogue/imports/<slug:code>/", imports.one, name="import"),
    path("catalogue/imports/<slug:code>/confirm/", imports.confirm, name="import_confirm"),
    path("catalogue/imports/<slug:code>/undo/", imports.undo, name="import_undo"),
    path("catalogue/imports/<slug:code>/discard/", imports.discard, name="import_discard"),
    path("catalogue/imports/<slug:code>/faults.csv", imports.faults, name="import_faults"),
    path("catalogue/merges/<slug:code>/undo/", curating.part, name="part"),
    path("catalogue/replications/", replications.replications, name="replications"),
    path("catalogue/replications/<slug:code>/", replications.one, name="replication"),
    path("catalogue/replications/<slug:code>/evidence/", replications.evidence, name="replication_evidence"),
    path("catalogue/requests/", requests.requests, name="requests"),
    path("catalogue/requests/<slug:code>/", requests.one, name="request"),
    path("catalogue/requests/files/<slug:code>/", requests.file, name="request_file"),
    path("catalogue/follow-ups/", follow_ups.follow_ups, name="follow_ups"),
    path("catalogue/follow-ups/new/", follow_ups.new, name="new_follow_up"),
    path("catalogue/follow-ups/<int:year>/", follow_ups.follow_up, name="follow_up"),
    path("catalogue/follow-ups/<int:year>/figures.csv", follow_ups.figures, name="follow_up_figures"),
    path("catalogue/reports/<slug:code>/", reports.report, name="report"),
    path("catalogue/reports/files/<slug:code>/", reports.file, name="report_file"),
    path("catalogue/offers/files/<slug:code>/", offers.file, name="offer_file"),
    path("catalogue/<slug:code>/offer/", offers.offer, name="offer"),
    path("catalogue/<slug:code>/offer/withdraw/", offers.withdraw, name="withdraw_offer"),
    path("catalogue/<slug:code>/ask/", requests.ask, name="ask"),
    path("catalogue/<slug:code>/replicate/", replications.declare, name="replicate"),
    path("catalogue/<slug:code>/", public.innovation, name="innovation"),
    path("catalogue/<slug:code>/curate/", curating.curate, name="curate"),
    path("catalogue/<slug:code>/contact/", curating.contact, name="contact"),
]
