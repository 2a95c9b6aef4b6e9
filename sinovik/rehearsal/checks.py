"""What must hold after a rehearsed year, whatever its size. Each rule has a name, so that a failure can be told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from announcements.models import Announcement
from catalogue.models import Award
from competitions.models import Competition, Round, ScreeningRules
from judging.jurors.conflicts import ties_of
from judging.models import Assessment, FeedbackLetter, Selection, SelectionEntry
from judging.plenary.verifying import PROBLEMS, verify
from notifications.models import Message
from proposals.models import Proposal, Screening, SecondLook, Submission
from proposals.snapshot import digest
from sinovik.rehearsal.plan import Plan


@dataclass(frozen=True)
class Broken:
    """A rule that does not hold, and how."""

    rule: str
    detail: str


Rule = Callable[[Competition, Plan], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    RULES[check.__name__] = check
    return check


def broken_rules(competition: Competition, plan: Plan) -> list[Broken]:
    return [Broken(name, detail) for name, check in RULES.items() for detail in check(competition, plan)]


@rule
def counts_are_the_planned_ones(competition: Competition, plan: Plan) -> Iterator[str]:
    proposals = Proposal.objects.filter(competition=competition)
    for group in plan.groups:
        mine = proposals.filter(group__key=group.key)
        sent = mine.filter(submissions__stands=True).count()
        passed = mine.filter(status=Proposal.Status.PASSED).count()
        if (mine.count(), sent, passed) != (group.registered, group.sent, group.passed):
            yield f"{group}: registered {mine.count()}, sent {sent}, passed {passed}"


@rule
def every_failure_was_read_by_two(competition: Competition, plan: Plan) -> Iterator[str]:
    failed = Screening.objects.filter(
        submission__proposal__competition=competition, submission__stands=True, verdict=Screening.Verdict.FAIL
    )
    alone = failed.exclude(looks__stands=True, looks__looked_by__isnull=False)
    if alone.exists() and ScreeningRules.of(competition).second_look_of_failures:
        yield f"{alone.count()} failures without a second look"
    if SecondLook.objects.filter(screening__in=failed, looked_by=F("screening__decided_by")).exists():
        yield "somebody looked at their own decision"


def chosen_in(judging_round: Round) -> QuerySet[SelectionEntry]:
    """The entries its standing Selection holds as selected."""
    return SelectionEntry.objects.filter(selection__in=judging_round.selections.standing(), is_selected=True)


@rule
def every_selection_fills_its_quota(competition: Competition, plan: Plan) -> Iterator[str]:
    for judging_round in Round.objects.filter(group__competition=competition, supports=""):
        chosen = chosen_in(judging_round).count()
        if chosen != judging_round.advance:
            yield f"{judging_round}: {chosen} chosen, quota {judging_round.advance}"


@rule
def who_advances_was_in_the_round_before(competition: Competition, plan: Plan) -> Iterator[str]:
    for group in competition.groups.all():
        allowed = set(group.proposals.filter(status=Proposal.Status.PASSED).values_list("pk", flat=True))
        for judging_round in group.rounds.filter(supports="").order_by("order"):
            chosen = set(chosen_in(judging_round).values_list("proposal_id", flat=True))
            if chosen - allowed:
                yield f"{judging_round}: {len(chosen - allowed)} entries from nowhere"
            allowed = chosen


@rule
def no_agency_exceeds_its_cap(competition: Competition, plan: Plan) -> Iterator[str]:
    for group in competition.groups.all():
        sent = Proposal.objects.filter(group=group, submissions__stands=True)
        for row in sent.values("agency").annotate(n=Count("pk")):
            agency = sent.filter(agency=row["agency"]).select_related("agency")[0].agency
            cap = group.cap_for(agency)
            if cap is not None and row["n"] > cap:
                yield f"{group}, {agency}: {row['n']} sent, cap {cap}"


@rule
def every_receipt_matches_what_was_sent(competition: Competition, plan: Plan) -> Iterator[str]:
    submissions = Submission.objects.filter(proposal__competition=competition)
    for submission in submissions.only("number", "payload", "sha256").iterator(chunk_size=200):
        if digest(submission.payload) != submission.sha256:
            yield submission.number
    numbers = set(submissions.values_list("number", flat=True))
    if len(numbers) != submissions.count():
        yield "a receipt number was given twice"


@rule
def no_juror_has_a_conflict(competition: Competition, plan: Plan) -> Iterator[str]:
    for judging_round in Round.objects.filter(group__competition=competition):
        sheets = Assessment.objects.filter(entry__round=judging_round, status=Assessment.Status.FINAL)
        sheets = sheets.select_related("juror", "entry__proposal__agency")
        ties = ties_of({sheet.juror_id: sheet.juror for sheet in sheets}.values())
        for sheet in sheets:
            if reason := ties[sheet.juror_id].reason(sheet.entry.proposal):
                yield f"{judging_round}, sheet {sheet.code}: {reason}"


@rule
def every_entry_has_its_assessors(competition: Competition, plan: Plan) -> Iterator[str]:
    for judging_round in Round.objects.filter(group__competition=competition):
        short = judging_round.entries.annotate(
            final=Count("assessments", filter=Q(assessments__status=Assessment.Status.FINAL))
        ).filter(final__lt=judging_round.assessors_per_proposal)
        if short.exists():
            yield f"{judging_round}: {short.count()} entries with too few final sheets"


@rule
def ranking_can_be_recomputed(competition: Competition, plan: Plan) -> Iterator[str]:
    for selection in Selection.objects.filter(round__group__competition=competition).select_related("round"):
        for problem in verify(selection):
            yield f"{selection}: {PROBLEMS[problem]}"


@rule
def every_result_is_announced(competition: Competition, plan: Plan) -> Iterator[str]:
    announced = Announcement.objects.filter(competition=competition, told_at__isnull=False)
    for selection in Selection.objects.filter(round__group__competition=competition):
        if not announced.filter(selections=selection).exists():
            yield str(selection)


@rule
def everyone_left_out_has_a_letter(competition: Competition, plan: Plan) -> Iterator[str]:
    for judging_round in Round.objects.filter(group__competition=competition, supports=""):
        left_out = SelectionEntry.objects.filter(selection__in=judging_round.selections.standing(), is_selected=False)
        letters = FeedbackLetter.objects.in_round(judging_round).filter(state="sent")
        missing = left_out.exclude(proposal__in=letters.values("entry__proposal")).count()
        if missing or letters.count() != left_out.count():
            yield f"{judging_round}: {missing} without a letter, {letters.count()} letters for {left_out.count()}"


@rule
def awards_reach_the_catalogue(competition: Competition, plan: Plan) -> Iterator[str]:
    for judging_round in Round.objects.filter(group__competition=competition).exclude(award_tier=""):
        chosen = chosen_in(judging_round)
        titles = {
            past or title for past, title in chosen.values_list("proposal__past_innovation__title", "proposal__title")
        }
        awards = Award.objects.filter(year=competition.year, tier=judging_round.award_tier)
        missing = titles - set(awards.values_list("innovation__title", flat=True))
        if missing:
            yield f"{judging_round}: no award for {len(missing)} of {len(titles)}"


@rule
def nobody_is_told_twice(competition: Competition, plan: Plan) -> Iterator[str]:
    twice = Message.objects.values("key", "address").annotate(n=Count("pk")).filter(n__gt=1)
    if twice.exists():
        yield f"{twice.count()} messages"
