"""A spreadsheet before anything is written: what each row would do, what is wrong with it, what it may be the same as.

A fault names line and column, what stands there, what is wrong, and what to do. As long as there is one, nothing can
be written: the people who own the file mend it there, where it is kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency
from catalogue.award_names import LONGEST as LONGEST_AWARD
from catalogue.award_names import tier_of
from catalogue.columns import COLUMNS, NOT_GIVEN
from catalogue.loading import AgencyMatcher
from catalogue.models import Innovation
from catalogue.spreadsheets import letter
from catalogue.titles import LIKE, likeness

FIRST_YEAR = 2014
LONGEST = {"title": 300, "agency": 250, "category": 150, "source": 300, "summary": 5000}
SUGGESTED = 100  # unknown names of agencies for which a near one is looked up
MOST_NEAR = 3  # innovations a row may be, to choose from
ERROR_VALUES = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one cell."""

    line: int
    column: str  # "B (Judul)"
    value: str
    problem: str
    advice: str
    code: str


@dataclass
class Row:
    """One row as it would be written. `same` is the innovation of the catalogue it belongs to; `near` those it may."""

    line: int
    title: str
    agency_name: str
    agency: Agency | None
    year: int
    tier: str
    label: str
    category: str
    sdgs: list[int]
    summary: str
    source: str
    same: Innovation | None = None
    near: list[Innovation] = field(default_factory=list)


@dataclass
class Checked:
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown_agencies: list[str] = field(default_factory=list)

    @property
    def doubtful(self) -> list[Row]:
        """Rows somebody must say of whether they are an innovation of the catalogue; each innovation once."""
        once = {(row.title.casefold(), row.agency_name.casefold()): row for row in reversed(self.rows) if row.near}
        return sorted(once.values(), key=lambda row: row.line)


def check(
    heads: list[str], lines: list[tuple[int, list[str]]], places: dict[str, int], *, as_written: frozenset[str]
) -> Checked:
    """`places` says where each field stands; agencies named in `as_written` are taken though the list lacks them."""
    return _Checking(heads, places, as_written).run(lines)


class _Checking:
    """The look at one file; knows the agencies, the catalogue, and the rows seen so far."""

    def __init__(self, heads: list[str], places: dict[str, int], as_written: frozenset[str]) -> None:
        self.heads, self.places, self.as_written = heads, places, as_written
        self.matcher, self.checked = AgencyMatcher(), Checked()
        self.names = {agency.name.casefold(): agency.name for agency in Agency.objects.all()}
        self.categories = sorted(set(Innovation.objects.values_list("category_name", flat=True)) - {""})
        self.seen: dict[tuple[str, str, int, str], int] = {}
        self.line, self.cells, self.asked_names = 0, [""], 0
        self.last_year = timezone.now().year

    def run(self, lines: list[tuple[int, list[str]]]) -> Checked:
        for self.line, self.cells in lines:
            before = len(self.checked.faults)
            row = self._row()
            if len(self.checked.faults) == before and row:
                self.checked.rows.append(row)
        self.checked.faults.sort(key=lambda fault: (fault.line, fault.column))
        _Twins(self.checked.rows)
        return self.checked

    def _get(self, name: str) -> str:
        place = self.places.get(name, NOT_GIVEN)
        return self.cells[place] if 0 <= place < len(self.cells) else ""

    def _fault(self, name: str, code: str, problem: str, advice: str) -> Any:
        """Notes a fault; the value of the field is then None."""
        place = self.places.get(name, NOT_GIVEN)
        column = f"{letter(place)} ({self.heads[place]})" if place >= 0 else str(COLUMNS[name].label)
        fault = Fault(self.line, column, self._get(name)[:80], problem, advice, code)
        self.checked.faults.append(fault)

    def _row(self) -> Row | None:
        spoilt = [name for name in COLUMNS if self._is_spoilt(name)]
        fields: dict[str, Callable[[], Any]] = {
            "title": self._title, "agency": self._agency, "year": self._year, "award": self._award,
            "category": self._category, "sdgs": self._sdgs, "summary": self._summary, "source": self._source,
        }  # fmt: skip
        read = {name: take() for name, take in fields.items() if name not in spoilt}
        if spoilt or any(value is None for name, value in read.items() if name != "agency"):
            return None
        award: tuple[str, str] = read["award"]
        row = Row(
            line=self.line, title=read["title"], agency_name=self._get("agency"), agency=read["agency"],
            year=read["year"], tier=award[0], label=award[1], category=read["category"], sdgs=read["sdgs"],
            summary=read["summary"], source=read["source"],
        )  # fmt: skip
        key = (row.title.casefold(), row.agency_name.casefold(), row.year, row.tier)
        if (first := self.seen.setdefault(key, self.line)) != self.line:
            problem = _("The same innovation, year and award stand in line %d already.") % first
            self._fault("title", "twice", problem, _("Delete one of the two rows."))
        return row

    def _is_spoilt(self, name: str) -> bool:
        value = self._get(name)
        if ERROR_VALUES.search(value):
            self._fault(
                name, "error_value", _("The spreadsheet could not work out this cell."), _("Type the value in.")
            )
            return True
        if value.startswith(("=", "@")):
            self._fault(
                name, "formula", _("This is a formula, not a value."), _("Copy the column and paste its values.")
            )
            return True
        if len(value) > (most := LONGEST.get(name, 500)):
            problem = _("The text has %(number)d letters; at most %(most)d are kept.") % {
                "number": len(value),
                "most": most,
            }
            self._fault(name, "too_long", problem, _("Shorten it."))
            return True
        return False

    def _title(self) -> str | None:
        title = self._get("title")
        if not title:
            return self._fault("title", "no_title", _("There is no title."), _("Write the title of the innovation."))
        if not re.search(r"[^\W\d_]{2}", title):
            advice = _("Write the title in words; perhaps the columns are shifted.")
            return self._fault("title", "no_words", _("This is no title."), advice)
        return title

    def _agency(self) -> Agency | None:
        name = self._get("agency")
        if not name:
            return self._fault("agency", "no_agency", _("There is no agency."), _("Write its full official name."))
        if (agency := self.matcher.find(name)) or name in self.as_written:
            return agency
        if name not in self.checked.unknown_agencies:
            self.checked.unknown_agencies.append(name)
        return self._fault("agency", "unknown_agency", _("The list of agencies has no such name."), self._nearest(name))

    def _nearest(self, name: str) -> str:
        self.asked_names += 1
        near = get_close_matches(name.casefold(), self.names, n=1, cutoff=0.8) if self.asked_names <= SUGGESTED else []
        if near:
            return _("Perhaps “%s” is meant. Write it so.") % self.names[near[0]]
        return _("Write its full official name, or say below that it is a body of former times.")

    def _year(self) -> int | None:
        text = self._get("year")
        if not text:
            return self._fault("year", "no_year", _("There is no year."), _("Write the year of the award."))
        if not re.fullmatch(r"[0-9]{4}", text):
            return self._fault("year", "no_number", _("This is no year."), _("Write four digits, for example 2019."))
        if not FIRST_YEAR <= int(text) <= self.last_year:
            years = {"first": FIRST_YEAR, "last": self.last_year}
            problem = _("The competition has existed since %(first)d; the last year can be %(last)d.") % years
            return self._fault("year", "other_year", problem, _("Check the year."))
        return int(text)

    def _award(self) -> tuple[str, str] | None:
        label = self._get("award")
        if not label:
            return self._fault(
                "award", "no_award", _("There is no award."), _("Write it, for example Top 45 or Top 99.")
            )
        tier = tier_of(label)
        if tier is None:
            advice = _("Write one of these: Top 99, Top 45, Finalis, Outstanding, Replikasi, Khusus, PKRI, provinsi.")
            return self._fault("award", "unknown_award", _("No award is called so."), advice)
        return tier, label[:LONGEST_AWARD]

    def _category(self) -> str | None:
        text = self._get("category")
        known = {name.casefold(): name for name in self.categories}
        if not text or text.casefold() in known:
            return known.get(text.casefold(), "")
        if near := get_close_matches(text.casefold(), known, n=1, cutoff=0.85):
            problem = _("The catalogue writes this category differently.")
            return self._fault("category", "near_category", problem, _("Write “%s”.") % known[near[0]])
        return text

    def _sdgs(self) -> list[int] | None:
        numbers = re.findall(r"\d+", self._get("sdgs"))
        if self._get("sdgs") and (not numbers or any(not 1 <= int(number) <= 17 for number in numbers)):
            advice = _("Write the numbers 1–17, with commas between them.")
            return self._fault("sdgs", "no_goal", _("There is no such development goal."), advice)
        return sorted({int(number) for number in numbers})

    def _summary(self) -> str:
        return self._get("summary")

    def _source(self) -> str | None:
        text = self._get("source")
        if re.match(r"\w+:", text) and not _is_address(text):
            problem, advice = _("This address cannot be opened."), _("Write it whole, beginning with https://.")
            return self._fault("source", "no_address", problem, advice)
        return text


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and " " not in text


class _Twins:
    """For each row the innovation of the catalogue it is, or those with a like title of the same agency."""

    def __init__(self, rows: list[Row]) -> None:
        self.by_agency: dict[object, list[tuple[list[str], Innovation]]] = {}
        for one in Innovation.objects.select_related("merged_into").order_by("pk"):
            titles, meant = [one.title, *one.former_titles], one.current
            for key in {one.agency_id, one.agency_name.casefold()} - {None}:
                self.by_agency.setdefault(key, []).append((titles, meant))
        for row in rows:
            row.same, row.near = self._of(row)

    def _of(self, row: Row) -> tuple[Innovation | None, list[Innovation]]:
        keys = [row.agency_name.casefold(), *([row.agency.pk] if row.agency else [])]
        theirs = [each for key in keys for each in self.by_agency.get(key, [])]
        for titles, innovation in theirs:
            if row.title.casefold() in (title.casefold() for title in titles):
                return innovation, []
        near = {each.pk: each for titles, each in theirs if likeness(row.title, titles[0]) >= LIKE}
        return None, list(near.values())[:MOST_NEAR]
