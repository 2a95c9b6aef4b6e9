"""Each rule of each year's file, by a proposal that keeps it and one that breaks it: without examples, a rule fails."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Membership
from catalogue.models import Award, Innovation
from competitions import calendar
from competitions.loading import load_year
from competitions.models import AgeException, Group, GroupInvitation, HistoryRule, Question
from competitions.yearfile import YearFile
from files.models import StoredFile
from proposals.completeness import checklist
from proposals.eligibility import Verdict, findings, latest_start
from proposals.facts import gather
from proposals.models import Answer, Document, Proposal, Submission
from proposals.snapshot import payload
from tests.conftest import person

pytestmark = pytest.mark.django_db
FILES = sorted(Path("competitions/years").glob("*.toml"))
GROUPS = [(path.stem, group["key"]) for path in FILES for group in YearFile.open(path).data["groups"]]
# What each column of a group asks for; a column that is no rule says so here.
ASKED_BY = {
    "min_age_months": "age", "age_counted_to": "age", "started_after": "started_after", "cap_per_agency": "cap",
    "invitation_only": "invitation", "needs_sdgs": "sdgs", "needs_source_innovation": "source",
    **dict.fromkeys(
        ("id", "competition", "key", "name", "order", "description", "finalists", "winners", "finalist_label",
         "winner_label", "sources", "second_look_percent")
    ),
}  # fmt: skip


@pytest.fixture
def stored(db):
    return StoredFile.objects.create(name="surat.pdf", media_type="application/pdf", size=9, sha256="0" * 64, path="a")


@pytest.fixture
def begin(agency, stored):
    """Makes the proposal of a group of a loaded year that has nothing against it."""

    def build(year: str, key: str) -> Proposal:
        competition = load_year(f"competitions/years/{year}.toml")
        stage, now = calendar.submission_stage(competition), timezone.now()
        stage.starts_at, stage.ends_at = now - timedelta(days=2), now + timedelta(days=2)
        stage.save()
        group, lead = competition.groups.get(key=key), person("lead")
        Membership.objects.create(user=lead, agency=agency, role=Membership.Role.INNOVATOR)
        proposal = Proposal.objects.create(
            competition=competition, group=group, category=competition.categories.first(), agency=agency, lead=lead,
            title="Antar Obat ke Pulau Terluar", started_on=date(2010, 1, 2), video_url="https://youtu.be/a", sdgs=[3],
            is_application=True,
        )  # fmt: skip
        proposal.past_innovation = won(agency, rules(group, "past"))
        proposal.source_innovation = won(None, rules(group, "source")) if group.needs_source_innovation else None
        proposal.save()
        if group.invitation_only:
            GroupInvitation.objects.create(group=group, agency=agency, letter_number="1")
        for question in Question.objects.filter(aspect__group=group):
            Answer.objects.create(proposal=proposal, question=question, text="Ada.", words=1, saved_by=lead)
        for requirement in group.documents.all():
            Document.objects.create(proposal=proposal, requirement=requirement, file=stored, attached_by=lead)
        return proposal

    return build


def rules(group: Group, about: str) -> list[HistoryRule]:
    return list(group.history_rules.filter(about=about))


def won(agency: Agency | None, asked: list[HistoryRule], *, too_often: HistoryRule | None = None) -> Innovation | None:
    """An innovation with the awards these rules require; with `too_often` one more than that rule allows."""
    innovation = Innovation.objects.create(
        title=f"Inovasi {Innovation.objects.count()}", agency=agency, agency_name=str(agency)
    )
    for rule in asked:
        if rule.kind == "requires":
            innovation.awards.create(year=rule.first_year or 2014, tier=rule.tiers[0], label="Top")
    if too_often:
        for year in range(rule_year(too_often) - too_often.limit, rule_year(too_often) + 1):
            innovation.awards.get_or_create(year=year, tier=too_often.tiers[0], defaults={"label": "Top"})
    return innovation


def rule_year(rule: HistoryRule) -> int:
    return rule.last_year or rule.group.competition.year - 1


def details(**values):
    def change(proposal, _rule):
        Proposal.objects.filter(pk=proposal.pk).update(**values)

    return change


def same_title(proposal, _rule):
    Proposal.objects.create(
        competition=proposal.competition, group=proposal.group, category=proposal.category, agency=proposal.agency,
        lead=proposal.lead, title=proposal.title.upper(), status="sent",
    )  # fmt: skip


def too_many(proposal, _rule):
    for number in range(proposal.group.cap_for(proposal.agency)):
        other = Proposal.objects.create(
            competition=proposal.competition, group=proposal.group, category=proposal.category,
            agency=proposal.agency, lead=proposal.lead, title=f"Lain {number}", status="sent",
        )  # fmt: skip
        Submission.objects.create(
            proposal=other, sequence=1, number=f"N{number}", payload={}, sha256="0", sent_at=timezone.now(),
            sent_by=proposal.lead,
        )  # fmt: skip


def too_young(proposal, _rule):
    """By one day."""
    counted, least = gather(proposal).counted_to, proposal.group.min_age_months_for(proposal.category)
    started = latest_start(counted, least)
    Proposal.objects.filter(pk=proposal.pk).update(started_on=started)
    assert "age" not in failed(proposal), "a proposal that is old enough to the day"
    Proposal.objects.filter(pk=proposal.pk).update(started_on=started + timedelta(days=1))


def other_history(proposal, name):
    rule = proposal.group.history_rules.get(key=name.partition(":")[2])
    about = "past_innovation" if rule.about == "past" else "source_innovation"
    kept = [] if rule.kind == "requires" else rules(proposal.group, rule.about)
    past = won(proposal.agency, kept, too_often=rule if rule.kind == "at_most" else None)
    Proposal.objects.filter(pk=proposal.pk).update(**{about: past})


def unanswered(proposal, name):
    aspect, _slash, question = name.partition(":")[2].partition("/")
    proposal.answers.filter(question__aspect__key=aspect, question__key=question).update(words=0, text="")


def too_long(proposal, name):
    aspect, _slash, key = name.partition(":")[2].partition("/")
    question = Question.objects.get(aspect__group=proposal.group, aspect__key=aspect, key=key)
    proposal.answers.filter(question=question).update(words=question.max_words + 1)


def detached(proposal, name):
    proposal.documents.filter(requirement__key=name.partition(":")[2]).delete()


def closed(proposal, _rule):
    proposal.competition.stages.filter(kind="submission").update(ends_at=timezone.now() - timedelta(hours=1))


BROKEN_BY = {
    "open": closed,
    "invitation": lambda proposal, _rule: GroupInvitation.objects.all().delete(),
    "cap": too_many,
    "title": details(title="ABC"),
    "duplicate_title": same_title,
    "started_on": details(started_on=None),
    "age": too_young,
    "sdgs": details(sdgs=[]),
    "application": details(is_application=None),
    "source": details(source_innovation=None),
    "video": details(video_url="https://www.youtube.com/@kanal"),
    "history": other_history,
    "answer": unanswered,
    "words": too_long,
    "document": detached,
}


def failed(proposal):
    proposal.refresh_from_db()
    return {each.rule for each in findings(proposal) if each.verdict == Verdict.FAIL}


def asked_of(proposal: Proposal) -> set[str]:
    """The rules that speak of a proposal with nothing against it, each box and each limit by itself."""
    found = {each.rule for each in findings(proposal)}
    aspects = {name for name in found if name.startswith("answer:")}
    facts = gather(proposal)
    boxes = {f"answer:{aspect.key}/{each.key}" for aspect, each in facts.questions if each.required}
    limits = {f"words:{aspect.key}/{each.key}" for aspect, each in facts.questions if each.max_words}
    return (found - aspects) | boxes | limits


@pytest.mark.parametrize(("year", "key"), GROUPS)
def test_each_rule_has_a_proposal_that_keeps_it_and_one_that_breaks_it(begin, year, key):
    proposal = begin(year, key)
    assert failed(proposal) == set()
    for rule in sorted(asked_of(proposal)):
        with transaction.atomic():
            BROKEN_BY[rule.partition(":")[0]](proposal, rule)
            assert rule in failed(proposal), rule
            transaction.set_rollback(True)
        proposal = Proposal.objects.get(pk=proposal.pk)


@pytest.mark.parametrize(("year", "key"), GROUPS)
def test_whatever_the_file_asks_is_asked_of_a_proposal(begin, year, key):
    proposal = begin(year, key)
    group, asked = proposal.group, asked_of(proposal)
    for column, rule in ASKED_BY.items():
        if rule and getattr(group, column, None):
            assert rule in asked, column
    assert {f"history:{each.key}" for each in group.history_rules.all()} <= asked
    assert {f"document:{each.key}" for each in group.documents.filter(required=True)} <= asked
    assert {"title", "duplicate_title", "video", "started_on"} <= asked


def test_each_column_of_a_group_is_known_to_these_tests():
    assert {field.name for field in Group._meta.concrete_fields} <= ASKED_BY.keys()


def test_each_finding_names_where_its_rule_stands(begin):
    sources = {each.rule: each.source for each in findings(begin("2021", "umum"))}
    assert (sources["age"].text, sources["age"].assumed) == ("Kementerian PANRB, syarat dan kriteria KIPP 2021", False)
    assert sources["document:surat-implementasi"].assumed
    assert all(each.text for each in sources.values())


def test_the_age_of_2023_is_marked_as_assumed(begin):
    sources = {each.rule: each.source for each in findings(begin("2023", "umum"))}
    assert sources["age"].assumed
    assert not sources["history:belum-terpuji"].assumed


@pytest.mark.parametrize(
    ("until", "months", "start"),
    [
        (date(2023, 5, 6), 24, date(2021, 5, 6)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2021, 2, 28), 12, date(2020, 2, 28)),
        (date(2021, 3, 31), 1, date(2021, 2, 28)),
        (date(2023, 1, 1), 1, date(2022, 12, 1)),
    ],
)
def test_the_last_day_on_which_it_can_have_started(until, months, start):
    assert latest_start(until, months) == start


def test_a_category_of_its_own_age(begin):
    proposal = begin("2021", "umum")
    AgeException.objects.create(group=proposal.group, category=proposal.category, min_age_months=12)
    too_young(proposal, "age")
    assert "age" in failed(proposal)


def test_a_replication_of_ones_own_agency_is_a_question_of_itself_a_fault(begin, agency):
    proposal = begin("2021", "replikasi")
    own = won(agency, rules(proposal.group, "source"))
    Proposal.objects.filter(pk=proposal.pk).update(source_innovation=own)
    proposal.refresh_from_db()
    assert {each.rule: each.verdict for each in findings(proposal)}["source"] == Verdict.UNKNOWN
    Proposal.objects.filter(pk=proposal.pk).update(past_innovation=own)
    assert "source" in failed(proposal)


@pytest.mark.parametrize(
    ("rules_of_titles", "title", "verdict"),
    [
        ({"max_words": 3}, "Antar Obat Pulau", Verdict.PASS),
        ({"max_words": 3}, "Antar Obat ke Pulau", Verdict.FAIL),
        ({"max_characters": 10}, "Antar Obat", Verdict.PASS),
        ({"max_characters": 10}, "Antar Obat!", Verdict.FAIL),
        ({"min_characters": 10}, "Antarobat", Verdict.FAIL),
        ({"forbidden": ["juara"]}, "Sang JUARA", Verdict.FAIL),
        ({"describes": True}, "EDAT", Verdict.UNKNOWN),
        ({"describes": True}, "EDAT untuk Ibu", Verdict.PASS),
    ],
)
def test_the_years_rules_of_titles(complete, year, rules_of_titles, title, verdict):
    year.title_rules = rules_of_titles
    year.save()
    complete.title = title
    complete.save()
    assert {each.rule: each.verdict for each in findings(complete)}["title"] == verdict


def test_what_only_applications_are_asked(begin):
    """A question that is not asked is not required, not counted, not frozen; what was typed stays."""
    proposal = begin("2023", "umum")
    facts = gather(proposal)
    assert "spbe" in {section.key for section in checklist(facts).sections}
    total = checklist(facts).total
    proposal.answers.filter(question__aspect__key="spbe").update(words=0, text="")
    assert "answer:spbe/layanan" in failed(proposal)
    Proposal.objects.filter(pk=proposal.pk).update(is_application=False)
    facts = gather(proposal)
    assert (checklist(facts).total, checklist(facts).ready) == (total - 1, True)
    frozen = payload(facts, number="1", sent_at=timezone.now())
    assert "spbe" not in {each["aspect"] for each in frozen["answers"]}
    assert proposal.answers.filter(question__aspect__key="spbe").count() == 3


def test_the_part_for_applications_appears_without_javascript(begin, as_user):
    proposal = begin("2023", "umum")
    browser, page = as_user(proposal.lead), reverse("proposals:aspect", args=[proposal.code, "spbe"])
    assert browser.get(page).status_code == 200
    Proposal.objects.filter(pk=proposal.pk).update(is_application=False)
    assert browser.get(page).status_code == 302
    assert page not in browser.get(reverse("proposals:proposal", args=[proposal.code])).content.decode()
    typed = {"text-layanan": "Tetap ada.", "version-layanan": "1", "then": "next"}
    assert browser.post(page, typed).status_code == 302
    assert proposal.answers.get(question__key="layanan").text == "Tetap ada."


def test_awards_have_the_tiers_of_the_catalogue():
    assert {tier for path in FILES for group in YearFile.open(path).data["groups"]
            for rule in group.get("history_rules", []) for tier in rule["tiers"]} <= set(Award.Tier.values)  # fmt: skip
