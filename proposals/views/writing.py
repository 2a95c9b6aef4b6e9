"""The pages where a proposal is written: details, one page for each aspect, innovations of earlier years.

Who may not write, or comes too late, is led to the whole proposal; a text posted too late is shown again with the
reason, never thrown away.
"""

from copy import copy
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import wants_json
from competitions.models import Aspect
from proposals import actions, pasted, presence
from proposals.comparing import compare
from proposals.completeness import checklist
from proposals.copying import changed_questions
from proposals.facts import Facts
from proposals.forms import AspectForm, DetailsForm
from proposals.models import Answer, Comment, Proposal
from proposals.reading import details as detail_rows
from proposals.views import autosave
from proposals.views.comments import open_remarks
from proposals.views.loading import frame, loaded, reader, visible
from proposals.words import clean, count_words


def _closed_page(request: HttpRequest, facts: Facts) -> HttpResponse:
    """Where somebody goes who opens a writing page without being able to write."""
    return redirect("proposals:proposal", facts.proposal.code)


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "POST" and wants_json(request):
        return autosave.details(request, visible(request, code))
    facts = loaded(request, code)
    context = frame(request, facts)
    if request.method == "GET" and not context["may_edit"]:
        return _closed_page(request, facts)
    form = DetailsForm(request.POST or None, proposal=facts.proposal)
    if request.method == "POST" and form.is_valid():
        try:
            autosave.refuse_somebody_else(request)
            saved = actions.save_details(
                facts.proposal, changes=form.changes, base_version=form.cleaned_data["version"], by=reader(request),
                key=autosave.key(request),
            )  # fmt: skip
        except actions.StaleVersion as stale:
            return _details_conflict(request, facts, form, stale)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            _warn_of_details(request, saved.code)
            return _after(request, facts, "proposals:details", saved.code)
    context |= _writing_context(request, facts, "details")
    context |= {"form": form, "findings": _findings(facts, "proposals:details")}
    return render(request, "proposals/details.html", context, status=422 if form.errors else 200)


def _warn_of_details(request: HttpRequest, code: str) -> None:
    """What stands against a rule is stored all the same; that the proposal cannot go like this is said at once."""
    for each in checklist(loaded(request, code)).blocking:
        if each.section == "proposals:details" and not each.missing:
            messages.warning(request, f"{each.message} {each.advice}".strip())


def _writing_context(request: HttpRequest, facts: Facts, page: str) -> dict[str, object]:
    """What autosave needs of a page: a key for its own button, its reader's name, and who else is here."""
    user = reader(request)
    return {"save_key": uuid4().hex, "reader": user, "page": page,
            "others": presence.sentence(facts.proposal, page, me=user)}  # fmt: skip


def _details_conflict(
    request: HttpRequest, facts: Facts, form: DetailsForm, stale: actions.StaleVersion
) -> HttpResponse:  # fmt: skip
    """Field by field: what was posted, and what somebody else stored meanwhile, with a choice for each."""
    facts = loaded(request, facts.proposal.code)
    mine = copy(facts.proposal)
    for name, value in form.changes.items():
        setattr(mine, name, value)
    pairs = [
        (stored, own) for stored, own in zip(detail_rows(facts.proposal), detail_rows(mine), strict=True)
        if stored.name in stale.fields
    ]  # fmt: skip
    again = request.POST.copy()
    fresh = DetailsForm(None, proposal=facts.proposal)
    for name in set(fresh.fields) - set(stale.fields):  # what is stored now, also where others changed it
        again.setlist(name, plain if isinstance(plain := fresh.plain_value(name), list) else [plain])
    context = frame(request, facts) | _writing_context(request, facts, "details")
    context |= {"pairs": pairs, "form": DetailsForm(again, proposal=facts.proposal)}
    return render(request, "proposals/details_conflict.html", context, status=409)


@require_http_methods(["GET", "POST"])
def aspect(request: HttpRequest, code: str, key: str) -> HttpResponse:
    if request.method == "POST" and wants_json(request):
        return autosave.answer(request, visible(request, code), key)
    facts = loaded(request, code)
    chosen = get_object_or_404(Aspect, group=facts.proposal.group, key=key)
    context = frame(request, facts)
    if request.method == "GET" and not context["may_edit"]:
        return _closed_page(request, facts)
    asked = facts.asked_in(chosen)
    if request.method == "GET" and not asked:
        return _closed_page(request, facts)
    form = AspectForm(request.POST or None, aspect=chosen, stored=facts.answers, asked=asked)
    conflicts: list[dict[str, object]] = []
    if request.method == "POST" and form.is_valid():
        try:
            autosave.refuse_somebody_else(request)
            conflicts = _save_boxes(request, facts, form)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            if not conflicts:
                _resolve(request, facts.proposal)
                _warn_of_length(request, form)
                return _after(request, facts, "proposals:aspect", code, key)
    context |= _writing_context(request, facts, key)
    remarks = open_remarks(facts.proposal, reader=reader(request))
    context |= {"aspect": chosen, "form": form, "boxes": _boxes(form, facts, remarks)}
    if conflicts:
        return render(request, "proposals/conflict.html", context | {"conflicts": conflicts}, status=409)
    context["findings"] = _findings(facts, "proposals:aspect", key)
    context["evidence"] = [each for each in facts.requirements if each.aspect_id == chosen.pk]
    return render(request, "proposals/aspect.html", context, status=422 if form.errors else 200)


def _warn_of_length(request: HttpRequest, form: AspectForm) -> None:
    """Too many words are stored like any others; that the proposal cannot go like this is said at once."""
    for question in form.questions:
        words = count_words(clean(form.sent(question)[0]))
        if question.max_words and words > question.max_words:
            counts = {"question": question.label, "words": words, "most": question.max_words}
            text = _("“%(question)s” has %(words)s words; at most %(most)s may be sent. Shorten it before you hand in.")
            messages.warning(request, text % counts)


def _save_boxes(request: HttpRequest, facts: Facts, form: AspectForm) -> list[dict[str, object]]:
    """Stores what can be stored; what somebody else changed meanwhile comes back as both texts side by side."""
    conflicts = []
    for question in form.questions:
        text, version = form.sent(question)
        if request.POST.get(f"take-{question.key}") == "stored":
            continue  # a conflict settled for the stored text
        try:
            actions.save_answer(
                facts.proposal, question, text=text, base_version=version, by=reader(request), key=autosave.key(request)
            )
        except actions.StaleVersion as stale:
            stored = stale.current if isinstance(stale.current, Answer) else None
            conflicts.append({
                "question": question, "mine": text, "stored": stored, "by": autosave.whose(stored, reader(request)),
                "change": compare(stored.text if stored else "", clean(text)),
            })  # fmt: skip
        else:
            for remark in pasted.remarks(text):
                messages.warning(request, f"{question.label} – {remark}")
    return conflicts


def _resolve(request: HttpRequest, proposal: Proposal) -> None:
    """The button beside a remark: what stands in the boxes is stored first, then the remark is done."""
    if code := request.POST.get("resolve"):
        actions.resolve(get_object_or_404(proposal.comments, code=code), by=reader(request))


def _boxes(form: AspectForm, facts: Facts, remarks: list[Comment]) -> list[dict[str, object]]:
    earlier = facts.proposal.copied_from
    former = changed_questions(earlier.group, facts.proposal.group) if earlier else {}
    return [
        {"question": question, "text": form[f"text-{question.key}"], "version": form[f"version-{question.key}"],
         "answer": facts.answers.get(question.pk), "former": former.get(question.pk),
         "remarks": [each for each in remarks if each.question_id == question.pk]}
        for question in form.questions
    ]  # fmt: skip


def _findings(facts: Facts, page: str, key: str = "") -> list[object]:
    """What the rules say against this page as it is stored, beyond what is simply not filled in yet."""
    found = checklist(facts)
    return [
        each for each in [*found.blocking, *found.to_check]
        if (each.section, each.key) == (page, key) and not each.missing
    ]  # fmt: skip


def _after(request: HttpRequest, facts: Facts, page: str, code: str, key: str = "") -> HttpResponse:
    """Where a save leads: the same page, the task list, the next section, or the search for an innovation."""
    messages.success(request, _("Saved."))
    wish = request.POST.get("then", "")
    if wish in {"past_innovation", "source_innovation"}:
        return redirect("proposals:innovation", code, wish)
    following = checklist(facts).after(page, key) if wish == "next" else None
    if following:
        return redirect(following.url)
    if wish == "stay" or request.POST.get("resolve"):
        return redirect(page, *([code, key] if key else [code]))
    return redirect("proposals:proposal", code)
