"""A person's own data: asked for here, downloaded here while it is kept, by nobody else."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competitions import calendar
from proposals.actions import exporting
from proposals.models import Export
from proposals.views.loading import reader


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The person's exports; POST asks for a new one."""
    person = reader(request)
    if request.method == "POST":
        exporting.ask_export(person)
        messages.success(request, _("Your data are being prepared. A message tells you when they are ready."))
        return redirect("proposals:export")
    exports = list(Export.objects.filter(person=person)[:10])
    waiting = any(each.state == Export.State.WAITING for each in exports)
    return render(request, "proposals/export.html", {"exports": exports, "waiting": waiting})


@require_safe
def export_file(request: HttpRequest, code: str) -> FileResponse:
    """404 for everybody else, and once its days are over."""
    ready = Export.objects.filter(person=reader(request), state=Export.State.READY, expires_at__gt=calendar.now())
    found = get_object_or_404(ready, code=code)
    if not default_storage.exists(found.path):
        raise Http404
    response = FileResponse(
        default_storage.open(found.path), as_attachment=True, filename=f"data-saya-{found.ready_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
