"""The small JSON answers that static/js/autosave.js asks for. The same save without JavaScript is views.writing's.

200 {version, words, saved, remarks, others}, of the details {held_back, merged} too; 409 {message, stored},
of the details {message, fields, version, merged}, when somebody saved meanwhile; 422 {message} when it is refused;
403 {code, message}. Without a session accounts.middleware answers 401.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from competitions.models import Aspect
from proposals import actions, pasted, presence, rules
from proposals.details import stored as stored_values
from proposals.details import written
from proposals.forms import AspectForm, DetailsForm, said
from proposals.models import Answer, Proposal
from proposals.reading import details as detail_rows
from proposals.views.loading import reader, standing, visible

MOST_KEY = 64  # signs of a client's key


def key(request: HttpRequest) -> str:
    """The name the browser gave this save, so that asking again does not save again."""
    return request.POST.get("key", "")[:MOST_KEY]


def answer(request: HttpRequest, proposal: Proposal, aspect_key: str) -> JsonResponse:
    """Saves the one box that is posted as `question`, with its text and version as the page's form names them."""
    aspect = get_object_or_404(Aspect, group=proposal.group_id, key=aspect_key)
    question = get_object_or_404(aspect.questions, key=request.POST.get("question", ""))
    form = AspectForm(request.POST, aspect=aspect, stored={})
    if not form.is_valid() or question not in form.questions:
        return JsonResponse({"message": _refusal(form)}, status=422)
    text, version = form.sent(question)
    try:
        refuse_somebody_else(request)
        saved = actions.save_answer(
            proposal, question, text=text, base_version=version, by=reader(request), key=key(request)
        )
    except actions.StaleVersion as stale:
        return _answer_conflict(stale.current if isinstance(stale.current, Answer) else None, reader(request))
    except (ValidationError, PermissionDenied) as refused:
        return _refused(refused)
    return JsonResponse({
        "version": saved.version, "words": saved.words, "saved": saved_words(saved.saved_at),
        "remarks": pasted.remarks(saved.text), "others": presence.sentence(proposal, aspect.key, me=reader(request)),
    })  # fmt: skip


def details(request: HttpRequest, proposal: Proposal) -> JsonResponse:
    """Saves the fields of the details page that are good; what is not yet is named and waits in the page."""
    form = DetailsForm(request.POST, proposal=proposal)
    form.is_valid()
    version = form.cleaned_data.get("version")
    if version is None:
        return JsonResponse({"message": _refusal(form)}, status=422)
    try:
        refuse_somebody_else(request)
        saved = actions.save_details(
            proposal, changes=form.changes, base_version=version, by=reader(request), key=key(request)
        )
    except actions.StaleVersion as stale:
        return _details_conflict(stale, form)
    except (ValidationError, PermissionDenied) as refused:
        return _refused(refused)
    held_back = {name: " ".join(map(str, errors)) for name, errors in form.errors.items() if name in form.fields}
    return JsonResponse({
        "version": saved.version, "held_back": held_back,
        "saved": _("Everything else is saved.") if held_back else saved_words(saved.updated_at),
        "merged": _merged(saved, form),
        "remarks": [f"{form.fields[name].label}: {error}" for name, error in held_back.items()],
        "others": presence.sentence(proposal, "details", me=reader(request)),
    })  # fmt: skip


@require_POST
def presence_of(request: HttpRequest, code: str) -> JsonResponse:
    """The light question of an open page: who else is here, and which versions are stored now."""
    proposal = visible(request, code)
    if not rules.may_ever_edit(standing(request, proposal)):
        raise PermissionDenied
    page = request.POST.get("page", "")
    if page == "details":
        versions = {"details": proposal.version}
    else:
        aspect = get_object_or_404(Aspect, group=proposal.group_id, key=page)
        stored = proposal.answers.filter(question__aspect=aspect)
        versions = dict(stored.values_list("question__key", "version"))
    return JsonResponse({"others": presence.sentence(proposal, page, me=reader(request)), "versions": versions})


@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where signing in again leads whose text waits in another tab."""
    return render(request, "proposals/signed_in.html")


def refuse_somebody_else(request: HttpRequest) -> None:
    """A page opened by one person never saves in the name of another who signed in meanwhile on the same computer."""
    if request.POST.get("reader", reader(request).email) != reader(request).email:
        words = _("Not saved: another person signed in on this computer. Copy your text and sign in again.")
        raise ValidationError(words, code="somebody_else")


def _refusal(form: AspectForm | DetailsForm) -> str:
    errors = [str(error) for errors in form.errors.values() for error in errors]
    return " ".join([_("This could not be saved."), *errors])


def _refused(refused: ValidationError | PermissionDenied) -> JsonResponse:
    if isinstance(refused, PermissionDenied):
        return JsonResponse({"message": _("You cannot change this proposal at the moment.")}, status=403)
    if refused.code == "somebody_else":
        return JsonResponse({"code": refused.code, "message": said(refused)}, status=403)
    kept = _("Your text is kept in the history of this page, outside of the proposal.")
    return JsonResponse({"code": refused.code, "message": f"{said(refused)} {kept}"}, status=422)


def saved_words(saved_at: object) -> str:
    """When something was saved, as the state line of a page says it."""
    return render_to_string("proposals/_saved.txt", {"saved_at": saved_at}).strip()


def whose(answer: Answer | None, me: User) -> str:
    """Who stored a text, as the page of a conflict names them: often it is one person in two windows."""
    if answer is None:
        return ""
    return answer.saved_by.name if answer.saved_by_id != me.pk else _("you (in another window or on another device)")


def _answer_conflict(current: Answer | None, me: User) -> JsonResponse:
    """Both texts go on: the browser still has its own, and gets the stored one beside it."""
    name = whose(current, me)
    message = _("%(name)s saved another text here meanwhile. Both are below; nothing is lost.") % {"name": name}
    if current and current.saved_by_id == me.pk:
        message = _(
            "You saved another text here meanwhile, in another window or on another device. Both are below; nothing is"
            " lost."
        )
    by = render_to_string("proposals/_by.txt", {"name": name, "at": current.saved_at}).strip() if current else ""
    stored = {"text": current.text if current else "", "version": current.version if current else 0, "by": by}
    return JsonResponse({"message": message, "stored": stored}, status=409)


def _details_conflict(stale: actions.StaleVersion, form: DetailsForm) -> JsonResponse:
    assert isinstance(stale.current, Proposal)  # noqa: S101  what save_details raises
    rows = {each.name: each for each in detail_rows(stale.current)}
    fresh = DetailsForm(None, proposal=stale.current)
    fields = [
        {"name": name, "label": rows[name].label, "stored": rows[name].value, "value": fresh.plain_value(name)}
        for name in stale.fields
    ]
    message = _(
        "This page was changed meanwhile, by somebody else or by you in another window. What differs is shown at its"
        " field; all else is saved."
    )
    answer = {"version": stale.current.version, "fields": fields, "merged": _merged(stale.current, form, stale.fields)}
    return JsonResponse(answer | {"message": message}, status=409)


def _merged(stored: Proposal, form: DetailsForm, clashing: tuple[str, ...] = ()) -> dict[str, object]:
    """What others stored in fields this person had left alone. The page has to show it: it goes on from the version
    that is stored now, and would take the old values for a wish."""
    now, fresh = stored_values(stored), DetailsForm(None, proposal=stored)
    return {
        name: fresh.plain_value(name)
        for name, value in written(form.changes).items()
        if value != now[name] and name not in clashing
    }
