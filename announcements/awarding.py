"""What a published announcement changes in the catalogue of innovations."""

from typing import TypedDict

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Agency
from announcements.lists import selections_in_order
from announcements.models import Announcement
from catalogue.actions import record_award, withdraw_award
from catalogue.models import Innovation
from judging.models import SelectionEntry


class Identity(TypedDict):
    """By what the catalogue knows one award."""

    title: str
    agency: Agency
    innovation: Innovation | None
    year: int
    tier: str


def feed(announcement: Announcement) -> None:
    """A published Selection that gives an award puts its innovations into the catalogue; a correction takes out those
    who are no longer in. A version corrected meanwhile changes nothing any more.

    A demonstration year's winners are invented: they belong in no catalogue but a demonstration's own.
    """
    if announcement.competition.is_demonstration and not settings.DEMO:
        return
    if not Announcement.objects.standing().filter(pk=announcement.pk).exists():
        return
    chosen = _awarded(announcement)
    if announcement.corrects:
        now_in = {(place.proposal_id, place.selection.round_id) for place in chosen}
        for place in _awarded(announcement.corrects):
            if (place.proposal_id, place.selection.round_id) not in now_in:
                withdraw_award(**_identity(place), reason=announcement.because)
    for place in chosen:
        record_award(
            **_identity(place),
            category_name=place.proposal.category.name,
            sdgs=place.proposal.sdgs,
            label=place.selection.name,
            source=announcement.number,
        )


def _awarded(announcement: Announcement) -> QuerySet[SelectionEntry]:
    lists = selections_in_order(announcement).exclude(round__award_tier="")
    places = SelectionEntry.objects.filter(selection__in=lists, is_selected=True)
    ordered = places.order_by("selection__round__group__order", "selection__round__order", "rank", "pk")
    return ordered.select_related(
        "selection__round__group__competition", "proposal__agency", "proposal__category", "proposal__past_innovation"
    )


def _identity(place: SelectionEntry) -> Identity:
    proposal, judging_round = place.proposal, place.selection.round
    return {
        "title": proposal.title,
        "agency": proposal.agency,
        "innovation": proposal.past_innovation,
        "year": judging_round.group.competition.year,
        "tier": judging_round.award_tier,
    }
