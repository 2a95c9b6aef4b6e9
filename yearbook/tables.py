"""The statistics page: each subject as one table, the chart drawn from it, and what must be said about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from catalogue.facets import Found, Province
from catalogue.provinces import TILES, Tile
from competitions import calendar
from competitions.models import Competition
from yearbook.charts import Bars, bars
from yearbook.history import STEPS, Year, results_by_type, totals, years
from yearbook.participation import Part, categories, taking_part, winners_by_type
from yearbook.seasons import season

STEP_NAMES: dict[str, str | Promise] = {
    "registered": gettext_lazy("Registered"),
    "sent": gettext_lazy("Sent to the ministry"),
    "passed": gettext_lazy("Passed screening"),
    "nominations": gettext_lazy("Nominations"),
    "finalists": gettext_lazy("Finalists"),
    "winners": gettext_lazy("Winners"),
}
TYPES = [value for value, _label in Agency.Type.choices]


@dataclass(frozen=True)
class Table:
    """`rows` hold text, numbers, and None for what is not known. `sources`: where each row comes from, if told."""

    key: str
    title: str
    heads: list[str]
    rows: list[list[object]]
    bars: Bars | None = None
    tiles: list[Province] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    map_width, map_height = Found.map_width, Found.map_height

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, str | None]], str]]:
        """(first cell, [(head, cell)] of the others, source) of each row, as people read them."""
        sources = self.sources or [""] * len(self.rows)
        return [
            (str(row[0]), [(head, _shown(cell)) for head, cell in zip(self.heads[1:], row[1:], strict=True)], source)
            for row, source in zip(self.rows, sources, strict=True)
        ]


def proposals_by_year() -> Table:
    found = years()
    shown = ("registered", "sent", "passed")
    return Table(
        "proposals",
        _("Proposals by year"),
        [_("Year"), *(str(STEP_NAMES[step]) for step in STEPS), _("Note")],
        [[each.year, *each.steps, each.note] for each in found],
        bars=bars(
            [(str(each.year), _registered(each), [getattr(each, step) for step in shown]) for each in found],
            legend=[str(STEP_NAMES[step]) for step in shown],
        ),
        sources=[each.source for each in found],
    )


def funnel(year: Competition | Year) -> Table:
    """How many of one year's proposals came how far."""
    lived = season(year) if isinstance(year, Competition) else None
    steps = lived.steps if lived else year.steps  # type: ignore[union-attr]
    unknown = _("Not announced yet") if lived else _("Not known")
    rows: list[list[object]] = []
    drawn: list[tuple[str, str, list[int | None]]] = []
    before: int | None = None
    for step, number in zip(STEPS, steps, strict=True):
        share = round(100 * number / before) if number is not None and before else None
        rows.append([str(STEP_NAMES[step]), number, share])
        drawn.append((str(STEP_NAMES[step]), _step(number, share, unknown), [number]))
        before = number if number is not None else before
    notes = [_("Submission is open: the numbers change by the hour.")] if lived and _is_open(lived.competition) else []
    return Table(
        "funnel",
        _("From registration to award: %(year)s") % {"year": year.name},
        [_("Step"), _("Proposals"), _("Per cent of the step before")],
        rows,
        bars=bars(drawn, centred=True),
        notes=notes,
    )


def _is_open(competition: Competition) -> bool:
    stage = competition.stages.submission().first()
    return bool(stage and calendar.is_open(stage))


def by_type() -> Table:
    parts = {part.name: part for part in taking_part("type")}
    names = dict(Agency.Type.choices)
    ordered = [parts[kind] for kind in TYPES if kind in parts]
    return _participation("types", _("Agencies taking part, by kind"), _("Kind of agency"), ordered, names)


def by_province() -> Table:
    central = {"": _("Central government and state enterprises")}
    parts = sorted(taking_part("province"), key=lambda part: (not part.name, part.name))
    table = _participation("provinces", _("Agencies taking part, by province"), _("Province"), parts, central)
    found = {part.name: part for part in parts}
    tiles = [_tile(tile, found.get(tile.name, Part(tile.name, 0, 0))) for tile in TILES]
    return Table(table.key, table.title, table.heads, table.rows, tiles=tiles, notes=table.notes)


def by_category() -> Table:
    rows = [(name or _("Not known"), number, inferred) for name, number, inferred in categories()]
    return Table(
        "categories",
        _("Awarded innovations by category"),
        [_("Category"), _("Innovations"), _("of which the category was assigned by us")],
        [list(row) for row in rows],
        bars=bars([(name, _count(number), [number]) for name, number, _inferred in rows]),
        notes=[_("Counted in the catalogue, which does not hold every innovation of every year.")],
    )


def winners() -> Table:
    counted = winners_by_type()
    names: dict[str, object] = {**dict(Agency.Type.choices), "": _("Not known")}
    rows = [(str(names[kind]), counted[kind]) for kind in [*TYPES, ""] if kind in counted]
    return Table(
        "winners",
        _("Winners by kind of agency"),
        [_("Kind of agency"), _("Awards")],
        [list(row) for row in rows],
        bars=bars([(name, _count(number), [number]) for name, number in rows]),
        notes=[
            _("Counted in the catalogue, which does not hold every innovation of every year."),
            _("Not known: the agency of that time is in no list any more."),
        ],
    )


def published_results() -> Table:
    """The ministry's own counts by kind of agency, where a source gives them."""
    found = results_by_type()
    return Table(
        "published",
        _("Results by kind of agency, as published"),
        [_("Result"), *(str(label) for _value, label in Agency.Type.choices), _("Note")],
        [[each["name"], *(each.get(kind) for kind in TYPES), each.get("together", "")] for each in found],
        sources=[each["source"] for each in found],
    )


# What has an address of its own; the funnel's takes a year besides.
TABLES: dict[str, Callable[[], Table]] = {
    "proposals": proposals_by_year,
    "types": by_type,
    "provinces": by_province,
    "categories": by_category,
    "winners": winners,
    "published": published_results,
}


def _participation(key: str, title: str, head: str, parts: Sequence[Part], names: Mapping[str, object]) -> Table:
    rows = [[str(names.get(part.name, part.name)), part.agencies, part.took_part, part.not_known] for part in parts]
    words = [
        _("%(part)s of %(all)s") % {"part": _count(part.took_part), "all": _count(part.agencies)} for part in parts
    ]
    drawn = [
        (str(row[0]), shown, [part.agencies, None, part.took_part])
        for row, shown, part in zip(rows, words, parts, strict=True)
    ]
    legend = [_("all agencies"), "", _("known to have taken part")]
    known = totals()
    return Table(
        key,
        title,
        [head, _("Agencies"), _("Known to have taken part"), _("No participation known")],
        rows,
        bars=bars(drawn, legend=legend),
        notes=[_("Known: an innovation of theirs is in the catalogue, or they sent a proposal in this portal. Who took"
                 " part in earlier years and won nothing is not known here."),
               _("Therefore more agencies stand here than the %(never)s of %(all)s of which the ministry says that they"
                 " never took part: it knows every entry of all years, this portal only those named above.")
               % {"never": known["never"], "all": known["agencies"]}],
    )  # fmt: skip


def _tile(tile: Tile, part: Part) -> Province:
    words = f"{part.name}: {part.took_part}/{part.agencies}"
    return Province.shown(tile, words, part.took_part, of=part.agencies)


def _registered(year: Year) -> str:
    if not year.was_held:
        return _("no competition")
    if year.registered is None and year.passed is not None:
        return _("%(number)s passed screening") % {"number": _count(year.passed)}
    return _("not known") if year.registered is None else _count(year.registered)


def _step(number: int | None, share: int | None, unknown: str) -> str:
    if number is None:
        return unknown
    return f"{_count(number)} · {share} %" if share is not None else _count(number)


def _shown(cell: object) -> str | None:
    return None if cell is None else _count(cell) if isinstance(cell, int) else str(cell)


def _count(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))
