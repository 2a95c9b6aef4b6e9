"""What an agency may know of its own proposals: the screening once released, and each Selection once public."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from announcements.models import Announcement
from judging.models import Entry, FeedbackLetter, SelectionEntry
from proposals.models import Proposal


@dataclass(frozen=True)
class Step:
    name: str
    reached: bool
    outcome: str
    reasons: tuple[str, ...] = ()
    announcement_code: str = ""


@dataclass(frozen=True)
class OwnResult:
    proposal: Proposal
    steps: list[Step]
    letters: list[FeedbackLetter]


def own_proposals(user: User) -> QuerySet[Proposal]:
    """Proposals the person leads, or of an agency whose admin they are."""
    administered = Agency.objects.administered_by(user)
    return Proposal.objects.filter(Q(lead=user) | Q(agency__in=administered))


def own_results(user: User) -> list[OwnResult]:
    """Newest year first; a proposal appears once its screening is released."""
    announced = Announcement.objects.standing().order_by("publish_at")
    places = (
        SelectionEntry.objects.filter(selection__announcements__in=announced)
        .select_related("selection__round")
        .prefetch_related(Prefetch("selection__announcements", queryset=announced))
        .order_by("selection__round__order")
        .distinct()
    )
    proposals = (
        own_proposals(user)
        .filter(status__in=[Proposal.Status.PASSED, Proposal.Status.FAILED])
        .select_related("agency", "group", "competition")
        .prefetch_related(
            "submissions__screening__failed_checks",
            Prefetch("selection_entries", queryset=places, to_attr="public_places"),
            Prefetch("entries", Entry.objects.filter(feedback_letter__state="sent").select_related("feedback_letter")),
        )
        .order_by("-competition__year", "agency__name", "title")
    )
    return [
        OwnResult(proposal, _steps(proposal), [entry.feedback_letter for entry in proposal.entries.all()])
        for proposal in proposals
    ]


def announced_of(user: User) -> dict[int, str]:
    """{proposal: its place in the last public list, in words} of the reader's own proposals that a list names."""
    last = {each.proposal.pk: each.steps[-1] for each in own_results(user)}
    return {pk: f"{step.name}: {step.outcome}" for pk, step in last.items() if step.announcement_code}


def _steps(proposal: Proposal) -> list[Step]:
    passed = proposal.status == Proposal.Status.PASSED
    outcome = _("Passed") if passed else _("Not passed")
    steps = [Step(_("Administrative screening"), passed, outcome, () if passed else _reasons(proposal))]
    for place in proposal.public_places:  # type: ignore[attr-defined]
        outcome = _("Selected") if place.is_selected else _("Not selected")
        steps.append(Step(place.selection.name, place.is_selected, outcome, announcement_code=_public_code(place)))
    return steps


def _public_code(place: SelectionEntry) -> str:
    """The announcement to point to: the earliest standing one that carries this Selection."""
    return place.selection.announcements.all()[0].code


def _reasons(proposal: Proposal) -> tuple[str, ...]:
    """Why it failed: the checks' reasons, then the secretariat's note."""
    for submission in proposal.submissions.all():
        if submission.stands and hasattr(submission, "screening"):
            screening = submission.screening
            return (*(check.reason for check in screening.failed_checks.all()), screening.note)
    return ()
