"""From a spreadsheet to rows of the catalogue: all of them in one transaction, and back."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalogue.checking import Checked, Row, check
from catalogue.columns import missing
from catalogue.models import IMPLIED, Award, Import, Innovation

BATCH = 500
NEW = ""  # a row that somebody said is no innovation of the catalogue yet


@dataclass
class Plan:
    """What writing an import would do."""

    checked: Checked
    missing: list[str | Promise] = field(default_factory=list)  # columns that cannot be done without
    innovations: int = 0
    awards: int = 0
    known: int = 0  # awards that are there already
    undecided: list[Row] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return bool(self.checked.rows) and not self.checked.faults and not self.undecided and not self.missing


def look_at(found: Import) -> Checked:
    return check(found.heads, found.lines, found.places, as_written=frozenset(found.as_written))


def plan(found: Import) -> Plan:
    """What the import would do to the catalogue as it stands."""
    if absent := missing(found.places):
        return Plan(Checked(), absent)
    checked = look_at(found)
    decided = _decisions(found, checked)
    existing = set(Award.objects.values_list("innovation", "year", "tier"))
    planned, new, awards, known = Plan(checked), set(), set(), 0
    for row in checked.rows:
        innovation = row.same or decided.get(_key(row))
        if row.near and _key(row) not in decided:
            continue
        identity: Any = innovation.pk if innovation else _key(row)
        new |= set() if innovation else {identity}
        for tier in _tiers(row):
            place = (identity, row.year, tier)
            known += place in existing
            awards |= set() if place in existing else {place}
    planned.innovations, planned.awards, planned.known = len(new), len(awards), known
    planned.undecided = [row for row in checked.doubtful if _key(row) not in decided]
    return planned


def write(found: Import) -> dict[str, list[int]]:
    """Writes the import's rows and returns the keys of what is new. Raises ValidationError if it may not be written;
    call it inside a transaction."""
    checked = look_at(found)
    decided = _decisions(found, checked)
    if checked.faults or not checked.rows or missing(found.places):
        raise ValidationError(_("The catalogue has changed since: there are rows to mend."), code="faults")
    if any(_key(row) not in decided for row in checked.doubtful):
        raise ValidationError(_("Say of every row with a like title whether it is the same."), code="undecided")
    new: dict[tuple[str, str], Innovation] = {}
    of_row = []
    for row in checked.rows:
        innovation = row.same or decided.get(_key(row)) or new.get(_key(row))
        if innovation is None:
            innovation = new[_key(row)] = _innovation(row)
        of_row.append((row, innovation))
    Innovation.objects.bulk_create(new.values(), batch_size=BATCH)
    existing = set(Award.objects.values_list("innovation", "year", "tier"))
    awards: dict[tuple[int, int, str], Award] = {}
    for row, innovation in of_row:
        for tier, label in _tiers(row).items():
            place = (innovation.pk, row.year, tier)
            if place not in existing and (place not in awards or tier == row.tier):
                awards[place] = Award(innovation=innovation, year=row.year, tier=tier, label=label)
    Award.objects.bulk_create(awards.values(), batch_size=BATCH)
    innovations = [innovation.pk for innovation in new.values()]
    return {"innovations": innovations, "awards": [award.pk for award in awards.values()]}


def touched(found: Import) -> list[str]:
    """Titles of the innovations of the import that something else refers to by now: they keep it from being undone."""
    keys, awards = found.written.get("innovations", []), found.written.get("awards", [])
    others: set[int] = set(
        Award.objects.filter(innovation__in=keys).exclude(pk__in=awards).values_list("innovation", flat=True)
    )
    for relation in Innovation._meta.related_objects:
        if relation.related_model is not Award:
            name, model = relation.field.name, relation.related_model
            rows = model._default_manager.filter(**{f"{name}__in": keys})
            others |= set(rows.values_list(name, flat=True))
    changed = Innovation.objects.filter(pk__in=keys).exclude(former_titles=[], merged_into=None, contact_name="")
    others |= set(changed.values_list("pk", flat=True))
    return list(Innovation.objects.filter(pk__in=others).order_by("title").values_list("title", flat=True))


def _key(row: Row) -> tuple[str, str]:
    return row.title.casefold(), row.agency_name.casefold()


def _decisions(found: Import, checked: Checked) -> dict[tuple[str, str], Innovation | None]:
    """What somebody said of the doubtful rows: the innovation it is, or None for a new one."""
    decided: dict[tuple[str, str], Innovation | None] = {}
    for row in checked.doubtful:
        code = found.same.get(str(row.line))
        near = {each.code: each for each in row.near}
        if code == NEW or code in near:
            decided[_key(row)] = near.get(code)
    return decided


def _innovation(row: Row) -> Innovation:
    return Innovation(
        title=row.title, agency=row.agency, agency_name=row.agency_name, category_name=row.category, sdgs=row.sdgs,
        summary=row.summary, source=row.source,
    )  # fmt: skip


def _tiers(row: Row) -> dict[str, str]:
    """The award of a row and what it implies, with their labels."""
    tiers = {row.tier: row.label}
    if implied := IMPLIED.get(row.tier):
        with override(settings.LANGUAGE_CODE):  # it stays in the catalogue, whatever language its writer reads
            tiers[implied] = str(Award.Tier(implied).label)
    return tiers
