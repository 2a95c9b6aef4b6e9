"""What watches the portal asks here. Neither page tells anything worth hiding."""

import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Min
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.delivery import OVERDUE
from notifications.models import Message
from sinovik.embedded.place import ServerError

DISK_FULL = 0.95  # share of the disk above which uploads would soon fail


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 while the portal can do its work, 503 without a database or a disk to write on.

    A late outbox is told but fails nothing: the portal works on, only the letters wait.
    """
    try:
        overdue = outbox_overdue()
    except (DatabaseError, ServerError):
        return JsonResponse({"database": "down", "disk": _disk()}, status=503)
    outbox = "late" if overdue > OVERDUE.total_seconds() else "ok"
    found = {"database": "ok", "outbox": outbox, "outbox_overdue_seconds": round(overdue), "disk": _disk()}
    return JsonResponse(found, status=200 if found["disk"] == "ok" else 503)


def outbox_overdue() -> float:
    """How long the oldest message that should have left is waiting, in seconds, by the database's clock."""
    age = Message.objects.due().aggregate(age=Now() - Min("due_at"))["age"]
    return age.total_seconds() if age else 0.0


def _disk() -> str:
    try:
        usage = shutil.disk_usage(settings.VAR_DIR)
    except OSError:
        return "unusable"
    return "full" if usage.used > DISK_FULL * usage.total else "ok"
