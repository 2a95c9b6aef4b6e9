"""What the year's screening comes to: by check, group, kind of agency and day; and how fast each clerk works."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from accounts.models import Agency
from competitions.models import Competition
from proposals.models import Screening, SecondLook
from proposals.screening.claims import decided_of
from proposals.screening.queue import COUNTS, by_group, standing

VERDICTS = Screening.Verdict
Content = tuple[str, list[str], list[list[object]]]  # of a table: its title, heads and rows


@dataclass(frozen=True)
class Table:
    """One table of the page and of the file: a title, the heads of its columns, and rows of texts and numbers."""

    key: str
    title: str
    heads: list[str]
    rows: list[list[object]]

    @property
    def labelled(self) -> list[list[tuple[str, object]]]:
        """Each cell with the head of its column, for tables that stack on a telephone."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def tables(competition: Competition, *, for_head: bool) -> list[Table]:
    """Every table of the year; those about single clerks only for a head of screening."""
    return [Table(key, *content(competition)) for key, content in _readable(for_head).items()]


def table(competition: Competition, key: str, *, for_head: bool) -> Table | None:
    """The one with this key, as `tables` has it; None where the reader has no such table."""
    content = _readable(for_head).get(key)
    return Table(key, *content(competition)) if content else None


def _readable(for_head: bool) -> dict[str, Callable[[Competition], Content]]:
    return TABLES | FOR_HEADS if for_head else TABLES


def cells(table: Table) -> Iterator[list[object]]:
    """For a spreadsheet, the head first."""
    yield [*table.heads]
    for row in table.rows:
        yield [str(cell) for cell in row]


def _by_check(competition: Competition) -> Content:
    """How often each check was not met, and where clerk and machine differed about it."""
    decided = decided_of(competition)
    unmet = dict(decided.values_list("failed_checks__key").annotate(Count("pk")))
    differences = list(decided.exclude(differences={}).values_list("differences", flat=True))
    cleared = [key for each in differences for key in each.get("cleared", [])]
    added = [key for each in differences for key in each.get("added", [])]
    rows: list[list[object]] = [
        [check.label, unmet.get(check.key, 0), cleared.count(check.key), added.count(check.key)]
        for check in competition.screening_checks.all()
    ]
    heads = [_("Check"), _("Not met"), _("Cleared against the system"), _("Found beyond the system")]
    return _("By check"), heads, rows


def _verdict_heads(first: str) -> list[str]:
    return [first, _("Sent"), _("Passed"), _("Did not pass"), _("To be corrected"), _("Waiting")]


def _counted(row: Mapping[str, Any]) -> list[object]:
    return [row["sent"], row["passed"], row["failed"], row["correct"], row["waiting"]]


def _by_group(competition: Competition) -> Content:
    rows = [[row["name"], *_counted(row)] for row in by_group(competition)]
    return _("By group"), _verdict_heads(_("Group")), rows


def _by_kind(competition: Competition) -> Content:
    kinds = dict(Agency.Type.choices)
    counted = standing(competition).values("proposal__agency__type").annotate(**COUNTS)
    rows = [[str(kinds[row["proposal__agency__type"]]), *_counted(row)] for row in counted]
    rows.sort(key=lambda row: str(row[0]))
    return _("By kind of agency"), _verdict_heads(_("Kind of agency")), rows


def _by_day(competition: Competition) -> Content:
    counted = decided_of(competition).annotate(day=TruncDate("decided_at")).values("day").annotate(
        decided=Count("pk"), clerks=Count("decided_by", distinct=True)
    )  # fmt: skip
    rows: list[list[object]] = [[row["day"], row["decided"], row["clerks"]] for row in counted.order_by("day")]
    return _("By day"), [_("Day"), _("Decided"), _("Clerks")], rows


def _second_looks(competition: Competition) -> Content:
    looks = SecondLook.objects.filter(screening__submission__proposal__competition=competition)
    counted = looks.values("why").annotate(
        asked=Count("pk"),
        agreed=Count("pk", filter=Q(agrees=True)),
        disagreed=Count("pk", filter=Q(agrees=False)),
        settled=Count("pk", filter=Q(settled_at__isnull=False)),
    )
    names = dict(SecondLook.Why.choices)
    rows: list[list[object]] = [
        [str(names[row["why"]]), row["asked"], row["agreed"], row["disagreed"], row["settled"]]
        for row in counted.order_by("why")
    ]
    heads = [_("Why"), _("Asked"), _("Agreed"), _("Disagreed"), _("Settled by a head")]
    return _("Second looks"), heads, rows


def _by_clerk(competition: Competition) -> Content:
    """Items decided one by one; minutes from taking an item to deciding it, pauses included."""
    counted = decided_of(competition).filter(batch=None).values("decided_by__name").annotate(
        decided=Count("pk"),
        failed=Count("pk", filter=Q(verdict=VERDICTS.FAIL)),
        average=Avg(F("decided_at") - F("taken_at")),
    )  # fmt: skip
    rows: list[list[object]] = [
        [row["decided_by__name"], row["decided"], row["failed"], _minutes(row["average"])]
        for row in counted.order_by("-decided")
    ]
    heads = [_("Clerk"), _("Decided"), _("Did not pass"), _("Minutes per item, on average")]
    return _("By clerk"), heads, rows


def _minutes(span: Any) -> object:
    return round(span.total_seconds() / 60, 1) if span else "–"


# By the key of the table, in the order of the page.
TABLES: dict[str, Callable[[Competition], Content]] = {
    "checks": _by_check,
    "groups": _by_group,
    "agencies": _by_kind,
    "days": _by_day,
    "second-looks": _second_looks,
}
FOR_HEADS: dict[str, Callable[[Competition], Content]] = {"clerks": _by_clerk}
