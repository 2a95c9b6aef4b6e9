"""Check-your-answers, and the one view of every move."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from competitions import calendar
from proposals import actions, deadline, rules, workflow
from proposals.completeness import checklist
from proposals.forms import NoteForm
from proposals.models import Proposal
from proposals.near_titles import near_titles
from proposals.reading import read, with_remarks
from proposals.views.comments import open_remarks
from proposals.views.loading import frame, loaded, reader, standing, visible


@require_GET
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Every stored field once, what still stands against sending, and the one button that hands it on."""
    facts = loaded(request, code)
    who = standing(request, facts.proposal)
    context = frame(request, facts, who)
    if not context["may_edit"]:
        return redirect("proposals:proposal", code)
    steps, remarks = workflow.open_to(who), open_remarks(facts.proposal, reader=who.user)
    context |= {
        "reading": with_remarks(read(facts.proposal), remarks),
        "may_comment": rules.may_comment(who),
        "checklist": checklist(facts),
        "near": near_titles(facts.proposal, reader=who.user),
        "step": next((step for step in steps if step.style == "primary"), None),
        "sequence": next_sequence(facts.proposal),
        "other_steps": [step for step in steps if step.style != "primary"],
    }
    return render(request, "proposals/check.html", context)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """GET asks for confirmation (and the note), POST makes the move."""
    step = workflow.TRANSITIONS.get(name)
    if step is None or name in workflow.WITHOUT_BUTTON:
        raise Http404
    proposal = visible(request, code)
    who, step = standing(request, proposal), workflow.worded(step, proposal.status)
    form = NoteForm(request.POST if request.method == "POST" else None)
    form.fields["note"].required = step.needs_note
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, proposal, step, form.cleaned_data["note"])
        except ValidationError as refused:
            refusals = refused.messages
    elif request.method == "GET":
        refusals = _refusals(step, who)
    context = {"proposal": proposal, "step": step, "form": form, "refusals": refusals}
    context["may_try"] = request.method == "POST" or not refusals
    context["instead"] = next(
        (each for each in workflow.open_to(who) if (name, each.name) == ("withdraw", "correct")), None
    )
    if name == "send":
        context["sequence"] = next_sequence(proposal)
    context["submission_words"] = deadline.words(calendar.submission_stage(proposal.competition), calendar.now())
    return render(
        request, "proposals/move.html", context, status=422 if form.is_bound and (refusals or form.errors) else 200
    )


def _refusals(step: workflow.Transition, who: rules.Standing) -> list[str]:
    """Why whoever could make this step at another time cannot make it now."""
    try:
        workflow.refuse_unless_now(step, who)
    except ValidationError as refused:
        return refused.messages
    return []


def next_sequence(proposal: Proposal) -> int:
    """Which sending the page asks for: a page from before a withdrawal asks for one that is over."""
    return proposal.submissions.count() + 1


def _made(request: HttpRequest, proposal: Proposal, step: workflow.Transition, note: str) -> HttpResponse:
    if step.name == "send":
        typed = request.POST.get("sequence", "")
        actions.send(proposal, by=reader(request), sequence=int(typed) if typed.isdecimal() else None)
        return redirect("proposals:receipt", proposal.code)
    if _was_just_made(request, proposal, step):
        messages.info(request, _("This was done before: %(step)s.") % {"step": step.past})
    else:
        actions.move(proposal, step.name, by=reader(request), note=note)
        messages.success(request, f"{step.past}.")
    return redirect("proposals:proposal", proposal.code)


def _was_just_made(request: HttpRequest, proposal: Proposal, step: workflow.Transition) -> bool:
    """A second click: this person's last move is this very one."""
    last = proposal.moves.last()
    return proposal.status == step.target and last is not None and (last.name, last.made_by) == (
        step.name, reader(request),
    )  # fmt: skip
