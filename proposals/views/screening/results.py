"""The release of all results together, the batch of the clean ones, and the figures."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import refusals_on, refusals_said
from accounts.rules import as_secretariat
from competitions import calendar
from competitions.models import ScreeningRules
from files.serving import made
from files.spreadsheets import CSV, as_csv
from proposals import screening
from proposals.forms_screening import BatchForm
from proposals.models import Proposal, ScreeningBatch
from proposals.screening import figures as screening_figures
from proposals.screening import queue as screening_queue
from proposals.screening.release import corrections_running
from proposals.views.screening.loading import competition_of, to_queue, year


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest) -> HttpResponse:
    """What is missing, or what will be announced; POST releases everything at once, or (`what=corrections`) opens the
    correction period."""
    by = as_secretariat(request.user)
    competition = competition_of(request)
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    if request.method == "POST":
        with refusals_said(request):
            if request.POST.get("what") == "corrections":
                messages.success(request, _opened(screening.open_corrections(competition, by=by)))
            else:
                messages.success(request, _released(screening.release_results(competition, by=by)))
        return to_queue(competition, "screening_release")
    stage = calendar.submission_stage(competition)
    context = {
        "competition": competition,
        "rules": ScreeningRules.of(competition),
        "figures": screening_queue.figures(competition, reader=by),
        "groups": screening_queue.by_group(competition),
        "reasons": screening_queue.failed_by_reason(competition),
        "unopened": screening_queue.corrections_to_open(competition),
        "mending": corrections_running(competition),
        "submission_stage": stage,
        "is_closed": calendar.has_closed(stage),
    }
    return render(request, "proposals/screening/release.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def clean(request: HttpRequest) -> HttpResponse:
    """The proposals nothing speaks against; POST passes those shown, once their number is typed."""
    by = as_secretariat(request.user)
    competition = competition_of(request)
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            passed = screening.pass_clean(
                competition, shown=request.POST.getlist("shown"), typed=form.cleaned_data["typed"], by=by
            )
            messages.success(request, _batch_words(passed))
            return to_queue(competition, "screening_clean")
    context = {
        "competition": competition,
        "form": form,
        "items": screening.clean_items(competition),
        "batches": competition.screening_batches.select_related("made_by", "undone_by"),
        "may_undo": screening_queue.standing(competition).filter(proposal__status=Proposal.Status.SENT).exists(),
    }
    return render(request, "proposals/screening/clean.html", context, status=422 if form.errors else 200)


@require_POST
def undo_batch(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    batch = get_object_or_404(ScreeningBatch.objects.select_related("competition"), code=code)
    with refusals_said(request):
        number = screening.undo_batch(batch, by=by)
        words = ngettext(
            "%(number)d proposal is back in the queue.", "%(number)d proposals are back in the queue.", number
        )
        messages.success(request, words % {"number": number})
    return to_queue(batch.competition, "screening_clean")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    reader = as_secretariat(request.user)
    competition = competition_of(request)
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    is_head = screening.is_head(reader, competition)
    tables = screening_figures.tables(competition, for_head=is_head)
    context = {"competition": competition, "tables": tables, "is_head": is_head}
    return render(request, "proposals/screening/figures.html", context)


@require_safe
def figures_csv(request: HttpRequest, key: str) -> HttpResponse:
    """One table of the figures for a spreadsheet."""
    reader = as_secretariat(request.user)
    competition = year(request)
    table = screening_figures.table(competition, key, for_head=screening.is_head(reader, competition))
    if table is None:
        raise Http404
    return made(as_csv(screening_figures.cells(table)), name=f"seleksi-{competition.code}-{key}.csv", media_type=CSV)


def _batch_words(passed: screening.Passed) -> str:
    count = passed.batch.count
    words = ngettext("%(number)d proposal passed.", "%(number)d proposals passed.", count) % {"number": count}
    if passed.left_out:
        left = _("Left out, since somebody took or decided them meanwhile: %(numbers)s.")
        words = f"{words} {left % {'numbers': ', '.join(passed.left_out)}}"
    return words


def _opened(number: int) -> str:
    words = ngettext(
        "The correction period is open for %(number)d proposal.",
        "The correction period is open for %(number)d proposals.",
        number,
    )
    return words % {"number": number}


def _released(counts: dict[str, int]) -> str:
    if not counts["passed"] + counts["failed"]:
        return _("The results were already released; nothing was changed.")
    return (
        ngettext(
            "Released: %(passed)d passed, %(failed)d failed. %(told)d person is written to.",
            "Released: %(passed)d passed, %(failed)d failed. %(told)d people are written to.",
            counts["told"],
        )
        % counts
    )
