"""One report of a follow-up: sent by the agency, accepted or sent back by the secretariat."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deeds import Deed, read_anew
from accounts.rules import is_secretariat
from catalogue import actions
from catalogue.forms import ReadForm, ReportForm, SendBackForm
from catalogue.models import FollowUpFile, FollowUpReport
from catalogue.rules import may_report
from competitions import calendar
from files.serving import respond

State = FollowUpReport.State
DEEDS = {
    "send": Deed(ReportForm, actions.send_report, gettext_lazy("The report is sent to the secretariat.")),
    "accept": Deed(
        ReadForm,
        actions.accept_report,
        gettext_lazy("The report is accepted; everybody can read it in the catalogue."),
        label=gettext_lazy("Accept the report"),
        asks=gettext_lazy(
            "Everybody then reads it with the innovation, as the agency’s word that the secretariat has accepted."
            " It can no longer be sent back."
        ),
    ),
    "send_back": Deed(
        SendBackForm, actions.send_back_report, gettext_lazy("The report is sent back; the agency is told.")
    ),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """POST does the deed its button names (a key of DEEDS); 403 for one that is not the reader's."""
    found, key = _visible(request, code), request.GET.get("deed", "")
    ever, failed = _ever(request, found), None
    read = request.GET.get("expected", found.stamp)
    shown = {key: _form(key, found, read=read) for key in ever & _now(found)}
    if request.method == "POST":
        key = request.POST.get("deed", "")
        if key not in ever:
            raise PermissionDenied
        failed = shown[key] = _form(key, found, request.POST, request.FILES)
        if DEEDS[key].do(request, failed, found):
            return redirect(found)
        found = _visible(request, code)
        read_anew(failed, found.stamp)
    if key in shown and DEEDS[key].asks and not failed:  # refused: what holds now is read before it is asked again
        return DEEDS[key].page(request, key, shown[key], found)
    context = {"report": found, "forms": shown, "failed": failed, "is_secretariat": is_secretariat(request.user)}
    return render(request, "catalogue/report.html", context, status=422 if failed else 200)


@require_safe
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    reports = FollowUpReport.objects.visible_to(request.user)
    files = FollowUpFile.objects.filter(report__in=reports).select_related("file")
    return respond(get_object_or_404(files, code=code).file)


def _visible(request: HttpRequest, code: str) -> FollowUpReport:
    rows = FollowUpReport.objects.visible_to(request.user).with_ends().select_related("sent_by")
    return get_object_or_404(rows.prefetch_related("files__file"), code=code)


def _ever(request: HttpRequest, found: FollowUpReport) -> set[str]:
    """The deeds that are the reader's at some time or other."""
    deeds = {"send"} if may_report(request.user, found) else set()
    return deeds | ({"accept", "send_back"} if is_secretariat(request.user) else set())


def _now(found: FollowUpReport) -> set[str]:
    """What can be done in its present state."""
    if found.state == State.ACCEPTED:
        return set()
    sending = {"send"} if calendar.now() <= found.open_until else set()
    return sending | ({"accept", "send_back"} if found.state == State.SENT else set())


def _form(
    key: str, found: FollowUpReport, data: QueryDict | None = None, files: Any = None, read: str = ""
) -> forms.Form:
    if key == "send":
        return ReportForm(data, files, report=found)
    return DEEDS[key].form(data, initial={"expected": read})
