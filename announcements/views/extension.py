"""Extending a deadline: what changes, who is told, then one button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from announcements.actions import check_extension, extend_deadline
from announcements.concerned import concerned_by_extension
from announcements.forms import ExtensionForm
from competitions.models import Stage


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, code: str, key: str) -> HttpResponse:
    by = as_secretariat(request.user)
    stage = get_object_or_404(Stage.objects.select_related("competition"), competition__code=code, key=key)
    form = ExtensionForm(request.POST or None, initial={"ends_at": stage.ends_at})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            check_extension(stage.ends_at, form.cleaned_data["ends_at"])
            if "confirm" not in request.POST:
                return render(request, "announcements/extend_confirm.html", _consequences(stage, form))
            announcement = extend_deadline(stage, **form.cleaned_data, by=by)
            messages.success(request, _("The deadline is extended, announced, and those concerned are written to."))
            return redirect("announcements:announcement", announcement.code)
    context = {"form": form, "stage": stage}
    return render(request, "announcements/extend.html", context, status=422 if form.is_bound else 200)


def _consequences(stage: Stage, form: ExtensionForm) -> dict[str, object]:
    """What the confirmation page names: old and new end, the people told, the stages that then begin too early."""
    ends_at = form.cleaned_data["ends_at"]
    following = stage.competition.stages.filter(
        order__gt=stage.order, starts_at__lt=ends_at, starts_at__gte=stage.ends_at
    )
    return {
        "form": form,
        "stage": stage,
        "ends_at": ends_at,
        "people": len(concerned_by_extension(stage)),
        "overlapping": following,
    }
