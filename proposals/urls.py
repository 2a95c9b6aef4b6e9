from django.urls import URLPattern, path

from proposals.views import screening

app_name = "proposals"

urlpatterns: list[URLPattern] = [
    path("screening/", screening.queue, name="screening"),
    path("screening/next/", screening.claim_next, name="screening_next"),
    path("screening/release/", screening.release, name="screening_release"),
    path("screening/<str:code>/", screening.item, name="screening_item"),
    path("screening/<str:code>/claim/", screening.claim, name="screening_claim"),
    path("screening/<str:code>/give-back/", screening.give_back, name="screening_give_back"),
    path("screening/<str:code>/reopen/", screening.reopen, name="screening_reopen"),
]
