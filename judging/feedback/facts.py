"""What a letter of feedback says, as facts: how each aspect was read, where it stands, who solved the like before, and
what counts next year. Nothing here names a juror or a sheet, and no score leaves it: only bands and shares.

The words around the facts are templates (templates/judging/feedback/). The same sheets and catalogue give the same
pieces.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from catalogue.models import Innovation
from competitions import calendar
from competitions.models import Criterion, HistoryRule, Round, Stage
from judging.feedback.percentiles import Standing, standings
from judging.jurors.affinity import cosine, texts_of
from judging.models import Entry, Score, Selection, SelectionEntry
from proposals.eligibility.ages import months_between
from proposals.matching import Catalogue
from proposals.models import Proposal

Pieces = dict[str, Any]
SIMILAR = 3
LEAST_LIKENESS = 0.04  # cosine below which two innovations share nothing worth reading


def pieces_of(judging_round: Round, entries: Sequence[Entry]) -> dict[int, Pieces]:
    """The pieces of each of these entries, by primary key, in a number of queries that does not grow with them:

    aspects: [{key, name, weight, band, next, low, near, high}], in the rubric's order; band and next are anchor texts
    or "", the shares whole percent or None. best, room: keys of the strongest aspect and of the one where most is to
    be gained, or "". compared: how many entries of the round were scored. similar: [{code, title, agency, award}].
    age: {months, least, day} or None. history: [{text, won, allowed}].
    """
    _load_proposals(entries)
    aspects, compared = _aspects(judging_round, {entry.pk for entry in entries})
    similar, years = _similar(entries), _history(judging_round, entries)
    counted_to = _counted_to(judging_round)
    return {
        entry.pk: {
            "aspects": aspects[entry.pk], **_extremes(aspects[entry.pk]), "compared": compared,
            "similar": similar[entry.pk], "age": _age(entry.proposal, counted_to), "history": years[entry.pk],
        }
        for entry in entries
    }  # fmt: skip


def _load_proposals(entries: Sequence[Entry]) -> None:
    rows = Proposal.objects.with_names().prefetch_related("matches", "group__age_exceptions")
    loaded = rows.in_bulk([entry.proposal_id for entry in entries])
    for entry in entries:
        entry.proposal = loaded[entry.proposal_id]


def band_of(anchors: Sequence[dict[str, Any]], mean: Decimal) -> tuple[str, str]:
    """The anchor text of the band a mean falls in, and of the band above it. Means between two bands (40.5 between
    0-40 and 41-60) belong to the lower one."""
    ordered = sorted(anchors, key=lambda each: Decimal(str(each["from"])))
    place = max((n for n, each in enumerate(ordered) if Decimal(str(each["from"])) <= mean), default=None)
    if place is None:
        return "", ordered[0]["text"] if ordered else ""
    return ordered[place]["text"], ordered[place + 1]["text"] if place + 1 < len(ordered) else ""


def _aspects(judging_round: Round, wanted: set[int]) -> tuple[dict[int, list[Pieces]], int]:
    """Each wanted entry's lines of the rubric, and how many entries they are compared with. Two queries."""
    counted = Score.objects.filter(
        assessment__entry__round=judging_round, assessment__status="final", assessment__is_anchor_only=False,
        value__isnull=False,
    ).order_by("assessment__entry", "assessment__juror")  # fmt: skip
    scores: dict[int, list[tuple[int, int, Decimal]]] = defaultdict(list)
    for key, entry, juror, value in counted.values_list("criterion", "assessment__entry", "assessment__juror", "value"):
        scores[key].append((entry, juror, value or Decimal(0)))
    found: dict[int, list[Pieces]] = {pk: [] for pk in wanted}
    for criterion in judging_round.criteria.order_by("order", "key"):
        own = scores[criterion.pk]
        places = standings(*np.array([[entry, juror, float(value)] for entry, juror, value in own]).T) if own else {}
        values: dict[int, list[Decimal]] = defaultdict(list)
        for entry, _juror, value in own:
            values[entry].append(value)
        for pk in wanted & values.keys():
            mean = sum(values[pk], Decimal(0)) / len(values[pk])
            found[pk].append(_line(criterion, mean, places.get(pk)))
    return found, len({entry for rows in scores.values() for entry, _juror, _value in rows})


def _line(criterion: Criterion, mean: Decimal, standing: Standing | None) -> Pieces:
    band, higher = band_of(criterion.anchors, mean)
    shares = vars(standing) if standing else {"low": None, "near": None, "high": None}
    weight = f"{criterion.weight.normalize():f}"
    return {"key": criterion.key, "name": criterion.name, "weight": weight, "band": band, "next": higher, **shares}


def _extremes(aspects: Sequence[Pieces]) -> Pieces:
    """The strongest aspect by its share, and the one whose rise would count most: weight times what lies above it."""
    known = [each for each in aspects if each["near"] is not None and Decimal(each["weight"])]
    if len(known) < 2:
        return {"best": "", "room": ""}
    best = max(known, key=lambda each: each["near"])
    room = max(
        (each for each in known if each is not best), key=lambda each: Decimal(each["weight"]) * (100 - each["near"])
    )
    return {"best": best["key"], "room": room["key"]}


def _similar(entries: Sequence[Entry]) -> dict[int, list[Pieces]]:
    """Awarded innovations of other agencies whose words are nearest to the proposal's; those of its own field first
    by nothing but their words. Three queries."""
    awarded = list(Innovation.objects.awarded().with_awards().order_by("code"))
    if not awarded or not entries:
        return {entry.pk: [] for entry in entries}
    words = [" ".join([*[each.title] * 3, each.category_name, each.summary]) for each in awarded]
    likeness = cosine(texts_of(entries), words)
    found = {}
    for place, entry in enumerate(entries):
        near = (awarded[n] for n in np.argsort(-likeness[place], kind="stable") if likeness[place, n] >= LEAST_LIKENESS)
        others = (each for each in near if each.agency_id != entry.proposal.agency_id)
        found[entry.pk] = [_example(each) for each, _turn in zip(others, range(SIMILAR), strict=False)]
    return found


def _example(innovation: Innovation) -> Pieces:
    awards = ", ".join(str(each) for each in innovation.distinctions)
    return {
        "code": innovation.code, "title": innovation.title, "agency": innovation.agency_name, "award": awards
    }  # fmt: skip


def _counted_to(judging_round: Round) -> date | None:
    """The day to which ages are counted this year."""
    group = judging_round.group
    try:
        return group.age_counted_to or calendar.local_day(calendar.closes_at(group.competition))
    except Stage.DoesNotExist:
        return None


def _age(proposal: Proposal, day: date | None) -> Pieces | None:
    if proposal.started_on is None or day is None:
        return None
    least = proposal.group.min_age_months_for(proposal.category)
    return {"months": months_between(proposal.started_on, day), "least": least, "day": day.isoformat()}


def _history(judging_round: Round, entries: Sequence[Entry]) -> dict[int, list[Pieces]]:
    """What rules on earlier awards say of a second try, this year's awards counted. Constant queries."""
    rules = judging_round.group.history_rules.filter(
        kind=HistoryRule.Kind.AT_MOST, about=HistoryRule.About.PAST
    ).order_by("pk")  # fmt: skip
    this_year, known = _won_this_year(judging_round), Catalogue([entry.proposal for entry in entries])
    found: dict[int, list[Pieces]] = {entry.pk: [] for entry in entries}
    for rule in rules:
        for entry in entries:
            won = {
                (award.year, award.tier): str(award)
                for innovation in known.past(entry.proposal)
                for award in innovation.awards.all()
                if _counts(rule, award.tier, award.year)
            }
            for year, tier, label in this_year.get(entry.proposal_id, []):
                if _counts(rule, tier, year):
                    won[year, tier] = label
            line = {"text": rule.text, "won": [won[key] for key in sorted(won)], "allowed": len(won) <= rule.limit}
            found[entry.pk].append(line)
    return found


def _counts(rule: HistoryRule, tier: str, year: int) -> bool:
    return tier in rule.tiers and (rule.first_year or 0) <= year <= (rule.last_year or year)


def _won_this_year(judging_round: Round) -> dict[int, list[tuple[int, str, str]]]:
    """(year, tier, label) of the awards this year's lists of the group give, by proposal."""
    year = judging_round.group.competition.year
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    lists = Selection.objects.standing().filter(
        round__group=judging_round.group_id, round__order__lte=judging_round.order
    )  # fmt: skip
    places = SelectionEntry.objects.filter(selection__in=lists, is_selected=True)
    for proposal, tier, name in places.exclude(selection__round__award_tier="").values_list(
        "proposal", "selection__round__award_tier", "selection__name"
    ):
        found[proposal].append((year, tier, f"{name} {year}"))
    return found
