"""The sentences clerks have at hand: the secretariat's own list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import as_secretariat
from audit.recording import record
from competitions.models import ReasonTemplate
from proposals.forms_screening import ReasonForm
from proposals.screening.reasons import KNOWN
from proposals.views.screening.loading import competition_of, to_queue, year


@require_safe
def reasons(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    competition = competition_of(request)
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    context = {"competition": competition, "reasons": competition.reason_templates.select_related("check_line")}
    return render(request, "proposals/screening/reasons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new one (without `code`), or one to change; `delete` removes it."""
    by = as_secretariat(request.user)
    if code:
        kept = get_object_or_404(ReasonTemplate.objects.select_related("competition"), code=code)
    else:
        competition = year(request)
        kept = ReasonTemplate(competition=competition, order=competition.reason_templates.count() + 1)
    if request.method == "POST" and code and "delete" in request.POST:
        record("proposals.delete_reason", by=by, on=kept.competition, data={"title": kept.title, "text": kept.text})
        kept.delete()
        messages.success(request, _("The reason is removed. Notes already written keep it."))
        return to_queue(kept.competition, "screening_reasons")
    form = ReasonForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        record("proposals.save_reason", by=by, on=saved.competition, data={"title": saved.title, "text": saved.text})
        messages.success(request, _("Saved: %(title)s.") % {"title": saved.title})
        return to_queue(kept.competition, "screening_reasons")
    context = {"competition": kept.competition, "form": form, "reason": kept if code else None, "known": KNOWN}
    return render(request, "proposals/screening/reason.html", context, status=422 if form.errors else 200)
