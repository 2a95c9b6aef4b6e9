"""The lists of a year that give an award, and how far their certificates have come."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from announcements.models import Announcement
from awards.models import Issue
from competitions.models import Competition
from judging.models import Selection


@dataclass(frozen=True)
class AwardList:
    selection: Selection
    innovations: int
    is_public: bool
    certificates: int
    is_printing: bool


def award_lists(competition: Competition) -> list[AwardList]:
    """Standing lists in the order of groups and rounds. One query."""
    public = Announcement.objects.public().filter(selections=OuterRef("pk"))
    running = Issue.objects.filter(selection=OuterRef("pk"), state=Issue.State.WAITING)
    certificates = Q(round__selections__issues__certificates__state="valid")
    found = (
        Selection.objects.standing()
        .in_competition(competition)
        .exclude(round__award_tier="")
        .select_related("round__group")
        .annotate(
            selected=Count("entries", filter=Q(entries__is_selected=True), distinct=True),
            public=Exists(public),
            running=Exists(running),
            held=Count("round__selections__issues__certificates", filter=certificates, distinct=True),
        )
        .order_by("round__group__order", "round__order")
    )
    return [AwardList(each, each.selected, each.public, each.held, each.running) for each in found]
