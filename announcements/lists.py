"""The lists an announcement makes public: by agency and title, never by rank, never with a score."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from announcements.models import Announcement
from judging.models import Selection, SelectionEntry
from proposals.models import Proposal

ORDER = ("group__order", "agency__name", "title", "pk")


@dataclass(frozen=True)
class PublicList:
    """`size` counts the whole list; `proposals` is the part the reader asked for."""

    name: str
    proposals: QuerySet[Proposal]
    size: int


def entries_made_public() -> QuerySet[SelectionEntry]:
    """Who stands on a list that is public and that no corrected one has replaced."""
    public = Announcement.objects.standing().filter(selections=OuterRef("selection"))
    return SelectionEntry.objects.filter(Exists(public), is_selected=True, selection__superseded_by=None)


def lists_of(announcement: Announcement, *, query: str = "", category: str = "") -> list[PublicList]:
    """The announcement's lists, narrowed to what the reader asked for; an empty list is left out."""
    found = []
    for name, proposals in _sources(announcement):
        if size := proposals.count():
            found.append(PublicList(name, narrowed(proposals, query, category), size))
    return found


def _sources(announcement: Announcement) -> Iterator[tuple[str, QuerySet[Proposal]]]:
    readable = Proposal.objects.select_related("group", "category", "agency", "unit").order_by(*ORDER)
    if announcement.kind == Announcement.Kind.SCREENING:
        for group in announcement.competition.groups.all():
            passed = readable.filter(group=group, status=Proposal.Status.PASSED)
            yield group.name, passed
    for selection in selections_in_order(announcement):
        yield (
            selection.name,
            readable.filter(pk__in=selection.entries.filter(is_selected=True).order_by().values("proposal_id")),
        )


def selections_in_order(announcement: Announcement) -> QuerySet[Selection]:
    return announcement.selections.select_related("round__group").order_by("round__group__order", "round__order")


def narrowed(proposals: QuerySet[Proposal], query: str, category: str = "") -> QuerySet[Proposal]:
    """Those of whose title, agency and unit one holds each word."""
    for word in query.split()[:10]:
        named = Q(title__icontains=word) | Q(agency__name__icontains=word) | Q(unit__name__icontains=word)
        proposals = proposals.filter(named)
    if category:
        proposals = proposals.filter(category__key=category)
    return proposals
