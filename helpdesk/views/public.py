"""For everybody: the answers to what many ask, opening a ticket with a confirmed address, and following one's own."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import is_secretariat
from competitions import calendar
from helpdesk.forms import SearchForm
from helpdesk.hours import holidays, next_opening
from helpdesk.models import FrequentQuestion, Subject


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """?q=words: the answers that hold them, the nearest first; else all, by subject."""
    form = SearchForm(request.GET or None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    published = FrequentQuestion.objects.published()
    context = {
        "query": query,
        "found": published.matching(query) if query else None,
        "subjects": [] if query else by_subject(list(published)),
        "opens": next_opening(calendar.now(), holidays()),
        "edits": is_secretariat(request.user),
    }
    return render(request, "helpdesk/help.html", context)


def by_subject(questions: list[FrequentQuestion]) -> list[tuple[str, str, list[FrequentQuestion]]]:
    """(value, name, its questions) of each subject that has any, in the order in which the subjects are declared."""
    order = {value: place for place, value in enumerate(Subject.values)}
    ordered = sorted(questions, key=lambda each: order[each.subject])
    return [
        (value, str(Subject(value).label), list(rows)) for value, rows in groupby(ordered, lambda each: each.subject)
    ]
