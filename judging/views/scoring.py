"""A juror before one sheet: scoring, putting off, recusing, and the proposal's files.

static/js/scoring.js asks the same address for JSON and saves while it is typed: 200 {version, saved, remarks},
with `next` (an address) once it is final; 409 {message, version, by, fields} when another window saved meanwhile;
422 or 403 {code, message} when it is refused. Without a session accounts.middleware answers 401.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import refusals_on, wants_json
from files.serving import respond
from judging import actions
from judging.forms.reasons import RecuseForm
from judging.forms.scoring import ScoringForm
from judging.models import Assessment, Juror
from judging.scoring import desk
from judging.scoring.sheet import criteria_of, read_sheet
from judging.views.desk import person, posted
from proposals.models import Document
from proposals.reading import read
from proposals.views.autosave import refuse_somebody_else, saved_words

View = Callable[..., HttpResponseBase]


def sheet_view(view: View) -> View:
    """Give the view the sheet of that code: 404 unless it is the reader's, the pact first if it is not yet signed, the
    desk if it was passed on."""

    @wraps(view)
    def wrapped(request: HttpRequest, code: str, **more: str) -> HttpResponseBase:
        user = person(request)
        sheet = read_sheet(code, user)
        if sheet is not None:
            return view(request, sheet, **more)
        waiting = Juror.objects.current().filter(user=user, pact_accepted_at=None, assessments__code=code)
        if unsigned := waiting.select_related("competition").first():
            return redirect("judging:pact", unsigned.competition.code)
        if request.method == "GET" and Assessment.objects.passed_on_by(user).filter(code=code).exists():
            messages.info(request, _("This proposal is no longer in your pile: its assessment goes to another juror."))
            return redirect("judging:desk")
        raise Http404

    return wrapped


def own_sheet_view(view: View) -> View:
    """As sheet_view; 403 to whoever may read the sheet but is not its juror."""

    @sheet_view
    @wraps(view)
    def wrapped(request: HttpRequest, sheet: Assessment, **more: str) -> HttpResponseBase:
        if sheet.juror.user_id != request.user.pk:
            raise PermissionDenied
        return view(request, sheet, **more)

    return wrapped


@require_http_methods(["GET", "POST"])
@sheet_view
def assessment(request: HttpRequest, sheet: Assessment) -> HttpResponseBase:
    """The scoring screen: proposal and rubric side by side."""
    if request.method == "POST":
        return _posted(request, sheet)
    return _page(request, sheet, ScoringForm(assessment=sheet, criteria=criteria_of(sheet)))


def _posted(request: HttpRequest, sheet: Assessment) -> HttpResponseBase:
    if sheet.juror.user_id != request.user.pk:
        raise PermissionDenied
    form = ScoringForm(request.POST, assessment=sheet, criteria=criteria_of(sheet))
    if wants_json(request):
        return _autosave(request, sheet, form)
    if form.is_valid() and (answer := _save(request, sheet, form)):
        return answer
    return _page(request, sheet, form)


def _page(request: HttpRequest, sheet: Assessment, form: ScoringForm) -> HttpResponse:
    stale = form.has_error(NON_FIELD_ERRORS, "stale")
    closed = desk.why_read_only(sheet)
    content = read(sheet.entry.proposal, document_url=lambda _proposal, each: document_url(sheet, each.key))
    context = {
        "sheet": sheet, "form": form, "closed": closed, "own": sheet.juror.user_id == request.user.pk, "stale": stale,
        "proposal": sheet.entry.proposal, "round": sheet.entry.round, "reading": content,
        "versions": form.beside_stored() if stale or (closed and form.is_bound) else [],
        "progress": desk.progress_of(sheet), "reader": request.user,
    }  # fmt: skip
    return render(request, "judging/assessment.html", context, status=409 if stale else 422 if form.errors else 200)


def document_url(sheet: Assessment, key: str) -> str:
    return reverse("judging:document", args=[sheet.code, key])


def _store(request: HttpRequest, sheet: Assessment, form: ScoringForm, *, final: bool) -> Assessment:
    """Saves what the form holds. A save that came too late is noted, so that nobody has to take a juror's word."""
    words = form.cleaned_data
    try:
        return actions.save_assessment(
            sheet, scores=form.scores, comments=form.comments, comment=words.get("comment"),
            panel_note=words.get("panel_note"), version=words["version"], writer=form.writer, final=final,
            by=person(request),
        )  # fmt: skip
    except ValidationError as error:
        if error.code in ("closed", "frozen"):
            actions.note_late_save(sheet, scores=form.scores, by=person(request))
        raise


def _save(request: HttpRequest, sheet: Assessment, form: ScoringForm) -> HttpResponse | None:
    deed, following = request.POST.get("deed"), _next(sheet)
    try:
        if deed != "skip" or form.beside_stored():
            _store(request, sheet, form, final=deed == "final")
        if deed == "skip":
            actions.skip(sheet, by=person(request))
    except ValidationError as error:
        form.add_error(None, error)
        if getattr(error, "code", "") == "stale":
            form.build_on(sheet.version)
        return None
    if deed == "final":
        messages.success(request, _("The sheet of “%(title)s” is final.") % {"title": sheet.entry.proposal.title})
    elif deed == "skip":
        messages.info(request, _("Put at the end of your pile."))
    else:
        messages.success(request, _("The draft is saved."))
        return redirect("judging:assessment", sheet.code)
    return redirect(following)


def _autosave(request: HttpRequest, sheet: Assessment, form: ScoringForm) -> JsonResponse:
    """What is good is stored, what is not yet is named and waits in the page; a final sheet must be good throughout."""
    wrong = [f"{form.fields[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
    final = request.POST.get("deed") == "final"
    if "version" not in form.cleaned_data or (final and wrong):
        return JsonResponse({"code": "invalid", "message": " ".join(wrong)}, status=422)
    try:
        refuse_somebody_else(request)
        saved = _store(request, sheet, form, final=final)
    except ValidationError as error:
        if error.code == "stale":
            return _conflict(sheet, error, request)
        refusal = {"code": error.code, "message": " ".join(error.messages)}
        return JsonResponse(refusal, status=403 if error.code == "somebody_else" else 422)
    words = _("The rest is saved.") if wrong else saved_words(saved.saved_at)
    answer: dict[str, object] = {"version": saved.version, "saved": words, "remarks": wrong}
    if final:
        answer["next"] = _next(saved)
    return JsonResponse(answer)


def _conflict(sheet: Assessment, error: ValidationError, request: HttpRequest) -> JsonResponse:
    """Both sides, field by field, as they stand now: the browser still has its own."""
    now = read_sheet(sheet.code, person(request)) or sheet
    form = ScoringForm(request.POST, assessment=now, criteria=criteria_of(now))
    form.is_valid()
    answer = {"message": " ".join(error.messages), "version": now.version, "fields": form.beside_stored()}
    return JsonResponse(answer | {"by": saved_words(now.saved_at)}, status=409)


def _next(sheet: Assessment) -> str:
    """The address of the pile's next open sheet, or of the desk when there is none."""
    following = desk.next_sheet(sheet)
    return reverse("judging:assessment", args=[following.code]) if following else reverse("judging:desk")


@require_http_methods(["GET", "POST"])
@own_sheet_view
def recuse(request: HttpRequest, sheet: Assessment) -> HttpResponse:
    form = RecuseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        following = _next(sheet)
        with refusals_on(form):
            actions.recuse(sheet, reason=form.cleaned_data["reason"], by=person(request))
            messages.success(request, _("Thank you for saying so. The proposal is no longer in your pile."))
            return redirect(following)
    context = {"form": form, "sheet": sheet, "proposal": sheet.entry.proposal}
    return render(request, "judging/recuse.html", context, status=422 if form.errors else 200)


@require_safe
@sheet_view
def document(request: HttpRequest, sheet: Assessment, key: str) -> HttpResponseBase:
    """A file of the proposal on the sheet; the only door to it for a juror."""
    documents = Document.objects.select_related("file")
    return respond(get_object_or_404(documents, proposal=sheet.entry.proposal, requirement__key=key).file)
