"""What every page shows around its content."""

from django.conf import settings
from django.http import HttpRequest

from sinovik.navigation import Page


def portal(request: HttpRequest) -> dict[str, object]:
    return {"portal": Page(request), "is_demo": settings.DEMO}
