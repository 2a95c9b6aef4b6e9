"""How large a rehearsal is: the year's published counts, scaled to the number of proposals asked for."""

import re
from dataclasses import dataclass

from competitions.models import Competition, Group

# A year whose count was not published borrows the share of 2023 (registered 3,110; sent 2,269; passed 2,135).
SENT_OF_REGISTERED = 2269 / 3110
PASSED_OF_SENT = 2135 / 2269
# Of the 1,024 that were never sent in 2022, 412 had reached their agency admin.
STUCK_WITH_ADMIN = 412 / 1024
# 433 of 633 agencies have ever taken part (kipp.md, section 1): about seven proposals each.
PROPOSALS_PER_AGENCY = 3110 / 433


@dataclass(frozen=True)
class GroupPlan:
    """Target counts of one group: 0 ≤ passed ≤ sent ≤ registered."""

    key: str
    registered: int
    sent: int
    passed: int

    @property
    def complete(self) -> int:
        """How many are written to the end: those sent, and those that stay with their agency admin."""
        return self.sent + round((self.registered - self.sent) * STUCK_WITH_ADMIN)


@dataclass(frozen=True)
class Plan:
    groups: tuple[GroupPlan, ...]
    agencies: int
    evaluators: int
    panelists: int
    scale: float

    @property
    def registered(self) -> int:
        return sum(group.registered for group in self.groups)

    @property
    def sent(self) -> int:
        return sum(group.sent for group in self.groups)

    @property
    def passed(self) -> int:
        return sum(group.passed for group in self.groups)


def plan_year(competition: Competition, *, proposals: int | None, jurors: int | None) -> Plan:
    """The targets for a rehearsal of so many registered proposals (default: the year's real number)."""
    registered = competition.counts["registered"]
    sent = competition.counts.get("sent") or round(registered * SENT_OF_REGISTERED)
    passed = competition.counts.get("passed") or round(sent * PASSED_OF_SENT)
    total = proposals or registered
    scale = total / registered
    whole_passed = sum(passed.values()) if isinstance(passed, dict) else passed
    targets = [total, round(sent * scale), round(whole_passed * scale)]
    groups = _split(competition, targets, passed if isinstance(passed, dict) else {})
    evaluators = jurors or max(4, round(100 * min(1, scale)))
    panelists = max(4, round(evaluators / 5))
    return Plan(groups, max(4, round(total / PROPOSALS_PER_AGENCY)), evaluators, panelists, scale)


def _split(competition: Competition, targets: list[int], passed_by_group: dict[str, int]) -> tuple[GroupPlan, ...]:
    """Share the targets among the groups as the year's passed proposals were shared, or by their finalists where
    that is not known; every group gets at least one proposal, and the first takes the rest."""
    groups = list(competition.groups.all())
    weights = {group.key: passed_by_group.get(group.key) or group.finalists or 1 for group in groups}
    whole = sum(weights.values())
    plans: list[GroupPlan] = []
    left = list(targets)
    for group in reversed(groups):
        part = [max(1, round(target * weights[group.key] / whole)) for target in targets]
        part = left if group is groups[0] else part
        left = [rest - taken for rest, taken in zip(left, part, strict=True)]
        plans.append(GroupPlan(group.key, *part))
    return tuple(reversed(plans))


def scale_quotas(competition: Competition, scale: float) -> None:
    """Shrink every quota, and the number in its name ("Top 99" → "Top 10"), to a smaller year's size."""
    if scale >= 1:
        return
    for group in competition.groups.all():
        for judging_round in group.rounds.all():
            if judging_round.supports:
                judging_round.intake = judging_round.intake and max(1, round(judging_round.intake * scale))
                judging_round.save(update_fields=["intake"])
                continue
            small = max(1, round(judging_round.advance * scale))
            judging_round.selection_name = _renumber(judging_round.selection_name, judging_round.advance, small)
            judging_round.advance = small
            judging_round.save(update_fields=["advance", "selection_name"])
        _scale_group(group, scale)


def _scale_group(group: Group, scale: float) -> None:
    for quota, label in (("finalists", "finalist_label"), ("winners", "winner_label")):
        whole = getattr(group, quota)
        if whole:
            small = max(1, round(whole * scale))
            setattr(group, label, _renumber(getattr(group, label), whole, small))
            setattr(group, quota, small)
    group.save(update_fields=["finalists", "winners", "finalist_label", "winner_label"])


def _renumber(name: str, whole: int, small: int) -> str:
    return re.sub(rf"\b{whole}\b", str(small), name)
