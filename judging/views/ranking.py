"""The ranking board of a round: the official order beside what calibration says of it."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.models import Agency
from competitions import wording
from competitions.models import Category
from files.serving import made
from files.spreadsheets import CSV, as_csv
from judging import actions
from judging.exports import ranking_rows
from judging.models import Selection
from judging.ranking import board, composition
from judging.ranking.places import rank
from judging.verification import claims
from judging.views.desk import person
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404

PER_PAGE = 100
FILTERS = ("category", "type", "province", "fog")


@require_safe
@for_secretariat
def ranking(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The round's ranking by the written rule, with the quota line, its fog, and what the list is made of."""
    found = round_or_404(code, group, key)
    ranked = rank(found)
    rows, advice = board.advised(found, board.rows(found, ranked, actions.prepared_moves(found)))
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    page = Paginator(_filtered(rows, chosen), PER_PAGE).get_page(request.GET.get("page"))
    shown = board.drawn(list(page.object_list), quota=ranked.quota, entries=len(rows))
    context = {
        "round": found,
        "competition": found.group.competition,
        "ranking": ranked,
        "proposed_out": board.proposed_out(found),
        "advice": advice,
        "page": page,
        "rows": board.recomputed(found, shown),
        "judged": composition.judge(found, rows),
        "by_type": composition.by_agency_type(rows),
        "by_category": composition.by_category(rows),
        "by_province": composition.by_province(rows),
        "categories": _categories(rows),
        "types": Agency.Type.choices,
        "provinces": sorted({row.proposal.agency.province for row in rows} - {""}),
        "chosen": chosen,
        "mixture": wording.mixture(found, dict(found.group.rounds.values_list("key", "name"))),
        "revision": found.weight_revisions.only("letter_number", "made_at").first(),
        "verified": claims.beside(found, person(request)),
        "selection": Selection.objects.of(found),
    }
    return render(request, "judging/ranking.html", context)


def _categories(rows: Sequence[board.Row]) -> list[Category]:
    """Those that entered: the others would filter to nothing."""
    found = {row.proposal.category_id: row.proposal.category for row in rows}
    return sorted(found.values(), key=lambda category: category.name)


def _filtered(rows: Sequence[board.Row], chosen: dict[str, str]) -> list[board.Row]:
    return [
        row
        for row in rows
        if chosen["category"] in ("", row.proposal.category.key)
        and chosen["type"] in ("", row.proposal.agency.type)
        and chosen["province"] in ("", row.proposal.agency.province)
        and chosen["fog"] in ("", row.fog)
    ]


@require_safe
@for_secretariat
def ranking_file(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    found = round_or_404(code, group, key)
    rows, _advice = board.advised(found, board.rows(found, rank(found), actions.prepared_moves(found)))
    name = f"{slugify(f'{code}-{group}-{key}')}.csv"
    return made(as_csv(ranking_rows(rows)), name=name, media_type=CSV)
