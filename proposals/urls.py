from django.urls import URLPattern, path

from proposals.views import autosave, documents, history, moving, receipts, screening, starting, versions, writing

app_name = "proposals"

urlpatterns: list[URLPattern] = [
    path("signed-in/", autosave.signed_in, name="signed_in"),
    path("proposals/", starting.proposals, name="list"),
    path("proposals/new/", starting.new, name="new"),
    path("proposals/<slug:code>/", starting.proposal, name="proposal"),
    path("proposals/<slug:code>/details/", writing.details, name="details"),
    path("proposals/<slug:code>/innovations/<slug:field>/", history.innovation, name="innovation"),
    path("proposals/<slug:code>/aspects/<slug:key>/", writing.aspect, name="aspect"),
    path("proposals/<slug:code>/presence/", autosave.presence_of, name="presence"),
    path("proposals/<slug:code>/details/versions/", versions.details_page, name="details_versions"),
    path("proposals/<slug:code>/aspects/<slug:key>/versions/", versions.aspect, name="versions"),
    path(
        "proposals/<slug:code>/aspects/<slug:key>/versions/<slug:question>/<slug:which>/",
        versions.version,
        name="version",
    ),
    path("proposals/<slug:code>/documents/", documents.documents, name="documents"),
    path("proposals/<slug:code>/documents/<slug:key>/", documents.document, name="document"),
    path("proposals/<slug:code>/check/", moving.check, name="check"),
    path("proposals/<slug:code>/moves/<slug:name>/", moving.move, name="move"),
    path("proposals/<slug:code>/receipt/", receipts.receipt, name="receipt"),
    path("proposals/<slug:code>/receipt.pdf", receipts.receipt_pdf, name="receipt_pdf"),
    path("screening/", screening.queue, name="screening"),
    path("screening/next/", screening.claim_next, name="screening_next"),
    path("screening/release/", screening.release, name="screening_release"),
    path("screening/<str:code>/", screening.item, name="screening_item"),
    path("screening/<str:code>/claim/", screening.claim, name="screening_claim"),
    path("screening/<str:code>/give-back/", screening.give_back, name="screening_give_back"),
    path("screening/<str:code>/reopen/", screening.reopen, name="screening_reopen"),
]
