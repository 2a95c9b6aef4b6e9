"""When the public may object, and to whom: the calendar's objection stage and the lists that are public."""

from dataclasses import dataclass

from django.db.models import QuerySet

from announcements.models import Announcement
from competitions import calendar
from competitions.models import Competition, Stage
from judging.models import Selection
from proposals.models import Proposal


@dataclass(frozen=True)
class Period:
    """An objection stage and where the database's clock stands in it."""

    stage: Stage
    is_open: bool
    is_over: bool


def period_to_show() -> Period | None:
    """The one that is open; else the next; else the last one."""
    dated = Stage.objects.filter(kind=Stage.Kind.OBJECTION).exclude(starts_at=None)
    now = calendar.now()
    found = [
        Period(each, calendar.is_open(each, now), calendar.has_closed(each, now))
        for each in dated.select_related("competition").order_by("starts_at", "pk")
    ]
    return next((each for each in found if not each.is_over), found[-1] if found else None)


def open_stage(competition: Competition) -> Stage | None:
    """The objection stage that is open at this moment."""
    found = Stage.objects.open().filter(competition=competition, kind=Stage.Kind.OBJECTION)
    return found.select_related("competition").order_by("order").first()


def finalists(competition: Competition) -> QuerySet[Proposal]:
    """Those who may be objected to: selected, in each group, in the last list that is public."""
    public = Selection.objects.filter(
        announcements__in=Announcement.objects.standing(), round__group__competition=competition
    )
    last = {each.round.group_id: each.pk for each in public.select_related("round").order_by("round__order", "version")}
    named = Proposal.objects.filter(
        competition=competition, selection_entries__selection__in=last.values(), selection_entries__is_selected=True
    )
    ordered = ("group__order", "agency__name", "title", "pk")
    return named.select_related("agency", "unit", "group", "category", "competition").order_by(*ordered)
