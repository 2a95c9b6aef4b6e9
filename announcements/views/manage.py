"""The secretariat's desk for announcements: write, preview, schedule, take back."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.deeds import Deed
from accounts.requests import refusals_on, refusals_said, shown_anew
from accounts.rules import as_secretariat
from announcements import actions
from announcements.concerned import concerned
from announcements.drafts import Waiting, notes_on, suggestion
from announcements.forms import AnnouncementForm, CorrectionForm, DiscardForm, ScheduleForm
from announcements.lists import lists_of
from announcements.models import Announcement
from competitions.models import Competition

DISCARD = Deed(
    DiscardForm,
    actions.discard,
    gettext_lazy("The draft is removed."),
    label=gettext_lazy("Remove this draft"),
    asks=gettext_lazy("Its text and its lists cannot be brought back; the record keeps its number and title."),
)


@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    every = Announcement.objects.select_related("competition", "created_by")
    context = {
        "waiting": Waiting.of_every_year(),
        "held": every.held().order_by("publish_at"),
        "drafts": every.drafts().order_by("-created_at"),
        "scheduled": every.scheduled().order_by("publish_at"),
        "public": every.public().select_related("corrected_by")[:100],
    }
    return render(request, "announcements/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """?year=<competition code>&kind=<kind>: what to begin with."""
    by = as_secretariat(request.user)
    competitions = Competition.objects.all()
    chosen = request.GET.get("year")
    competition = get_object_or_404(competitions, code=chosen) if chosen else competitions.present()
    if competition is None:
        return redirect("announcements:manage")
    kind = request.GET.get("kind", "")
    begun = suggestion(competition, kind)
    form = AnnouncementForm(request.POST or None, request.FILES or None, competition=competition, initial=begun)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            announcement = actions.draft_announcement(competition, **form.deed(by=by), by=by)
            messages.success(request, _("The draft is saved. Only the secretariat can see it."))
            return redirect("announcements:edit", announcement.code)
    context = {"form": form, "competition": competition, "competitions": competitions}
    return render(request, "announcements/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    announcement = _announcement(code)
    if announcement.is_public:
        return render(request, "announcements/edit_blocked.html", {"announcement": announcement}, status=409)
    form = AnnouncementForm(
        request.POST or None, request.FILES or None, instance=announcement, competition=announcement.competition
    )
    context = {"form": form, "competition": announcement.competition, "announcement": announcement}
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.edit_announcement(announcement, **form.deed(by=by), by=by)
            messages.success(request, _("The changes are saved."))
            return redirect("announcements:edit", announcement.code)
        if form.has_error(NON_FIELD_ERRORS, code="changed"):
            stored = _announcement(code)
            form.build_on(stored.revision)
            context |= {"stored": stored, "stored_notes": notes_on(stored)}
    return render(request, "announcements/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, code: str) -> HttpResponse:
    """First the moment, then a page that names what becomes public and how many are written to, then the deed."""
    by = as_secretariat(request.user)
    announcement = _announcement(code)
    if announcement.is_public:
        return render(request, "announcements/edit_blocked.html", {"announcement": announcement}, status=409)
    read = {"publish_at": announcement.publish_at, "revision": announcement.revision}
    form = ScheduleForm(request.POST or None, initial=read)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.check_read(announcement, form.cleaned_data["revision"])
            actions.check_moment(form.moment)
            if "confirm" not in request.POST:
                context = {"lists": lists_of(announcement), "people": len(concerned(announcement))}
                context |= {"announcement": announcement, "form": form, "moment": form.moment}
                return render(request, "announcements/schedule_confirm.html", context)
            actions.schedule(announcement, publish_at=form.moment, revision=form.cleaned_data["revision"], by=by)
            done = _("The announcement is scheduled.") if form.moment else _("The announcement is public.")
            messages.success(request, done)
            return redirect("announcements:manage")
        shown_anew(form, revision=_announcement(code).revision)
    context = {"form": form, "announcement": announcement}
    return render(request, "announcements/schedule.html", context, status=422 if form.is_bound else 200)


@require_POST
def unschedule(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    with refusals_said(request):
        actions.unschedule(_announcement(code), by=by)
        messages.success(request, _("The announcement is a draft again."))
    return redirect("announcements:manage")


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """The number and reason of a new version; its text and lists are then written like any other's."""
    by = as_secretariat(request.user)
    announcement = _announcement(code)
    if not announcement.is_public:
        return redirect("announcements:edit", code)
    begun = Announcement.objects.filter(corrects=announcement).first()
    if begun:
        return redirect("announcements:edit", begun.code)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            version = actions.draft_correction(announcement, **form.cleaned_data, by=by)
            messages.success(request, _("The correction is begun. Only the secretariat can see it."))
            return redirect("announcements:edit", version.code)
    context = {"form": form, "announcement": announcement}
    return render(request, "announcements/correct.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks once more. What changed meanwhile is read before it is asked again."""
    as_secretariat(request.user)
    announcement = _announcement(code)
    if announcement.publish_at:
        messages.error(request, _("Take it back into writing first."))
        return redirect("announcements:edit", code)
    given = request.POST if request.method == "POST" else None
    form = DiscardForm(given, initial={"revision": announcement.revision})
    if not form.is_bound:
        return DISCARD.page(request, "discard", form, announcement)
    if DISCARD.do(request, form, announcement):
        return redirect("announcements:manage")
    for words in form.non_field_errors():
        messages.error(request, str(words))
    return redirect(announcement)


def _announcement(code: str) -> Announcement:
    return get_object_or_404(Announcement.objects.with_publicity().select_related("competition", "letter"), code=code)
