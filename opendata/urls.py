from django.urls import URLPattern, path

from catalogue.asking import NAMES
from opendata.datasets import DATASETS
from opendata.describing import parameters_of
from opendata.door import published
from opendata.views import pages
from opendata.views.api import api

app_name = "opendata"

PARAMETERS = parameters_of(api)
SEARCH = {"innovations": ("q", "order", "page", *NAMES)}  # what the catalogue's own address may hold


def _opened(pattern: URLPattern) -> URLPattern:
    """The API's own pattern, behind the door that all open data goes through."""
    view = published(pattern.callback, PARAMETERS.get(pattern.name or "", ()))
    return path(f"api/v1/{pattern.pattern}", view, name=pattern.name)


urlpatterns = [
    path("open-data/", pages.about, name="about"),
    *(
        path(
            f"open-data/{name}.{ending}", published(pages.file, SEARCH.get(name, ())),
            {"name": name, "ending": ending}, name=f"{name}_{ending}",
        )
        for name in DATASETS
        for ending in pages.FORMATS
    ),
    *(
        path(
            f"open-data/announcements/<slug:code>.{ending}", published(pages.lists, ()), {"ending": ending},
            name=f"lists_{ending}",
        )
        for ending in pages.FORMATS
    ),
    *(_opened(each) for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"),
    path("api/v1/<path:rest>", published(pages.nothing_there, ()), name="nothing"),
]  # fmt: skip
