"""The competition in figures, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competitions.models import Competition
from files.serving import made
from files.spreadsheets import CSV, as_csv
from yearbook.exports import table_rows
from yearbook.history import Year, totals, years
from yearbook.seasons import lived
from yearbook.tables import TABLES, funnel


@login_not_required
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """?year=<year, or code of a year lived in the portal>: whose way from registration to award is shown."""
    offered = _years()
    chosen = request.GET.get("year", "")
    chosen = chosen if chosen in offered else next(iter(offered), "")
    tables = {key: table() for key, table in TABLES.items()}
    context = {
        "tables": tables,
        "funnel": funnel(offered[chosen]) if chosen else None,
        "years": [(key, each.name) for key, each in offered.items()],
        "chosen": chosen,
        "totals": totals(),
    }
    return render(request, "yearbook/statistics.html", context)


@login_not_required
@require_safe
def csv(request: HttpRequest, key: str) -> HttpResponse:
    if key == "funnel":
        offered = _years()
        chosen = offered.get(request.GET.get("year", ""))
        if chosen is None:
            raise Http404
        table = funnel(chosen)
    elif key in TABLES:
        table = TABLES[key]()
    else:
        raise Http404
    return made(as_csv(table_rows(table, _("Source"))), name=f"statistik-{key}.csv", media_type=CSV)


def _years() -> dict[str, Competition | Year]:
    """What the funnel can show: the portal's own years, then the published ones; newest first."""
    own: dict[str, Competition | Year] = {each.code: each for each in lived()}
    known = [each for each in years() if sum(step is not None for step in each.steps) > 1]
    return own | {str(each.year): each for each in reversed(known) if str(each.year) not in own}
