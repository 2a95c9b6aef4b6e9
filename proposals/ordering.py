"""An agency's own order of its proposals, as numbers typed or places moved up and down."""

from collections.abc import Mapping

from accounts.models import Agency, User
from competitions.models import Competition, Group
from proposals.models import Proposal


def ranked(user: User, competition: Competition) -> dict[tuple[Agency, Group], list[Proposal]]:
    """The proposals of the agencies this person administers that may still take part, by agency and group, in order."""
    found = (
        Proposal.objects.administered_by(user)
        .in_competition(competition)
        .exclude(status=Proposal.Status.WITHDRAWN)
        .select_related("agency", "group", "unit")
        .prefetch_related("group__caps")
        .in_agencies_order()
    )
    lists: dict[tuple[Agency, Group], list[Proposal]] = {}
    for each in found:
        lists.setdefault((each.agency, each.group), []).append(each)
    return lists


def numbered(codes: list[str], typed: Mapping[str, str]) -> list[str]:
    """The codes by the numbers typed for them ("place-CODE"). Where two want one place, the one that changed wins it;
    what is no number stays where it was."""
    wishes = {code: _number(typed.get(f"place-{code}", ""), place) for place, code in enumerate(codes, start=1)}
    changed = {code: wish != place for place, (code, wish) in enumerate(wishes.items(), start=1)}
    rising = {code: wishes[code] > place for place, code in enumerate(codes, start=1)}
    return sorted(codes, key=lambda code: (wishes[code], 0 if not changed[code] else 1 if rising[code] else -1))


def unnumbered(codes: list[str], typed: Mapping[str, str]) -> list[str]:
    """What was typed as a place and is no number."""
    return [text for code in codes if not _is_number(text := typed.get(f"place-{code}", "1"))]


def _is_number(text: str) -> bool:
    return text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 6


def _number(text: str, otherwise: int) -> int:
    return int(text) if _is_number(text) else otherwise


def moved(codes: list[str], step: str) -> list[str]:
    """One code moved by one place: step is "CODE:up" or "CODE:down"; anything else, or over an end, moves nothing."""
    code, _colon, way = step.partition(":")
    if code not in codes or way not in {"up", "down"}:
        return codes
    here = codes.index(code)
    there = here - 1 if way == "up" else here + 1
    if not 0 <= there < len(codes):
        return codes
    order = list(codes)
    order[here], order[there] = order[there], order[here]
    return order
