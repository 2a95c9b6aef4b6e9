"""A juror's piles of sheets, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions import calendar
from competitions.models import Stage
from judging.models import Assessment, Juror
from judging.querysets.selections import is_fixed
from judging.querysets.sheets import OPEN
from sinovik.home.steps import Step


@dataclass(frozen=True)
class Pile:
    """One juror role: how many sheets are final, how many can still be finished, and until when."""

    juror: Juror
    total: int
    final: int
    open: int
    closes_at: datetime | None


def piles_of(jurors: list[Juror]) -> list[Pile]:
    rows = (
        Assessment.objects.live()
        .filter(juror__in=jurors)
        .order_by()
        .annotate(stands=is_fixed("entry__round__"))
        .values_list("juror", "status", "entry__round__stage__ends_at", "stands", "is_reopened")
        .annotate(n=Count("pk"))
    )
    found, now = list(rows), calendar.now()
    return [_pile(juror, [row[1:] for row in found if row[0] == juror.pk], now) for juror in jurors]


def _pile(juror: Juror, rows: list[tuple[str, datetime | None, bool, bool, int]], now: datetime) -> Pile:
    to_do = [
        (end, number)
        for status, end, stands, again, number in rows
        if status in OPEN and not stands and (again or not calendar.has_closed(Stage(ends_at=end), now))
    ]
    return Pile(
        juror=juror,
        total=sum(row[-1] for row in rows),
        final=sum(row[-1] for row in rows if row[0] == "final"),
        open=sum(number for _end, number in to_do),
        closes_at=min((end for end, _number in to_do if end), default=None),
    )


def juror_step(found: list[Pile]) -> Step:
    """What a juror does next: the pact, the next sheet, or nothing."""
    unsigned = next((pile for pile in found if pile.juror.pact_accepted_at is None), None)
    if unsigned is not None:
        text = _("You see proposals only after you accept it.")
        url = reverse("judging:pact", args=[unsigned.juror.competition.code])
        return Step(_("Read and accept the integrity pact"), text, url, _("Read the pact"))
    left = sum(pile.open for pile in found)
    if left:
        title = ngettext("%d proposal is left to assess", "%d proposals are left to assess", left) % left
        text = _("Drafts are saved as you go; a score counts once you make it final.")
        return Step(title, text, reverse("judging:desk"), _("Go on assessing"))
    if not any(pile.total for pile in found):
        return Step(_("No proposal has been assigned to you yet"), _("We write to you as soon as there is one."))
    if any(pile.final < pile.total for pile in found):  # too late for the rest
        return Step(_("There is nothing you have to do now"), _("We write to you as soon as there is news."))
    return Step(_("You have assessed everything given to you"), _("Thank you. We write to you when there is more."))
