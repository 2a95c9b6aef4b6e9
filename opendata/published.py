"""What is given away: the rows that the public pages show, by the database's clock, and in an order that stays.

Nothing here asks who reads: the secretariat gets what everybody gets.
"""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Agency
from accounts.querysets import AgencyQuerySet
from announcements.lists import entries_made_public
from announcements.models import Announcement
from announcements.querysets import AnnouncementQuerySet
from catalogue.models import Award, Innovation
from catalogue.querysets import InnovationQuerySet
from competitions.models import Competition
from competitions.querysets import CompetitionQuerySet
from judging.models import SelectionEntry


def years() -> CompetitionQuerySet:
    return Competition.objects.order_by("-year", "code")


def agencies() -> AgencyQuerySet:
    return Agency.objects.select_related("parent").order_by("code")


def innovations() -> InnovationQuerySet:
    return Innovation.objects.awarded().with_awards().order_by("title", "pk")


def innovation(code: str) -> Innovation:
    """The one with that code, or the one it was merged into. Raises Http404."""
    found = Innovation.objects.with_awards().filter(code=code).first()
    while found is not None and found.merged_into_id is not None:
        found = Innovation.objects.with_awards().get(pk=found.merged_into_id)
    if found is None:
        raise Http404
    return found


def awards() -> QuerySet[Award]:
    """Those of the current innovations."""
    current = Award.objects.filter(innovation__merged_into=None)
    return current.select_related("innovation__agency").order_by("-year", "tier", "innovation__title", "pk")


def announcements() -> AnnouncementQuerySet:
    """Those in force, each with what it corrects."""
    return Announcement.objects.standing().select_related("competition", "corrects", "letter").order_by(
        "-publish_at", "pk"
    )  # fmt: skip


def announcement(code: str) -> Announcement:
    """Every public version has its code for ever, also one corrected since. Raises Http404."""
    versions = Announcement.objects.public().select_related("competition", "corrects", "letter")
    found = versions.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def results() -> QuerySet[SelectionEntry]:
    """Who stands on a published list: by agency and title, never by rank, never with a score."""
    return entries_made_public().select_related(
        "selection__round__group__competition", "proposal__agency", "proposal__unit", "proposal__category"
    ).order_by(
        "-selection__round__group__competition__year", "selection__round__group__order", "selection__round__order",
        "proposal__agency__name", "proposal__title", "pk",
    )  # fmt: skip
