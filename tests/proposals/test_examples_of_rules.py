"""Every rule of every year's file has an example that fulfils it and one that breaks it, and breaks nothing else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import Agency
from catalogue.models import Innovation
from competitions import calendar
from competitions.loading import load_year
from competitions.models import Group, HistoryRule
from proposals.eligibility import Verdict, failures, judge, latest_start
from proposals.facts import Facts, gather
from proposals.models import Answer, Document, Proposal
from tests.conftest import person

YEARS = Path(__file__).resolve().parents[2] / "competitions" / "years"

pytestmark = pytest.mark.django_db


@pytest.fixture(params=sorted(path.stem for path in YEARS.glob("*.toml")))
def groups(request):
    competition = load_year(YEARS / f"{request.param}.toml")
    calendar.lay_around(competition, calendar.submission_stage(competition).key, fraction=0.5)
    return list(Group.objects.filter(competition=competition).order_by("order"))


@pytest.fixture
def agency():
    return Agency.objects.create(code="B1", name="Pemerintah Kabupaten Uji", slug="uji", type="regency")


def test_what_fulfils_and_what_breaks_each_rule(groups, agency):
    lead = person("lead")
    for group in groups:
        fitting = fit(group, agency, lead)
        found = judge(fitting)
        assert [each for each in found if each.verdict != Verdict.PASS] == []
        broken = broken_examples(fitting)
        assert {rule for rule, _facts in broken} >= {each.rule for each in found if not is_summary(each.rule, fitting)}
        for rule, facts in broken:
            assert {each.rule for each in failures(judge(facts))} == {rule}, (group, rule)


def test_the_age_of_each_category_is_told_to_the_day(groups, agency):
    lead = person("lead")
    for group in groups:
        fitting = fit(group, agency, lead)
        for category in group.competition.categories.all():
            least = group.min_age_months_for(category)
            if least is not None:
                edge = latest_start(fitting.counted_to, least)
                assert failures(judge(changed(fitting, category=category, started_on=edge))) == []
                younger = changed(fitting, category=category, started_on=edge + timedelta(days=1))
                assert [each.rule for each in failures(judge(younger))] == ["age"]


def fit(group: Group, agency: Agency, lead) -> Facts:
    """Facts in which the year has nothing against a proposal of this group."""
    competition = group.competition
    proposal = Proposal.objects.create(
        competition=competition, group=group, category=competition.categories.first(), agency=agency, lead=lead,
        title="Perahu Sehat untuk Pulau Terluar", video_url="https://youtu.be/a", sdgs=[3], is_application=True,
    )  # fmt: skip
    facts = gather(proposal)
    least = max((group.min_age_months_for(each) or 0 for each in competition.categories.all()), default=0)
    started_on = group.started_after or min(
        latest_start(facts.counted_to, least), calendar.local_day(facts.stage.starts_at - timedelta(days=1))
    )
    return replace(
        changed(facts, started_on=started_on),
        invited=True,
        past=awarded(history(facts, "past", "requires")),
        source=next(iter(awarded(history(facts, "source", "requires"), agency_name="Lain")), None),
        answers={
            each.pk: Answer(proposal=proposal, question=each, text="x", words=1) for _aspect, each in facts.questions
        },
        documents={
            each.pk: Document(proposal=proposal, requirement=each) for each in facts.requirements
        },
    )  # fmt: skip


def broken_examples(facts: Facts) -> list[tuple[str, Facts]]:
    """(the one rule that is broken, facts), for every rule that the group has."""
    group, stage = facts.proposal.group, facts.stage
    found = [
        ("open", replace(facts, at=stage.ends_at + timedelta(microseconds=1))),
        ("open", replace(facts, at=stage.starts_at - timedelta(microseconds=1))),
        ("title", changed(facts, title="ABC")),
        ("duplicate_title", replace(facts, title_taken=True)),
        ("started_on", changed(facts, started_on=None)),
        ("video", changed(facts, video_url="https://www.youtube.com/@kanal")),
        ("video", changed(facts, video_url="")),
    ]
    rules = group.competition.title_rules
    if "max_characters" in rules:
        found.append(("title", changed(facts, title="x" * (rules["max_characters"] + 1))))
    if "max_words" in rules:
        found.append(("title", changed(facts, title="kata " * (rules["max_words"] + 1))))
    found += [("title", changed(facts, title=f"Perahu {each} Sehat")) for each in rules.get("forbidden", [])]
    if group.invitation_only:
        found.append(("invitation", replace(facts, invited=False)))
    if facts.cap is not None:
        found.append(("cap", replace(facts, standing=facts.cap)))
    if group.started_after:
        found.append(("started_after", changed(facts, started_on=group.started_after - timedelta(days=1))))
    if group.min_age_months_for(facts.proposal.category) is not None:
        young = latest_start(facts.counted_to, group.min_age_months_for(facts.proposal.category)) + timedelta(days=1)
        found.append(("age", changed(facts, started_on=young)))
    if facts.asks_application:
        found.append(("application", changed(facts, is_application=None)))
    if group.needs_sdgs:
        found.append(("sdgs", changed(facts, sdgs=[])))
    return found + broken_history(facts) + broken_content(facts)


def broken_history(facts: Facts) -> list[tuple[str, Facts]]:
    found = []
    for rule in facts.proposal.group.history_rules.all():
        requires, about_past = rule.kind == HistoryRule.Kind.REQUIRES, rule.about == HistoryRule.About.PAST
        won = [] if requires else awarded([rule], times=rule.limit + 1)
        if about_past:
            found.append((f"history:{rule.key}", replace(facts, past=[*facts.past, *won] if won else [])))
        else:
            other = won[0] if won else Innovation.objects.create(title="Tanpa Penghargaan", agency_name="Lain")
            found.append((f"history:{rule.key}", replace(facts, source=other)))
    if facts.proposal.group.needs_source_innovation:
        found.append(("source", replace(facts, source=None)))
        found.append(("source", replace(facts, past=[*facts.past, facts.source])))
    return found


def broken_content(facts: Facts) -> list[tuple[str, Facts]]:
    found = []
    for aspect, question in facts.questions:
        name = f"{aspect.key}/{question.key}"
        if question.required:
            found.append((f"answer:{name}", replace(facts, answers=without(facts.answers, question.pk))))
        if question.max_words is not None:
            too_long = Answer(question=question, text="x", words=question.max_words + 1)
            found.append((f"words:{name}", replace(facts, answers={**facts.answers, question.pk: too_long})))
    return found + [
        (f"document:{each.key}", replace(facts, documents=without(facts.documents, each.pk)))
        for each in facts.requirements
        if each.required
    ]


def is_summary(rule: str, facts: Facts) -> bool:
    """The word of praise for an aspect; what is wrong in it is told of each of its boxes."""
    return rule in {f"answer:{aspect.key}" for aspect in facts.aspects}


def changed(facts: Facts, **fields: object) -> Facts:
    """The same facts of a proposal with other details."""
    proposal = Proposal.objects.get(pk=facts.proposal.pk)
    proposal.group, proposal.competition = facts.proposal.group, facts.proposal.competition
    for name in ("started_on", "category"):
        setattr(proposal, name, getattr(facts.proposal, name))
    for name, value in fields.items():
        setattr(proposal, name, value)
    return replace(facts, proposal=proposal)


def history(facts: Facts, about: str, kind: str) -> list[HistoryRule]:
    return [each for each in facts.proposal.group.history_rules.all() if (each.about, each.kind) == (about, kind)]


def awarded(rules: list[HistoryRule], *, times: int = 1, agency_name: str = "Lain") -> list[Innovation]:
    """An innovation with the awards these rules speak of, each in so many years."""
    if not rules:
        return []
    made = Innovation.objects.create(title=f"Inovasi {Innovation.objects.count()}", agency_name=agency_name)
    for rule in rules:
        first = rule.first_year or (rule.last_year or 2020) - times + 1
        for year in range(first, first + times):
            made.awards.get_or_create(year=year, tier=rule.tiers[0], defaults={"label": "Top"})
    return [made]


def without(held: dict, key: int) -> dict:
    return {each: value for each, value in held.items() if each != key}
