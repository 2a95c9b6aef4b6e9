"""Whom an announcement concerns, and which of their proposals it speaks of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from announcements.lists import selections_in_order
from announcements.models import Announcement
from competitions.models import Competition, Stage
from judging.models import Juror, SelectionEntry
from proposals.audience import people_behind
from proposals.models import Proposal, Submission

OPEN = (Proposal.Status.DRAFT, Proposal.Status.RETURNED, Proposal.Status.IN_REVIEW)


@dataclass(frozen=True)
class Outcome:
    """One proposal's place in one Selection."""

    title: str
    selection: str
    is_selected: bool


@dataclass
class Concerned:
    person: User
    outcomes: list[Outcome] = field(default_factory=list)


def concerned(announcement: Announcement) -> list[Concerned]:
    """Everybody to be written to when this is published, each once."""
    if announcement.carries_lists:
        return _judged(announcement)
    by_kind: dict[str, Callable[[], list[Concerned]]] = {
        Announcement.Kind.SCREENING: lambda: _plain(_senders(announcement.competition)),
        Announcement.Kind.EXTENSION: lambda: _plain(agency_admins() | open_drafters(announcement.competition)),
    }
    return by_kind.get(announcement.kind, lambda: _plain(agency_admins()))()


def concerned_by_extension(stage: Stage) -> set[User]:
    """Who still has something to do in the stage, and every agency admin; each once."""
    return set().union(*(people for _label, people in groups_of_extension(stage)))


def groups_of_extension(stage: Stage) -> list[tuple[str, set[User]]]:
    """The same by what they are, with the name of each group. Somebody may be in two."""
    if stage.kind == Stage.Kind.ASSESSMENT:
        jurors = Juror.objects.filter(competition=stage.competition, left_at=None, user__is_active=True)
        return [(_("Jurors"), {juror.user for juror in jurors.select_related("user")})]
    groups = [(_("Agency admins"), agency_admins())]
    if stage.kind in (Stage.Kind.REGISTRATION, Stage.Kind.SUBMISSION):
        groups.append((_("Innovators whose proposal is not sent yet"), open_drafters(stage.competition)))
    return groups


def agency_admins() -> set[User]:
    current = Membership.objects.filter(role=Membership.Role.ADMIN, ended_at=None, user__is_active=True)
    return {membership.user for membership in current.select_related("user")}


def open_drafters(competition: Competition) -> set[User]:
    return set(User.objects.filter(led_proposals__competition=competition, led_proposals__status__in=OPEN))


def _senders(competition: Competition) -> set[User]:
    sent = Submission.objects.filter(stands=True, proposal__competition=competition)
    return set(people_behind(one.proposal for one in sent.select_related("proposal__lead")))


def _plain(people: set[User]) -> list[Concerned]:
    return [Concerned(person) for person in sorted(people, key=lambda person: person.pk)]


def _judged(announcement: Announcement) -> list[Concerned]:
    selections = selections_in_order(announcement)
    names = {selection.pk: selection.name for selection in selections}
    places: dict[Proposal, list[Outcome]] = {}
    entries = SelectionEntry.objects.filter(selection__in=names).select_related("proposal__lead").order_by("pk")
    for entry in entries:
        outcome = Outcome(entry.proposal.title, names[entry.selection_id], entry.is_selected)
        places.setdefault(entry.proposal, []).append(outcome)
    for entry in _left_out(announcement, set(places)):
        places.setdefault(entry.proposal, []).append(Outcome(entry.proposal.title, entry.selection.name, False))
    people = people_behind(places)
    return [
        Concerned(person, [outcome for proposal in proposals for outcome in places[proposal]])
        for person, proposals in sorted(people.items(), key=lambda item: item[0].pk)
    ]


def _left_out(announcement: Announcement, listed: set[Proposal]) -> list[SelectionEntry]:
    """Of a correction: whoever the corrected version listed as selected and this one does not mention at all."""
    if announcement.corrects is None:
        return []
    before = SelectionEntry.objects.filter(selection__announcements=announcement.corrects, is_selected=True)
    return list(before.exclude(proposal__in=listed).select_related("selection", "proposal__lead").order_by("pk"))
