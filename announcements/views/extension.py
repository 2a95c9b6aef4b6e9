"""Extending a deadline: one form, a page that says what changes and who is told, then one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from announcements.actions import announced_by_letter, check_extension, extend_deadline
from announcements.concerned import groups_of_extension
from announcements.extending import later_stages, overtaken
from announcements.forms import ExtensionForm
from competitions.models import Stage


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, code: str, key: str) -> HttpResponse:
    by = as_secretariat(request.user)
    stage = get_object_or_404(Stage.objects.select_related("competition"), competition__code=code, key=key)
    posted = request.POST if request.method == "POST" else None
    form = ExtensionForm(posted, request.FILES or None, stage=stage, by=by, initial={"ends_at": stage.ends_at})
    going_back = "back" in request.POST
    if form.is_bound:
        with refusals_on(form):
            form.keep_letter(by=by)
    if form.is_valid() and not going_back:
        with refusals_on(form):
            check_extension(stage.ends_at, form.cleaned_data["ends_at"])
            same_letter = announced_by_letter(form.cleaned_data["letter_number"])
            if "confirm" not in request.POST:
                context = _consequences(stage, form) | {"same_letter": same_letter}
                return render(request, "announcements/extend_confirm.html", context)
            announcement = extend_deadline(stage, **form.deed, by=by)
            messages.success(request, _("The deadline is extended, announced, and those concerned are written to."))
            return redirect("announcements:announcement", announcement.code)
    context = {"form": form, "stage": stage}
    return render(
        request, "announcements/extend.html", context, status=422 if form.is_bound and not going_back else 200
    )


def _consequences(stage: Stage, form: ExtensionForm) -> dict[str, Any]:
    """What the page before the deed names: old and new end, who is told, the stages that could move along."""
    ends_at, groups = form.deed["ends_at"], groups_of_extension(stage)
    return {
        "form": form,
        "stage": stage,
        "ends_at": ends_at,
        "letter": form.deed["letter"],
        "groups": [(label, len(people)) for label, people in groups],
        "people": len(set().union(*(people for _label, people in groups))),
        "later": later_stages(stage, ends_at),
        "overtaken": overtaken(stage, ends_at),
    }
