"""What every page shows around its content."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    return {"is_demo": settings.DEMO}
