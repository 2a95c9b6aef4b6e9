"""Reads the official list of agencies and works out what it does not say: parents, time zones, who takes part."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User

OFFICIAL_LIST = Path(__file__).parent / "data" / "agencies.csv"
COLUMNS = ["code", "name", "type", "province", "slug"]

# Jakarta's five administrative cities and its regency are arms of the province, not governments of their own.
ADMINISTRATIVE_AREAS = {"31.01", "31.71", "31.72", "31.73", "31.74", "31.75"}

# Keppres 41/1987 with the later provinces placed by the regencies they were made of. All others keep WIB.
WITA = (
    "Bali", "Nusa Tenggara Barat", "Nusa Tenggara Timur", "Kalimantan Selatan", "Kalimantan Timur",
    "Kalimantan Utara", "Sulawesi Utara", "Sulawesi Tengah", "Sulawesi Selatan", "Sulawesi Tenggara", "Gorontalo",
    "Sulawesi Barat",
)  # fmt: skip
WIT = (
    "Maluku", "Maluku Utara", "Papua", "Papua Barat", "Papua Selatan", "Papua Tengah", "Papua Pegunungan",
    "Papua Barat Daya",
)  # fmt: skip
WIB = (
    "Aceh", "Sumatera Utara", "Sumatera Barat", "Riau", "Jambi", "Sumatera Selatan", "Bengkulu", "Lampung",
    "Kepulauan Bangka Belitung", "Kepulauan Riau", "Daerah Khusus Ibukota Jakarta", "Jawa Barat", "Jawa Tengah",
    "Daerah Istimewa Yogyakarta", "Jawa Timur", "Banten", "Kalimantan Barat", "Kalimantan Tengah",
)  # fmt: skip
ZONES: dict[str, str] = {
    **dict.fromkeys(WIB, User.TimeZone.WIB),
    **dict.fromkeys(WITA, User.TimeZone.WITA),
    **dict.fromkeys(WIT, User.TimeZone.WIT),
}


Row = dict[str, str]


@transaction.atomic
def load_agencies(path: Path = OFFICIAL_LIST) -> tuple[int, int]:
    """Creates the missing agencies and corrects the known ones, by code; deletes none. Safe to run again.

    The file is CSV with COLUMNS. Returns how many were created and how many are in the file. Raises ValidationError
    that names the line, changing nothing, when a row is wrong.
    """
    rows = read_rows(path)
    before = Agency.objects.count()
    fields = ["name", "slug", "type", "province", "time_zone", "participates", "parent"]
    for tier in _tiers(rows):  # parents before their children
        known = {agency.code: agency for agency in Agency.objects.all()}
        Agency.objects.bulk_create(
            [_agency(row, known[parent] if (parent := parent_code(row, rows)) else None) for row in tier],
            update_conflicts=True, unique_fields=["code"], update_fields=fields,
        )  # fmt: skip
    return Agency.objects.count() - before, len(rows)


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        if reader.fieldnames != COLUMNS:
            raise ValidationError(
                _("Line 1: the columns must be %(columns)s.") % {"columns": ",".join(COLUMNS)}, code="columns"
            )
        rows = list(reader)
    for line, row in enumerate(rows, start=2):
        if problem := _problem(row):
            raise ValidationError(_("Line %(line)d: %(problem)s") % {"line": line, "problem": problem}, code="row")
    return rows


def parent_code(row: Row, rows: Iterable[Row]) -> str | None:
    """The code of the government an agency belongs to, or None: provinces and central bodies stand alone."""
    if row["type"] in (Agency.Type.REGENCY, Agency.Type.CITY):
        return row["code"].split(".")[0]
    if row["type"] == Agency.Type.ROE:
        return _owner(row, rows)
    return None


def _owner(enterprise: Row, rows: Iterable[Row]) -> str | None:
    """The regional government named in an enterprise's own name ("… Kabupaten Kulon Progo"), else its province's."""
    owner, length = None, 0
    for row in rows:
        if row["province"] != enterprise["province"] or row["type"] not in ("province", "regency", "city"):
            continue
        place = row["name"].removeprefix("Pemerintah ")
        if row["type"] == Agency.Type.PROVINCE and owner is None:
            owner = row["code"]
        elif place in enterprise["name"] and len(place) > length:
            owner, length = row["code"], len(place)
    return owner


def _tiers(rows: list[Row]) -> list[list[Row]]:
    middle, last = {Agency.Type.REGENCY, Agency.Type.CITY}, {Agency.Type.ROE}
    return [
        [row for row in rows if row["type"] not in middle | last],
        [row for row in rows if row["type"] in middle],
        [row for row in rows if row["type"] in last],
    ]


def _agency(row: Row, parent: Agency | None) -> Agency:
    return Agency(
        **row,
        parent=parent,
        time_zone=ZONES.get(row["province"], User.TimeZone.WIB),
        participates=row["code"] not in ADMINISTRATIVE_AREAS,
    )


def _problem(row: Row) -> str:
    if None in row or None in row.values() or not (row["code"] and row["name"] and row["slug"]):
        return _("code, name, type and slug must all be filled.")
    if row["type"] not in Agency.Type.values:
        return _("“%(type)s” is not a kind of agency.") % {"type": row["type"]}
    if row["province"] and row["province"] not in ZONES:
        return _("“%(province)s” is not one of the 38 provinces.") % {"province": row["province"]}
    return ""
