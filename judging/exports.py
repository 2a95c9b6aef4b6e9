"""Tables that leave the portal."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.models import Competition, Round
from files.tables import Columns, Listing, listing
from judging.calibration.measuring import Chance
from judging.models import Assessment, Entry, Juror, Score, SelectionEntry
from judging.querysets.sheets import LIVE
from judging.ranking.board import Row, advised, rows
from judging.ranking.places import rank

JURORS: Columns = [
    (gettext_lazy("Year"), "competition__code"),
    (gettext_lazy("Name"), "user__name"),
    (gettext_lazy("E-mail"), "user__email"),
    (gettext_lazy("Role"), "kind"),
    (gettext_lazy("Institution"), "institution"),
    (gettext_lazy("Own agency"), "agency__name"),
    (gettext_lazy("Invited on"), "invited_at"),
    (gettext_lazy("Integrity pact accepted on"), "pact_accepted_at"),
    (gettext_lazy("Left on"), "left_at"),
    (gettext_lazy("Sheets"), Count("assessments", filter=Q(assessments__status__in=LIVE))),
    (gettext_lazy("Final sheets"), Count("assessments", filter=Q(assessments__status="final"))),
]
SHEETS: Columns = [
    (gettext_lazy("Year"), "entry__round__group__competition__code"),
    (gettext_lazy("Group"), "entry__round__group__name"),
    (gettext_lazy("Round"), "entry__round__name"),
    (gettext_lazy("Sheet"), "code"),
    (gettext_lazy("Code"), "entry__proposal__code"),
    (gettext_lazy("Title"), "entry__proposal__title"),
    (gettext_lazy("Agency"), "entry__proposal__agency__name"),
    (gettext_lazy("Juror"), "juror__user__name"),
    (gettext_lazy("Role"), "juror__kind"),
    (gettext_lazy("Status"), "status"),
    (gettext_lazy("Total"), "total"),
    (gettext_lazy("Only for comparing jurors"), "is_anchor_only"),
    (gettext_lazy("Given on"), "assigned_at"),
    (gettext_lazy("Last saved on"), "saved_at"),
    (gettext_lazy("Made final on"), "finalised_at"),
]
SCORES: Columns = [
    (gettext_lazy("Year"), "assessment__entry__round__group__competition__code"),
    (gettext_lazy("Group"), "assessment__entry__round__group__name"),
    (gettext_lazy("Round"), "assessment__entry__round__name"),
    (gettext_lazy("Sheet"), "assessment__code"),
    (gettext_lazy("Status"), "assessment__status"),
    (gettext_lazy("Code"), "assessment__entry__proposal__code"),
    (gettext_lazy("Juror"), "assessment__juror__user__name"),
    (gettext_lazy("Aspect"), "criterion__name"),
    (gettext_lazy("Weight (%)"), "criterion__weight"),
    (gettext_lazy("Highest score"), "criterion__scale_max"),
    (gettext_lazy("Score"), "value"),
]
SELECTED: Columns = [
    (gettext_lazy("Year"), "selection__round__group__competition__code"),
    (gettext_lazy("Group"), "selection__round__group__name"),
    (gettext_lazy("List"), "selection__name"),
    (gettext_lazy("Version"), "selection__version"),
    (gettext_lazy("Replaced by a later version"), "is_superseded"),
    (gettext_lazy("Number of the minutes"), "selection__minutes_number"),
    (gettext_lazy("Fixed on"), "selection__frozen_at"),
    (gettext_lazy("Rank"), "rank"),
    (gettext_lazy("Code"), "proposal__code"),
    (gettext_lazy("Title"), "proposal__title"),
    (gettext_lazy("Agency"), "proposal__agency__name"),
    (gettext_lazy("Category"), "proposal__category__name"),
    (gettext_lazy("Total"), "total"),
    (gettext_lazy("Tie"), "is_tied"),
    (gettext_lazy("Selected"), "is_selected"),
    (gettext_lazy("Reason for the move"), "moved_because"),
]


def jurors(year: Competition | None) -> Listing:
    found = Juror.objects.filter(competition=year) if year else Juror.objects.all()
    return listing(found.order_by("-competition__year", "user__name", "pk"), JURORS)


def sheets(year: Competition | None) -> Listing:
    """Who is given what, and each sheet's total."""
    found = Assessment.objects.filter(entry__round__group__competition=year) if year else Assessment.objects.all()
    return listing(found.with_total().order_by("entry__round", "entry", "pk"), SHEETS)


def scores(year: Competition | None) -> Listing:
    found = Score.objects.exclude(value=None)
    if year:
        found = found.filter(assessment__entry__round__group__competition=year)
    return listing(found.order_by("assessment__entry__round", "assessment", "criterion__order"), SCORES)


def selected(year: Competition | None) -> Listing:
    """Every fixed list in every version, with the whole order."""
    later = SelectionEntry.objects.filter(selection__supersedes=OuterRef("selection"))
    found = SelectionEntry.objects.annotate(is_superseded=Exists(later))
    if year:
        found = found.filter(selection__round__group__competition=year)
    return listing(found.order_by("selection__frozen_at", "selection", "rank", "pk"), SELECTED)


def rankings(year: Competition | None) -> Listing:
    """Every round that has a list, ranked by the written rule as its sheets stand now."""
    found = Round.objects.filter(supports="", entries__isnull=False).distinct()
    if year:
        found = found.filter(group__competition=year)
    found = found.select_related("group__competition", "stage").order_by("-group__competition__year", "group", "order")
    entries = Entry.objects.competing().filter(round__in=found.order_by().values("pk"))
    heads = [_("Year"), _("Group"), _("Round"), *map(str, next(ranking_rows([])))]
    return Listing(heads, entries.count, (row for each in found for row in _ranked(each)))


def _ranked(judging_round: Round) -> Iterator[list[object]]:
    board, _advice = advised(judging_round, rows(judging_round, rank(judging_round)))
    group = judging_round.group
    for row in islice(ranking_rows(board), 1, None):
        yield [group.competition.code, group.name, judging_round.name, *row]


def ranking_rows(board: Iterable[Row]) -> Iterator[list[object]]:
    """The board for a spreadsheet, the head first."""
    yield [
        _("Rank"), _("Code"), _("Title"), _("Agency"), _("Kind of agency"), _("Province of the agency"), _("Category"),
        _("Total"), _("Final sheets"), _("Spread"), _("Tie"), _("Calibrated score"), _("Rank from (90 %)"),
        _("Rank to (90 %)"), _("Chance in the quota (%)"), _("Selected"), _("Reason for the move"),
    ]  # fmt: skip
    for row in board:
        place, proposal = row.place, row.proposal
        scored = (place.rank, place.total, place.spread) if place.totals else ("", "", "")
        yield [
            scored[0], proposal.code, proposal.title, proposal.agency.name, proposal.agency.get_type_display(),
            proposal.agency.province, proposal.category.name, scored[1], len(place.totals), scored[2],
            _("yes") if place.is_tied else "", *_of(row.chance), _("yes") if row.line.is_selected else _("no"),
            row.line.moved_because,
        ]  # fmt: skip


def _of(chance: Chance | None) -> tuple[object, ...]:
    return (round(chance.score, 4), chance.low, chance.high, chance.percent) if chance else ("", "", "", "")
