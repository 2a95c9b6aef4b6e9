"""Do the proposal's own page, sending and screening say the same of generated proposals of every year?

Each proposal is invented around the edges of its group's rules, compared, and rolled back. In a scratch database.
"""

import os
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import scratch
from figures import Figure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()

from django.core.exceptions import ValidationError  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Agency, Membership, User  # noqa: E402
from catalogue.loading import load_awards  # noqa: E402
from catalogue.models import Innovation  # noqa: E402
from competitions import calendar  # noqa: E402
from competitions.loading import load_year  # noqa: E402
from competitions.models import Competition, Group, GroupInvitation, Question  # noqa: E402
from files.models import StoredFile  # noqa: E402
from proposals import actions, eligibility  # noqa: E402
from proposals.completeness import checklist  # noqa: E402
from proposals.eligibility import Finding, latest_start  # noqa: E402
from proposals.facts import gather  # noqa: E402
from proposals.models import Answer, Document, PastMatch, Proposal, Submission  # noqa: E402

PROPOSALS, OPENED_EACH = 2000, 10
YEARS = Path(__file__).parent.parent / "competitions" / "years"
TITLES = ("", "ABC", "EDAT", "Antar Obat ke Pulau", "Sudah Dikirim", "Perahu Sehat untuk Pulau Terluar")
VIDEOS = ("", "https://youtu.be/a", "https://www.youtube.com/@kanal", "https://drive.google.com/file/d/1/view")
TIERS = ("winner", "finalist", "special_finalist", "outstanding", "replication_winner", "other")


class Author:
    """Invents proposals of one agency, led by its admin, who may send what they write."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.agency = Agency.objects.create(code="B1", name="Pemerintah Kabupaten Uji", slug="uji", type="regency")
        self.other = Agency.objects.create(code="B2", name="Pemerintah Kota Uji", slug="uji-2", type="city")
        self.lead = User.objects.create_user(email="admin@example.go.id", name="Admin Uji")
        Membership.objects.create(user=self.lead, agency=self.agency, role=Membership.Role.ADMIN)
        self.file = StoredFile.objects.create(
            name="surat.pdf", media_type="application/pdf", size=9, sha256="0" * 64, path="a"
        )
        self.innovations = [self.innovation(number) for number in range(24)]

    def innovation(self, number: int) -> Innovation:
        title = TITLES[3 + number % 3] + (f" {number}" if number > 2 else "")
        agency = self.other if number % 4 == 3 else self.agency
        made = Innovation.objects.create(title=title, agency=agency, agency_name=agency.name)
        for _turn in range(self.random.randrange(3)):
            year, tier = self.random.randrange(2014, 2023), self.random.choice(TIERS)
            made.awards.get_or_create(year=year, tier=tier, defaults={"label": tier})
        return made

    def fitting(self, group: Group, about: str) -> Innovation | None:
        """One with the award the group requires; none where it requires none."""
        rule = group.history_rules.filter(kind="requires", about=about).first()
        if rule is None:
            return self.random.choice(self.innovations) if about == "source" else None
        made = Innovation.objects.create(title=f"Syarat {Innovation.objects.count()}", agency_name="Lain")
        made.awards.create(year=rule.first_year or 2015, tier=rule.tiers[0], label="Top")
        return made

    def proposal(self, group: Group) -> Proposal:
        """Usually with little wrong: a proposal full of faults would agree too easily."""
        choose, mostly = self.random.choice, self.mostly
        proposal = Proposal.objects.create(
            competition=group.competition, group=group, category=choose(list(group.competition.categories.all())),
            agency=self.agency, lead=self.lead, title=mostly(TITLES[5], TITLES), video_url=mostly(VIDEOS[1], VIDEOS),
            sdgs=mostly([3], [[], [1, 17]]), is_application=mostly(choose([True, False]), [None]),
            past_innovation=mostly(self.fitting(group, "past"), self.innovations),
            source_innovation=mostly(self.fitting(group, "source"), [None, *self.innovations]),
        )  # fmt: skip
        proposal.started_on = self.start(proposal)
        proposal.save()
        for innovation in self.random.sample(self.innovations, self.mostly(0, [1, 2], 0.8)):
            PastMatch.objects.create(
                proposal=proposal, innovation=innovation, is_same=choose([True, False]), answered_at=timezone.now(),
                answered_by=self.lead,
            )  # fmt: skip
        Answer.objects.bulk_create(self.answers(proposal))
        Document.objects.bulk_create(
            Document(proposal=proposal, requirement=each, file=self.file, attached_by=self.lead)
            for each in group.documents.all()
            if self.random.random() < 0.99
        )
        return proposal

    def mostly(self, usual: Any, others: Sequence[Any], share: float = 0.95) -> Any:
        return usual if self.random.random() < share else self.random.choice(others)

    def start(self, proposal: Proposal) -> date | None:
        """Around the day from which it would be too young."""
        counted = gather(proposal).counted_to
        least = proposal.group.min_age_months_for(proposal.category)
        edge = latest_start(counted, least) if counted and least else date(2015, 2, 28)
        days = self.mostly(self.random.choice([-2000, -400, -1, 0]), [1, 30])
        return self.mostly(edge + timedelta(days=days), [None], 0.98)

    def answers(self, proposal: Proposal) -> list[Answer]:
        questions = Question.objects.filter(aspect__group=proposal.group)
        made = []
        for each in questions:
            words = self.mostly(5, [0, each.max_words or 9, (each.max_words or 9) + 1], 0.98)
            if self.random.random() < 0.998:
                made.append(Answer(proposal=proposal, question=each, text="x", words=words, saved_by=self.lead))
        return made

    def crowd(self, group: Group) -> None:
        """Other standing submissions, up to and over the cap, one of them under a title of TITLES."""
        for number in range(self.mostly(0, [1, group.cap_per_agency or 1], 0.9)):
            other = Proposal.objects.create(
                competition=group.competition, group=group, category=group.competition.categories.first(),
                agency=self.agency, lead=self.lead, title=TITLES[4] if not number else f"Lain {number}", status="sent",
            )  # fmt: skip
            Submission.objects.create(
                proposal=other, sequence=1, number=f"U-{number}", payload={}, sha256="0" * 64,
                sent_at=timezone.now(), sent_by=self.lead,
            )  # fmt: skip


def main() -> list[Figure]:
    random, found, started = Random(3), Counter[str](), time.monotonic()  # noqa: S311  no secret
    setup_test_environment()  # so that a page shows what it was made of
    try:
        with scratch.database():
            measure(random, found)
    finally:
        teardown_test_environment()
    return figures(found, time.monotonic() - started)


def measure(random: Random, found: Counter[str]) -> None:
    load_awards()
    author, groups, browser = Author(random), open_groups(), Client()
    browser.force_login(author.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    for number in range(PROPOSALS):
        with transaction.atomic():
            compare(author, groups[number % len(groups)], browser if number % OPENED_EACH == 0 else None, found)
            transaction.set_rollback(True)


def figures(found: Counter[str], seconds: float) -> list[Figure]:
    disagreements = sum(count for name, count in found.items() if name.startswith("disagree"))
    return [
        Figure("generated proposals", f"{found['compared']}", "≥ 2000", found["compared"] >= PROPOSALS),
        Figure("of them sent, refused", f"{found['sent']}, {found['refused']}", "both > 400",
               min(found["sent"], found["refused"]) > 400),
        Figure("of them opened as a page too", str(found["opened"])),
        Figure("kinds of rule seen broken", f"{sum(name.startswith('broken ') for name in found)} of "
               f"{sum(name.startswith('rule ') for name in found)}"),
        Figure("disagreements of page, sending and screening", str(disagreements), "0", disagreements == 0),
        Figure("disagreements of the task list and the findings", str(found["list"]), "0", found["list"] == 0),
        Figure("seconds", f"{seconds:.0f}"),
    ]  # fmt: skip


def open_groups() -> list[Group]:
    for path in sorted(YEARS.glob("*.toml")):
        stage = calendar.submission_stage(load_year(path))
        stage.starts_at, stage.ends_at = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
        stage.save()
    found = Group.objects.filter(competition__in=Competition.objects.all()).select_related("competition")
    return list(found.order_by("competition__year", "order"))


def compare(author: Author, group: Group, browser: Client | None, found: Counter[str]) -> None:
    """What the three say of one new proposal, counted in `found`."""
    author.crowd(group)
    if group.invitation_only and author.random.random() < 0.8:
        GroupInvitation.objects.create(group=group, agency=author.agency, letter_number="1")
    proposal = author.proposal(group)
    facts = gather(proposal)
    shown = checklist(facts)
    page = failing(shown.findings)
    screened = failing(eligibility.judge_for_screening(facts))
    refused = sending(proposal, author.lead)
    found["compared"] += 1
    found["refused" if refused else "sent"] += 1
    found["disagree: page and sending"] += {each.message for each in page} != refused
    found["disagree: page and screening"] += page != screened
    if not refused:
        submission = proposal.submissions.get(stands=True)
        sent = eligibility.judge_for_screening(gather(submission.proposal))
        found["disagree: screening of what was sent"] += bool(failing(sent))
    elif browser:
        answer = browser.get(reverse("proposals:check", args=[proposal.code]))
        found["opened"] += 1
        found["disagree: page as opened"] += failing(answer.context["checklist"].findings) != page
    found["list"] += shown.ready != (not page) or (shown.ready and shown.done != shown.total)
    found.update({f"rule {name(each)}" for each in shown.findings} | {f"broken {name(each)}" for each in page})


def failing(findings: Sequence[Finding]) -> set[Finding]:
    return set(eligibility.failures(findings))


def name(finding: Finding) -> str:
    return finding.rule.partition(":")[0]


def sending(proposal: Proposal, by: User) -> set[str]:
    """The words with which sending refuses; none when it was sent."""
    try:
        actions.send(proposal, by=by)
    except ValidationError as refusal:
        return set(refusal.messages)
    return set()
