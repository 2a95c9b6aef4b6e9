"""An innovation wins something, or a corrected announcement takes it back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import Agency, User
from audit.recording import record
from catalogue.models import IMPLIED, Award, Innovation


@transaction.atomic
def record_award(
    *,
    title: str,
    agency: Agency | None,
    agency_name: str = "",
    category_name: str = "",
    summary: str = "",
    sdgs: Sequence[int] = (),
    year: int,
    tier: str,
    label: str,
    source: str = "",
    innovation: Innovation | None = None,
    by: User | None = None,
) -> Award:
    """Put an award into the catalogue, with its innovation if the catalogue does not hold it yet.

    The innovation is the one given, or the one with this title and agency. A winner becomes a finalist of the same
    year too, where no award says so already. An award that is there already is left alone: safe to call again.
    `by` is empty when the portal itself publishes at the due moment.
    """
    if innovation and innovation.merged_into:
        innovation = innovation.merged_into
    facts = {"category_name": category_name, "summary": summary, "sdgs": list(sdgs), "source": source}
    innovation = innovation or _innovation(title, agency, agency_name, facts)
    award, created = innovation.awards.get_or_create(year=year, tier=tier, defaults={"label": label[:100]})
    if implied := IMPLIED.get(tier):
        innovation.awards.get_or_create(year=year, tier=implied, defaults={"label": str(Award.Tier(implied).label)})
    if created:
        data = {"year": year, "tier": tier, "label": award.label}
        record("catalogue.record_award", by=by, on=innovation, data=data)
    return award


@transaction.atomic
def withdraw_award(
    *, title: str, agency: Agency, year: int, tier: str, reason: str, innovation: Innovation | None = None
) -> bool:
    """Take back an award that a corrected announcement no longer gives; the innovation stays. Twice is once."""
    if innovation is None:
        innovation = Innovation.objects.filter(title__iexact=title.strip(), agency_name=agency.name).first()
    if innovation and innovation.merged_into:
        innovation = innovation.merged_into
    award = innovation.awards.filter(year=year, tier=tier).first() if innovation else None
    if innovation is None or award is None:
        return False
    data = {"year": year, "tier": tier, "label": award.label, "reason": reason}
    record("catalogue.withdraw_award", by=None, on=innovation, data=data)
    award.delete()
    return True


def _innovation(title: str, agency: Agency | None, agency_name: str, facts: dict[str, Any]) -> Innovation:
    title, agency_name = title.strip(), agency_name or (agency.name if agency else "")
    known = (
        Innovation.objects.select_related("merged_into").filter(title__iexact=title, agency_name=agency_name).first()
    )
    found = known and known.current
    defaults = {"agency": agency, **facts}
    return found or Innovation.objects.get_or_create(title=title, agency_name=agency_name, defaults=defaults)[0]
