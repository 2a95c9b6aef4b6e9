"""Past awards from a CSV file: which levels are awards, which agency a name means.

Columns: year, title, agency, agency_type, level, category, category_inferred (yes/no), source.
"""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency
from catalogue.models import IMPLIED, Award, Innovation

PAST_AWARDS = Path(__file__).parent / "data" / "past_top_innovations.csv"
COLUMNS = ("year", "title", "agency", "agency_type", "level", "category", "category_inferred", "source")

# level in the file → tier and label of the award. A level of a province is some recognition, but not a national award.
LEVELS: dict[str, tuple[str, str]] = {
    **{f"top{number}": (Award.Tier.WINNER, f"Top {number}") for number in (9, 25, 35, 40, 45)},
    "top99": (Award.Tier.FINALIST, "Top 99"),
    "finalist": (Award.Tier.FINALIST, "Finalis"),
    "pkri_keberlanjutan": (Award.Tier.SUSTAINABILITY, "PKRI Keberlanjutan"),
    "pkri_replikasi": (Award.Tier.SUSTAINABILITY, "PKRI Replikasi"),
    "provincial_top50": (Award.Tier.OTHER, "Top 50 provinsi"),
    "provincial_top30": (Award.Tier.OTHER, "Top 30 provinsi"),
    "provincial_finalist": (Award.Tier.OTHER, "Finalis provinsi"),
    "provincial_winner": (Award.Tier.OTHER, "Pemenang provinsi"),
}
NO_AWARD = {"passed_admin", "example_in_guide"}
FINALIST_LABEL = "Top 99"  # every year of the file had a Top 99

# Names that sources shorten, as agencies.csv writes them. Bodies that have since been split or merged (Kementerian
# Hukum dan HAM, Kementerian PUPR) stay unmatched: their successors did not win.
ALIASES = {
    "pemerintah provinsi dki jakarta": "pemerintah provinsi daerah khusus ibukota jakarta",
    "pemerintah provinsi di yogyakarta": "pemerintah provinsi daerah istimewa yogyakarta",
    "kementerian agraria dan tata ruang/bpn": "kementerian agraria dan tata ruang/badan pertanahan nasional",
    "kementerian bumn": "kementerian badan usaha milik negara",
    "bpkp": "badan pengawasan keuangan dan pembangunan",
}


@dataclass
class Loaded:
    """What a load did: rows read, innovations and awards added, names of agencies that were not found."""

    rows: int = 0
    innovations: int = 0
    awards: int = 0
    skipped: int = 0
    unmatched: list[str] = field(default_factory=list)


class AgencyMatcher:
    """Finds the agency a source means: by its full name, else without the unit in brackets at the end."""

    def __init__(self) -> None:
        self._by_name = {agency.name.casefold(): agency for agency in Agency.objects.all()}

    def find(self, name: str) -> Agency | None:
        full = " ".join(name.split()).casefold()
        without_unit = re.sub(r"\s*\([^()]*\)$", "", full)
        for key in (full, without_unit):
            if agency := self._by_name.get(ALIASES.get(key, key)):
                return agency
        return None


@transaction.atomic
def load_awards(path: Path | str = PAST_AWARDS) -> Loaded:
    """Adds the file's innovations and awards; what is there already stays. Safe to run again, also after agencies.

    Raises ValidationError naming every wrong line, and OSError; then nothing is changed.
    """
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    _check(rows)
    loaded, matcher = Loaded(rows=len(rows)), AgencyMatcher()
    for row in rows:
        if row["level"] in NO_AWARD:
            loaded.skipped += 1
        else:
            _load_row(row, matcher, loaded)
    return loaded


def _check(rows: list[dict[str, str]]) -> None:
    if not rows or any(column not in rows[0] for column in COLUMNS):
        raise ValidationError(_("These columns are expected: %s") % ", ".join(COLUMNS), code="columns")
    errors = [
        ValidationError(_("line %(line)d: %(expected)s") % {"line": line, "expected": expected}, code="row")
        for line, row in enumerate(rows, start=2)
        for expected in _wrong(row)
    ]
    if errors:
        raise ValidationError(errors)


def _wrong(row: dict[str, str]) -> list[str]:
    wrong = []
    if None in row or None in row.values():
        return [_("eight columns are expected; texts with commas stand in quotes")]
    if not row["year"].isdecimal() or not 2014 <= int(row["year"]) <= 2100:
        wrong.append(_("a year is expected"))
    if not row["title"].strip() or not row["agency"].strip():
        wrong.append(_("a title and an agency are expected"))
    if row["level"] not in LEVELS and row["level"] not in NO_AWARD:
        wrong.append(_("one of these levels is expected: %s") % ", ".join([*LEVELS, *sorted(NO_AWARD)]))
    return wrong


def _load_row(row: dict[str, str], matcher: AgencyMatcher, loaded: Loaded) -> None:
    agency = matcher.find(row["agency"])
    if agency is None:
        loaded.unmatched.append(row["agency"])
    innovation, created = Innovation.objects.get_or_create(
        title=row["title"],
        agency_name=row["agency"],
        defaults={
            "agency": agency,
            "category_name": row["category"],
            "category_inferred": row["category_inferred"] == "yes",
            "source": row["source"],
        },
    )
    if agency and innovation.agency_id is None:
        innovation.agency = agency
        innovation.save(update_fields=["agency"])
    loaded.innovations += created
    tier, label = LEVELS[row["level"]]
    awards = [(tier, label)] + ([(IMPLIED[tier], FINALIST_LABEL)] if tier in IMPLIED else [])
    for each, name in awards:
        loaded.awards += innovation.awards.get_or_create(year=int(row["year"]), tier=each, defaults={"label": name})[1]
