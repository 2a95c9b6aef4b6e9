"""A person's own data: asked for here, downloaded here while it is kept, by nobody else."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from files.serving import download
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
    own = Export.objects.filter(person=person)
    exports, waiting = list(own.with_withdrawn(person)[:10]), own.in_preparation().exists()
    return render(request, "proposals/export.html", {"exports": exports, "waiting": waiting})


@require_safe
def export_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """404 for everybody else, once its days are over, and once the person may not read all that it holds."""
    person = reader(request)
    kept = Export.objects.kept().filter(person=person).with_withdrawn(person)
    found = get_object_or_404(kept, code=code, is_withdrawn=False)
    if not default_storage.exists(found.path):
        raise Http404
    return download(found.path, name=f"data-saya-{found.ready_at:%Y-%m-%d}.zip", media_type="application/zip")
