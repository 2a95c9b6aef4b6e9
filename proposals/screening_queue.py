"""Reads for the screening pages: figures, the filtered list, hints for the checklist, and an item's history."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from audit.models import Event
from competitions.models import Competition, ScreeningCheck
from proposals.eligibility import Finding, Verdict, judge_for_screening
from proposals.facts import Facts
from proposals.models import Proposal, Screening, Submission

WAITING = Q(screening=None) | Q(screening__verdict="")
HELD = Q(screening__verdict="", screening__claimed_until__gte=Now())
PASSED = Q(screening__verdict=Screening.Verdict.PASS)
FAILED = Q(screening__verdict=Screening.Verdict.FAIL)

# Which line of a year's checklist a finding speaks of: words looked for in the check's key, the likeliest first.
SPEAKS_OF: dict[str, tuple[str, ...]] = {
    "age": ("usia", "age"),
    "started_on": ("usia", "age"),
    "started_after": ("usia", "age"),
    "title": ("judul", "title", "lengkap"),
    "duplicate_title": ("ganda", "duplicate", "judul", "title"),
    "sdgs": ("lengkap", "complete"),
    "application": ("lengkap", "complete"),
    "answer": ("lengkap", "complete"),
    "words": ("lengkap", "complete"),
    "document": ("dokumen", "document", "surat", "lengkap", "complete"),
    "video": ("video", "lengkap", "complete"),
    "history": ("riwayat", "history"),
    "namesake": ("riwayat", "ganda", "history"),
    "denied": ("riwayat", "ganda", "history"),
    "invitation": ("kelompok", "group"),
    "source": ("sumber", "source", "lengkap", "complete"),
}


@dataclass(frozen=True)
class Figures:
    """`waiting` are undecided, held or not; `held` those somebody is checking now, `mine` those the reader holds."""

    sent: int
    waiting: int
    held: int
    mine: int
    passed: int
    failed: int
    unreleased: int

    @property
    def decided(self) -> int:
        return self.passed + self.failed


@dataclass
class CheckLine:
    """One line of the checklist with what the machine found about it."""

    check: ScreeningCheck
    hints: list[Finding] = field(default_factory=list)

    @property
    def suggested(self) -> bool:
        return any(hint.verdict == Verdict.FAIL for hint in self.hints)


def standing(competition: Competition) -> QuerySet[Submission]:
    """Every submission that counts; a withdrawn one is not here."""
    return Submission.objects.filter(proposal__competition=competition, stands=True)


def figures(competition: Competition, *, reader: User) -> Figures:
    waiting = WAITING & Q(proposal__status=Proposal.Status.SENT)
    return Figures(
        **standing(competition).aggregate(
            sent=Count("pk"),
            waiting=Count("pk", filter=waiting),
            held=Count("pk", filter=HELD),
            mine=Count("pk", filter=Q(screening__verdict="", screening__claimed_by=reader)),
            passed=Count("pk", filter=PASSED),
            failed=Count("pk", filter=FAILED),
            unreleased=Count("pk", filter=Q(proposal__status=Proposal.Status.SENT)),
        )
    )


def failed_by_reason(competition: Competition) -> list[dict[str, object]]:
    """[{reason, count}] in the order of the checklist; one proposal may fail several checks."""
    failed = Screening.objects.filter(
        submission__proposal__competition=competition, submission__stands=True, verdict=Screening.Verdict.FAIL
    )
    rows = failed.values("failed_checks__reason", "failed_checks__order").annotate(count=Count("pk"))
    return [
        {"reason": row["failed_checks__reason"], "count": row["count"]}
        for row in rows.order_by("failed_checks__order")
        if row["failed_checks__reason"]
    ]


def by_group(competition: Competition) -> list[dict[str, object]]:
    """[{name, sent, waiting, passed, failed}] in the order of the groups."""
    rows = standing(competition).values("proposal__group__name", "proposal__group__order")
    counted = rows.annotate(
        sent=Count("pk"),
        waiting=Count("pk", filter=WAITING),
        passed=Count("pk", filter=PASSED),
        failed=Count("pk", filter=FAILED),
    )
    return [{"name": row["proposal__group__name"], **row} for row in counted.order_by("proposal__group__order")]


def queue(competition: Competition, *, reader: User, state: str = "", query: str = "") -> QuerySet[Submission]:
    """The standing submissions, oldest first, narrowed by state and by words of title, agency or receipt number."""
    narrowed = {
        "waiting": WAITING & ~HELD,
        "held": HELD,
        "mine": Q(screening__claimed_by=reader, screening__verdict=""),
        "passed": PASSED,
        "failed": FAILED,
    }
    submissions = standing(competition).filter(narrowed.get(state, Q()))
    for word in query.split():
        named = Q(proposal__title__icontains=word) | Q(proposal__agency__name__icontains=word)
        submissions = submissions.filter(named | Q(number__icontains=word) | Q(proposal__code__iexact=word))
    return (
        submissions.select_related(
            "proposal__agency",
            "proposal__group",
            "proposal__category",
            "screening__claimed_by",
            "screening__decided_by",
        )
        .defer("payload")
        .order_by("sent_at", "pk")
    )


def checklist(facts: Facts) -> list[CheckLine]:
    """The year's checks, each with the findings that speak of it. Suggestions: people decide."""
    lines = [CheckLine(check) for check in facts.proposal.competition.screening_checks.all()]
    for finding in judge_for_screening(facts):
        if finding.verdict != Verdict.PASS and (line := _line_for(finding, lines)):
            line.hints.append(finding)
    return lines


def _line_for(finding: Finding, lines: list[CheckLine]) -> CheckLine | None:
    """The check with the key the finding names, or whose words name it, else the likeliest by SPEAKS_OF."""
    rule, _colon, about = finding.rule.partition(":")
    if about:
        for line in lines:
            if line.check.key == about or about.replace("-", " ") in line.check.label.lower():
                return line
    return next((line for word in SPEAKS_OF.get(rule, ()) for line in lines if word in line.check.key), None)


def history(screening: Screening | None) -> QuerySet[Event]:
    """What was decided and undone, newest first, from the record that cannot be rewritten."""
    if screening is None:
        return Event.objects.none()
    own = Event.objects.filter(object_type="proposals.screening", object_key=str(screening.pk))
    return own.select_related("actor").order_by("-id")
