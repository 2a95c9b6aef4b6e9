"""Who gets a certificate of a published list, and what stands on it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from accounts.models import Agency, User
from announcements.models import Announcement
from awards.models import Certificate, Issue, Kind
from judging.models import Selection, SelectionEntry
from proposals.models import Proposal, TeamMember

LONGEST_NAME = 300


@dataclass(frozen=True)
class Subject:
    """One certificate to be: `key` is the same for the same honour of the same year, however often it is printed."""

    key: str
    kind: str
    name: str
    agency: Agency
    proposal: Proposal | None = None
    person: User | None = None
    facts: dict[str, object] = field(default_factory=dict)


def is_public(selection: Selection) -> bool:
    """Whether an announcement that carries the list is public by now."""
    return Announcement.objects.public().filter(selections=selection).exists()


def subjects_of(selection: Selection, kinds: Iterable[str]) -> list[Subject]:
    """Every certificate the list gives: innovations, then agencies, then people; each by agency and title. Expects
    the round loaded."""
    wanted, key = set(kinds), str(selection.round_id)
    proposals = list(
        Proposal.objects.filter(selection_entries__selection=selection, selection_entries__is_selected=True)
        .select_related("agency", "unit", "category", "lead")
        .order_by("agency__name", "title", "pk")
    )
    subjects: list[Subject] = []
    if Kind.INNOVATION in wanted:
        subjects += [_innovation(key, each) for each in proposals]
    if Kind.AGENCY in wanted:
        subjects += _agencies(key, proposals)
    if Kind.PERSON in wanted:
        subjects += _people(key, proposals)
    return subjects


def facts_of(subject: Subject, issue: Issue) -> dict[str, object]:
    """Every word of the certificate but name, number and address."""
    group = issue.selection.round.group
    return {
        "award": issue.selection.name,
        "competition": group.competition.name,
        "group": group.name,
        "is_demonstration": group.competition.is_demonstration,
        "place": issue.place,
        "day": issue.day.isoformat(),
        "decree": issue.decree,
        "signer_name": issue.signer_name,
        "signer_office": issue.signer_office,
        **subject.facts,
    }


def facts_now(certificate: Certificate) -> dict[str, object]:
    """Its words as the standing list gives them: an agency's innovations may be others since it was printed."""
    standing = Selection.objects.standing().filter(round__selections=certificate.issue.selection_id)
    for subject in subjects_of(standing.select_related("round").get(), [certificate.kind]):
        if subject.key == certificate.subject:
            return {**certificate.facts, **subject.facts}
    return dict(certificate.facts)


def teams_of(proposals: Collection[Proposal]) -> dict[int, list[User]]:
    """Proposal id → its lead, then the present members by name. Two queries. Expects `lead` to be loaded."""
    members = list(TeamMember.objects.current().with_person().filter(proposal__in=proposals))
    people = User.objects.in_bulk({each.person for each in members if each.person})
    found: dict[int, set[User]] = {}
    for each in members:
        if person := people.get(each.person):
            found.setdefault(each.proposal_id, set()).add(person)
    return {
        each.pk: [each.lead, *sorted(found.get(each.pk, set()) - {each.lead}, key=lambda one: (one.name, one.pk))]
        for each in proposals
    }


def day_of(facts: dict[str, str]) -> date:
    return date.fromisoformat(facts["day"])


def _innovation(key: str, proposal: Proposal) -> Subject:
    facts: dict[str, object] = {"agency": proposal.agency.name, "unit": proposal.unit.name if proposal.unit else ""}
    return Subject(
        f"{key}:innovation:{proposal.code}", Kind.INNOVATION, proposal.title, proposal.agency, proposal,
        facts=facts | {"category": proposal.category.name},
    )  # fmt: skip


def _agencies(key: str, proposals: list[Proposal]) -> Iterator[Subject]:
    titles: dict[Agency, list[str]] = {}
    for proposal in proposals:
        titles.setdefault(proposal.agency, []).append(proposal.title)
    for agency, of_agency in titles.items():
        yield Subject(
            f"{key}:agency:{agency.code}", Kind.AGENCY, agency.name, agency, facts={"titles": list(of_agency)}
        )


def _people(key: str, proposals: list[Proposal]) -> Iterator[Subject]:
    """The lead and the team as it stands; who was asked by address and never opened an account has no name yet."""
    team = teams_of(proposals)
    for proposal in proposals:
        for person in team[proposal.pk]:
            facts: dict[str, object] = {
                "agency": proposal.agency.name,
                "title": proposal.title,
                "leads": person == proposal.lead,
            }
            yield Subject(
                f"{key}:person:{proposal.code}:{person.pk}", Kind.PERSON, person.name or person.email,
                proposal.agency, proposal, person, facts=facts,
            )  # fmt: skip


def no_longer_listed(selection: Selection) -> list[Certificate]:
    """Valid certificates that the corrected list no longer bears out. Expects the round loaded."""
    listed = {each.key for each in subjects_of(selection, Kind.values)}
    held = Certificate.objects.valid().filter(issue__selection__round=selection.round).exclude(subject__in=listed)
    return list(held.exclude(kind=Kind.PERSON, proposal__selection_entries__in=_places(selection)))


def _places(selection: Selection) -> QuerySet[SelectionEntry]:
    """Of the innovations it still names: who left a team keeps the certificate."""
    return selection.entries.filter(is_selected=True)
