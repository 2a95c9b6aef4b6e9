"""What an agency may know of its own proposals: the screening once released, and each Selection once public."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from announcements.models import Announcement
from judging.models import SelectionEntry
from proposals.models import Proposal


@dataclass(frozen=True)
class Step:
    name: str
    reached: bool
    outcome: str
    announcement_code: str = ""


@dataclass(frozen=True)
class OwnResult:
    proposal: Proposal
    steps: list[Step]


def own_proposals(user: User) -> QuerySet[Proposal]:
    """Proposals the person leads, or of an agency whose admin they are."""
    administered = Agency.objects.administered_by(user)
    return Proposal.objects.filter(Q(lead=user) | Q(agency__in=administered))


def own_results(user: User) -> list[OwnResult]:
    """Newest year first; a proposal appears once its screening is released."""
    places = (
        SelectionEntry.objects.filter(selection__announcements__publish_at__lte=Now())
        .select_related("selection__round")
        .prefetch_related(Prefetch("selection__announcements", queryset=Announcement.objects.public()))
        .order_by("selection__round__order")
        .distinct()
    )
    proposals = (
        own_proposals(user)
        .filter(status__in=[Proposal.Status.PASSED, Proposal.Status.FAILED])
        .select_related("agency", "group", "competition")
        .prefetch_related(Prefetch("selection_entries", queryset=places, to_attr="public_places"))
        .order_by("-competition__year", "agency__name", "title")
    )
    return [OwnResult(proposal, _steps(proposal)) for proposal in proposals]


def _steps(proposal: Proposal) -> list[Step]:
    passed = proposal.status == Proposal.Status.PASSED
    steps = [Step(_("Administrative screening"), passed, _("Passed") if passed else _("Not passed"))]
    for place in proposal.public_places:  # type: ignore[attr-defined]
        outcome = _("Selected") if place.is_selected else _("Not selected")
        steps.append(Step(place.selection.name, place.is_selected, outcome, _public_code(place)))
    return steps


def _public_code(place: SelectionEntry) -> str:
    """The announcement to point to: the earliest public one that carries this Selection."""
    return min(place.selection.announcements.all(), key=lambda one: one.publish_at).code
