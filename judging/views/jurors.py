"""The secretariat's pages about jurors."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import refusals_on
from competitions.models import Competition
from judging import actions, rules
from judging.actions.sheets import HandedBack
from judging.calibration.leaving import foresee
from judging.forms.jurors import InviteForm, InviteManyForm, JurorDetailsForm
from judging.forms.reasons import ReasonForm
from judging.models import Juror
from judging.views.desk import person, posted

View = Callable[..., HttpResponseBase]


def for_secretariat(view: View) -> View:
    """Only the secretariat enters: 403 for everybody else."""

    @wraps(view)
    def wrapped(request: HttpRequest, **names: str) -> HttpResponseBase:
        if not isinstance(request.user, User) or not rules.may_manage(request.user):
            raise PermissionDenied
        return view(request, **names)

    return wrapped


@require_safe
@for_secretariat
def jurors(request: HttpRequest, code: str) -> HttpResponse:
    """All jurors of the year: who signed, who has left, how far they are."""
    competition = get_object_or_404(Competition, code=code)
    found = (
        Juror.objects.filter(competition=competition)
        .with_progress()
        .select_related("user", "agency")
        .prefetch_related("expertise")
        .order_by("kind", "user__name")
    )
    kinds = [(kind, [juror for juror in found if juror.kind == kind.value]) for kind in Juror.Kind]
    context = {"competition": competition, "kinds": kinds, "count": len(found)}
    return render(request, "judging/jurors.html", context)


@require_http_methods(["GET", "POST"])
@for_secretariat
def invite(request: HttpRequest, code: str) -> HttpResponse:
    competition = get_object_or_404(Competition, code=code)
    form = InviteForm(posted(request), competition=competition)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            juror = actions.invite_juror(competition, by=person(request), **form.cleaned_data)
            messages.success(request, _("%(name)s is invited; the link is on its way.") % {"name": juror.user})
            return redirect("judging:jurors", code)
    context = {"form": form, "competition": competition}
    return render(request, "judging/invite.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_secretariat
def invite_many(request: HttpRequest, code: str) -> HttpResponse:
    """Invite a pasted list. Who already serves in that role is left as they are."""
    competition = get_object_or_404(Competition, code=code)
    form = InviteManyForm(posted(request), competition=competition)
    if request.method == "POST" and form.is_valid():
        invited = 0
        for line in form.cleaned_data["lines"]:
            try:
                actions.invite_juror(competition, kind=form.cleaned_data["kind"], by=person(request), **line)
                invited += 1
            except ValidationError as error:
                messages.warning(request, " ".join(error.messages))
        words = ngettext("%(count)d person is invited.", "%(count)d people are invited.", invited)
        messages.success(request, words % {"count": invited})
        return redirect("judging:jurors", code)
    context = {"form": form, "competition": competition}
    return render(request, "judging/invite_many.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_secretariat
def juror(request: HttpRequest, code: str, juror: str) -> HttpResponse:
    """One juror: details, conflicts, and the deeds of the secretariat."""
    found = juror_or_404(code, juror)
    initial = {
        "agency": found.agency, "institution": found.institution, "expertise": found.expertise.all(),
        "expertise_text": found.expertise_text, "cap": found.cap,
    }  # fmt: skip
    form = JurorDetailsForm(posted(request), competition=found.competition, initial=initial)
    if request.method == "POST" and form.is_valid():
        dropped = actions.update_juror(found, by=person(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        if dropped:
            words = ngettext(
                "%(count)d sheet became a conflict and went to another juror.",
                "%(count)d sheets became conflicts and went to other jurors.",
                dropped,
            )
            messages.warning(request, words % {"count": dropped})
        return redirect("judging:juror", code, juror)
    context = {"juror": found, "competition": found.competition, "form": form}
    return render(request, "judging/juror.html", context, status=422 if form.errors else 200)


@require_POST
@for_secretariat
def resend(request: HttpRequest, code: str, juror: str) -> HttpResponse:
    found = juror_or_404(code, juror)
    actions.send_invitation(found, by=person(request))
    messages.success(request, _("The invitation to %(name)s is sent again.") % {"name": found.user})
    return redirect("judging:juror", code, juror)


@require_http_methods(["GET", "POST"])
@for_secretariat
def leave(request: HttpRequest, code: str, juror: str) -> HttpResponse:
    """What would become of the juror's sheets; the reason typed there ends the service."""
    found = juror_or_404(code, juror)
    if found.left_at is not None:
        messages.info(request, _("%(name)s has already left.") % {"name": found.user})
        return redirect("judging:juror", code, juror)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = actions.leave(found, reason=form.cleaned_data["reason"], by=person(request))
        _say_left(request, found, done)
        return redirect("judging:jurors", code)
    context = {"juror": found, "competition": found.competition, "form": form, "leaving": foresee(found)}
    return render(request, "judging/leave.html", context, status=422 if form.errors else 200)


def _say_left(request: HttpRequest, juror: Juror, done: HandedBack) -> None:
    words = _(
        "%(name)s has left. Unfinished sheets taken back: %(taken)d. Sheets given to other jurors, who are told:"
        " %(given)d."
    )
    messages.success(request, words % {"name": juror.user, "taken": done.taken, "given": done.given})
    if done.short:
        words = ngettext(
            "%(count)d proposal now lacks a juror: nobody without a conflict of interest is left for it.",
            "%(count)d proposals now lack a juror: nobody without a conflict of interest is left for them.",
            done.short,
        )
        messages.warning(request, words % {"count": done.short})


def juror_or_404(code: str, juror: str) -> Juror:
    found = Juror.objects.select_related("user", "agency", "competition")
    return get_object_or_404(found, competition__code=code, code=juror)
