"""Bad days of the secretariat: a proposal disqualified while it is judged, weights that were wrong."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import refusals_on
from competitions.models import Round
from judging import actions
from judging.forms.plenary import WeightsForm
from judging.forms.reasons import ReasonForm
from judging.models import Disqualification, Entry, Selection, WeightRevision
from judging.plenary.whatif import Settings, ground_of, outcome
from judging.ranking.changing import changes
from judging.ranking.places import rank
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url
from proposals.models import Proposal


@require_http_methods(["GET", "POST"])
@for_secretariat
def disqualify(request: HttpRequest, proposal: str) -> HttpResponse:
    """One clerk proposes it with a reason, another confirms it; the page names the lists that hold the proposal."""
    found = get_object_or_404(Proposal.objects.select_related("agency", "competition"), code=proposal)
    note = Disqualification.objects.filter(proposal=found).select_related("made_by", "confirmed_by").first()
    form, deed = ReasonForm(posted(request)), request.POST.get("deed", "propose")
    if request.method == "POST" and ((note and deed in ("confirm", "withdraw")) or form.is_valid()):
        try:
            told = _deed(found, note, deed, form, request)
        except ValidationError as error:
            form.is_valid()
            form.errors.clear()
            form.add_error(None, error)
        else:
            messages.success(request, told)
            return redirect("judging:disqualify", found.code)
    entries = Entry.objects.filter(proposal=found).select_related("round__group__competition")
    holding = Selection.objects.standing().holding(found.pk).select_related("round", "correction")
    context = {
        "proposal": found, "competition": found.competition, "note": note, "form": form,
        "is_own": bool(note and note.made_by_id == person(request).pk), "entries": entries, "holding": holding,
    }  # fmt: skip
    return render(request, "judging/disqualify.html", context, status=422 if form.errors else 200)


def _deed(found: Proposal, note: Disqualification | None, deed: str, form: ReasonForm, request: HttpRequest) -> str:
    by = person(request)
    if note and deed == "confirm":
        actions.confirm_disqualification(note, by=by)
        return _("The proposal is disqualified and has left every ranking that is not fixed.")
    if note and deed == "withdraw":
        actions.withdraw_disqualification(note, by=by)
        return _("The proposal stays in the competition.")
    actions.propose_disqualification(found, reason=form.cleaned_data["reason"], by=by)
    return _("Noted. It counts once a second person of the secretariat has confirmed it.")


@require_http_methods(["GET", "POST"])
@for_secretariat
def weights(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Correct the weights of the rubric by a letter, after a page that names who enters and who leaves; the results
    before each correction stay, beside those of now."""
    found = round_or_404(code, group, key)
    form = WeightsForm(posted(request), criteria=list(found.criteria.select_related("aspect").order_by("order", "key")))
    deed = request.POST.get("deed")
    if request.method == "POST" and form.is_valid() and deed != "mend":
        with refusals_on(form):
            if deed != "correct":
                actions.check_weights(found, **form.deed)
                return _foretell(request, found, form)
            actions.revise_weights(found, **form.deed, seen=request.POST.get("seen", ""), by=person(request))
            messages.success(request, _("The weights are corrected and the ranking is computed anew."))
            return redirect(round_url("weights", found))
    revisions = list(found.weight_revisions.select_related("made_by").prefetch_related("round__criteria"))
    context = {
        "round": found, "competition": found.group.competition, "form": form, "revisions": revisions,
        "changes": _since(revisions[0]) if revisions else None, "selection": Selection.objects.fixing(found).first(),
    }  # fmt: skip
    return render(request, "judging/weights.html", context, status=422 if form.errors else 200)


def _foretell(request: HttpRequest, judging_round: Round, form: WeightsForm) -> HttpResponse:
    weights = {key: str(weight) for key, weight in form.weights.items()}
    ground = ground_of(judging_round)
    foretold = outcome(ground, Settings(weights))
    context = {
        "round": judging_round, "competition": judging_round.group.competition, "form": form,
        "changed": [(each, form.weights[each.key]) for each in form.criteria if each.weight != form.weights[each.key]],
        "changes": changes(foretold.leaving, foretold.entering) if judging_round.has_selection else None,
        "counted_in": judging_round.counted_in(), "seen": ground.inputs.sha256(),
    }  # fmt: skip
    return render(request, "judging/weights_confirm.html", context)


def _since(revision: WeightRevision) -> object:
    """Who enters and who leaves since the latest correction."""
    was = [code for code, _rank, _total, is_in in revision.ranking_before if is_in]
    return changes(was, (place.proposal for place in rank(revision.round).places if place.within_quota))
