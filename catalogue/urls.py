from django.urls import path

from catalogue.views import curating, imports, public, replications

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
    path("catalogue/<slug:code>/replicate/", replications.declare, name="replicate"),
    path("catalogue/<slug:code>/", public.innovation, name="innovation"),
    path("catalogue/<slug:code>/curate/", curating.curate, name="curate"),
    path("catalogue/<slug:code>/contact/", curating.contact, name="contact"),
]
