"""What the innovation won before, and the innovation that a replication names.

The catalogue knows an innovation under the title of its year; a proposal's people say which of its rows are theirs.
"""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue.models import Award, Innovation
from competitions import calendar
from competitions.models import HistoryRule
from proposals.eligibility.finding import Finding, finding, on_details
from proposals.facts import Facts
from proposals.models import PastMatch

About = HistoryRule.About


def has_history_in_order(facts: Facts) -> list[Finding]:
    """The earlier awards of the innovation, by all the rows of the catalogue that its people call the same."""
    rules = [each for each in facts.proposal.group.history_rules.all() if each.about == About.PAST]
    if not rules:
        return []
    return [
        *(_past(facts, rule) for rule in rules),
        *(_question(facts, each) for each in facts.asked),
        *_denials(facts),
    ]


def _past(facts: Facts, rule: HistoryRule) -> Finding:
    won = _fitting(rule, facts.past)
    if rule.kind == HistoryRule.Kind.REQUIRES:
        return _required(facts, rule, won, bool(facts.past))
    ok: bool | None = len(won) <= rule.limit
    if ok and len({*won, *_fitting(rule, facts.asked)}) > rule.limit:
        advice = _("It depends on the questions about innovations of earlier years.")
        return _of_rule(facts, rule, None, advice)
    return _of_rule(facts, rule, ok, _won(won))


def _required(facts: Facts, rule: HistoryRule, won: dict[tuple[int, str], Award], named: bool) -> Finding:
    if won:
        return _of_rule(facts, rule, True, _won(won))
    if not named:
        advice = _("Choose the innovation from the catalogue of earlier years.")
        return _of_rule(facts, rule, False, advice, missing=True)
    return _of_rule(facts, rule, False, _("The innovation you chose has no such award in the catalogue."))


def _of_rule(facts: Facts, rule: HistoryRule, ok: bool | None, advice: str, missing: bool = False) -> Finding:
    return on_details(
        facts, f"history:{rule.key}", ok, rule.text, advice, at=f"history_rules.{rule.key}", stands_in=rule.source,
        missing=missing,
    )  # fmt: skip


def _fitting(rule: HistoryRule, innovations: Iterable[Innovation]) -> dict[tuple[int, str], Award]:
    """The awards of which the rule speaks, each distinction of a year once."""
    return {
        (award.year, award.tier): award
        for innovation in innovations
        for award in innovation.awards.all()
        if award.tier in rule.tiers and (rule.first_year or 0) <= award.year <= (rule.last_year or award.year)
    }


def _won(awards: dict[tuple[int, str], Award]) -> str:
    return _("In the catalogue: %(awards)s.") % {"awards": named(awards.values())} if awards else ""


def named(awards: Iterable[Award]) -> str:
    """Top 99 (2019), Top 99 (2021)"""
    ordered = sorted(awards, key=lambda award: (award.year, award.label))
    return ", ".join(f"{award.label} ({award.year})" for award in ordered)


def _question(facts: Facts, innovation: Innovation) -> Finding:
    message = _("The catalogue holds “%(title)s” of %(agency)s: %(awards)s. Is it this innovation?")
    return finding(
        facts, f"namesake:{innovation.code}", None, message % _words(innovation),
        _("Say whether it is the same one, perhaps under another name."),
        section="proposals:innovation", key="past_innovation",
    )  # fmt: skip


def _denials(facts: Facts) -> list[Finding]:
    message = _("“%(title)s” of %(agency)s (%(awards)s) is another innovation, says %(name)s (%(day)s).")
    return [
        finding(
            facts, f"denied:{innovation.code}", True, message % (_words(innovation) | _said(answer)),
            section="proposals:innovation", key="past_innovation",
        )
        for innovation, answer in facts.denied
    ]  # fmt: skip


def _said(answer: PastMatch) -> dict[str, str]:
    return {"name": str(answer.answered_by), "day": date_format(calendar.local_day(answer.answered_at), "j F Y")}


def _words(innovation: Innovation) -> dict[str, str]:
    return {
        "title": innovation.title, "agency": innovation.agency_name, "awards": named(innovation.distinctions),
    }  # fmt: skip


def has_source_in_order(facts: Facts) -> list[Finding]:
    """A replication names what it replicates: an innovation of the catalogue with the awards the year asks for."""
    if not facts.proposal.group.needs_source_innovation:
        return []
    rules = [each for each in facts.proposal.group.history_rules.all() if each.about == About.SOURCE]
    return [_source(facts), *(_of_source(facts, rule) for rule in rules if facts.source)]


def _source(facts: Facts) -> Finding:
    at, source = "needs_source_innovation", facts.source
    if source is None:
        message = _("The innovation this one replicates is not named.")
        return on_details(facts, "source", False, message, at=at, missing=True)
    if source.pk in {each.pk for each in facts.past}:
        message = _("An innovation cannot replicate itself: both questions name “%(title)s”.")
        return on_details(facts, "source", False, message % {"title": source.title}, at=at)
    if source.agency_id == facts.proposal.agency_id:
        message = _("It replicates “%(title)s”, which is an innovation of your own agency.")
        advice = _("No rule of the year forbids it; the secretariat will look whether the two are really two.")
        return on_details(facts, "source", None, message % {"title": source.title}, advice, at=at)
    message = _("It replicates “%(title)s” of %(agency)s.")
    return on_details(facts, "source", True, message % {"title": source.title, "agency": source.agency_name}, at=at)


def _of_source(facts: Facts, rule: HistoryRule) -> Finding:
    won = _fitting(rule, [facts.source] if facts.source else [])
    ok = bool(won) if rule.kind == HistoryRule.Kind.REQUIRES else len(won) <= rule.limit
    advice = _won(won) or _("Choose another innovation that has such an award in the catalogue.")
    return _of_rule(facts, rule, ok, advice)
