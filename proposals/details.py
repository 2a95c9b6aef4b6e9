"""The fields of the details page as JSON values, and back: so that versions can be kept, compared and restored."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from typing import Any

from accounts.models import Unit
from catalogue.models import Innovation
from competitions.models import Category
from proposals.models import Proposal

FIELDS = (
    "title", "category", "unit", "started_on", "video_url", "is_application", "sdgs", "past_innovation",
    "source_innovation",
)  # fmt: skip
Values = dict[str, Any]


def written(values: Mapping[str, Any]) -> Values:
    """Field values as JSON: rows by their key or code, days as text."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Category):
        return value.key
    if isinstance(value, Unit | Innovation):
        return value.code
    return value.isoformat() if isinstance(value, date) else value


def stored(proposal: Proposal) -> Values:
    """All fields as the proposal holds them."""
    return written({name: getattr(proposal, name) for name in FIELDS})


class Reader:
    """Turns written values back into field values; what they name is looked up once for all of them."""

    def __init__(self, proposal: Proposal, many: Iterable[Values]) -> None:
        many = list(many)
        self.proposal = proposal
        self.categories = {each.key: each for each in proposal.competition.categories.all()}
        self.units = {each.code: each for each in Unit.objects.filter(agency=proposal.agency_id)}
        codes = {values.get(name) for values in many for name in ("past_innovation", "source_innovation")} - {None}
        self.innovations = {each.code: each for each in Innovation.objects.filter(code__in=codes)} if codes else {}

    def values(self, values: Values) -> dict[str, Any]:
        return {name: self._value(name, value) for name, value in values.items() if name in FIELDS}

    def proposal_with(self, values: Values) -> Proposal:
        """The proposal as it would be with these values; never saved."""
        other = copy(self.proposal)
        for name, value in self.values(values).items():
            setattr(other, name, value)
        return other

    def _value(self, name: str, value: Any) -> Any:
        if name == "category":
            return self.categories.get(value, self.proposal.category)
        if name == "unit":
            return self.units.get(value)
        if name in ("past_innovation", "source_innovation"):
            return self.innovations.get(value)
        return date.fromisoformat(value) if name == "started_on" and value else value
