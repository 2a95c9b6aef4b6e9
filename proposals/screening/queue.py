"""Reads for the screening pages: figures, the filtered list, and an item's history."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from audit.models import Event
from competitions.models import Competition
from proposals.models import Objection, Proposal, Screening, SecondLook, Submission
from proposals.screening import claims, looks
from proposals.screening.looks import DISPUTED, OPEN

WAITING = Q(screening=None) | Q(screening__verdict="")
HELD = Q(screening__verdict="", screening__claimed_until__gte=Now())
PASSED = Q(screening__verdict=Screening.Verdict.PASS)
FAILED = Q(screening__verdict=Screening.Verdict.FAIL)
CORRECT = Q(screening__verdict=Screening.Verdict.CORRECT)


COUNTS = {
    "sent": Count("pk"),
    "passed": Count("pk", filter=PASSED),
    "failed": Count("pk", filter=FAILED),
    "correct": Count("pk", filter=CORRECT),
    "waiting": Count("pk", filter=WAITING),
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
    correct: int
    unreleased: int
    to_look: int
    own_looks: int
    disputed: int
    objections: int

    @property
    def decided(self) -> int:
        return self.passed + self.failed + self.correct

    @property
    def looks_left(self) -> int:
        """What other clerks must look at for the reader: all but the reader's own decisions is theirs to take."""
        return self.to_look - self.own_looks


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
            correct=Count("pk", filter=CORRECT),
            unreleased=Count("pk", filter=Q(proposal__status=Proposal.Status.SENT)),
        ),
        **looks.of_year(competition).aggregate(
            to_look=Count("pk", filter=OPEN),
            own_looks=Count("pk", filter=OPEN & Q(screening__decided_by=reader)),
            disputed=Count("pk", filter=DISPUTED),
        ),
        objections=Objection.objects.filter(
            outcome="", screening__submission__proposal__competition=competition
        ).count(),
    )


def failed_by_reason(competition: Competition) -> list[dict[str, object]]:
    """[{reason, count}] in the order of the checklist; one proposal may fail several checks."""
    failed = claims.decided_of(competition).filter(verdict=Screening.Verdict.FAIL)
    rows = failed.values("failed_checks__reason", "failed_checks__order").annotate(count=Count("pk"))
    return [
        {"reason": row["failed_checks__reason"], "count": row["count"]}
        for row in rows.order_by("failed_checks__order")
        if row["failed_checks__reason"]
    ]


def by_group(competition: Competition) -> list[dict[str, object]]:
    """[{name, sent, waiting, passed, failed, correct}] in the order of the groups."""
    rows = standing(competition).values("proposal__group__name", "proposal__group__order")
    counted = rows.annotate(**COUNTS)
    return [{"name": row["proposal__group__name"], **row} for row in counted.order_by("proposal__group__order")]


def corrections_to_open(competition: Competition) -> int:
    """How many proposals are to be corrected and were not told yet."""
    return standing(competition).filter(CORRECT, screening__released_at=None).count()


def queue(competition: Competition, *, reader: User, state: str = "", query: str = "") -> QuerySet[Submission]:
    """The standing submissions, oldest first, narrowed by state and by words of title, agency or receipt number."""
    narrowed = {
        "waiting": WAITING & ~HELD,
        "held": HELD,
        "mine": Q(screening__claimed_by=reader, screening__verdict=""),
        "passed": PASSED,
        "failed": FAILED,
        "correct": CORRECT,
        "differs": ~Q(screening__differences={}) & ~Q(screening__verdict=""),
        "disputed": Exists(SecondLook.objects.filter(DISPUTED, screening__submission=OuterRef("pk"))),
        "second": Exists(SecondLook.objects.filter(OPEN, screening__submission=OuterRef("pk"))),
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


def history(screening: Screening | None) -> QuerySet[Event]:
    """What was decided and undone, newest first, from the record that cannot be rewritten."""
    if screening is None:
        return Event.objects.none()
    own = Event.objects.filter(object_type="proposals.screening", object_key=str(screening.pk))
    return own.select_related("actor").order_by("-id")
