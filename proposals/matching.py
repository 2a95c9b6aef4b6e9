"""Which innovations of the catalogue a proposal may be: those its people named, and those of its agency, or of the
agency above or below it, with a title like its own. A likeness is a question, never a verdict.
"""

from collections.abc import Iterable
from operator import attrgetter

from django.db.models import Q

from accounts.models import Agency
from catalogue.models import Award, Innovation
from competitions.together import hold_each, together
from proposals.models import PastMatch, Proposal
from proposals.similarity import title_likeness

# From which likeness (0-1) two titles of one agency are asked about. Lower than LIKE_TITLE: an agency has few winners,
# and a question too many costs a click, one too few a second award.
LIKE_AT_HOME = 0.6


def are_alike(one: str, other: str) -> bool:
    """Whether a person should be asked if these two titles of one agency name one innovation."""
    return title_likeness(one, other) >= LIKE_AT_HOME


class Catalogue:
    """What the catalogue holds about these proposals, in one question: innovations with their awards."""

    def __init__(self, proposals: Iterable[Proposal]) -> None:
        proposals = list(proposals)
        own = {each.agency_id for each in proposals}
        above = {each.agency.parent_id for each in proposals if each.agency.parent_id}
        named = {each.past_innovation_id for each in proposals} | {each.source_innovation_id for each in proposals}
        named |= {match.innovation_id for each in proposals for match in each.matches.all()}
        family = Q(agency__in=own | above) | Q(agency__parent__in=own)
        rows = Innovation.objects.filter(family | Q(pk__in=named - {None}))
        found = together(
            innovations=rows,
            awards=Award.objects.filter(innovation__in=rows.values("pk")),
            agencies=Agency.objects.filter(pk__in=rows.values("agency")),
        )
        hold_each(found["innovations"], "awards", sorted(found["awards"], key=attrgetter("year", "pk")), "innovation")
        agencies = {each.pk: each for each in found["agencies"]}
        for each in found["innovations"]:
            each.agency = agencies.get(each.agency_id)
        self.innovations = {each.pk: each for each in sorted(found["innovations"], key=attrgetter("title", "pk"))}
        self._own: dict[int, list[Innovation]] = {}  # by agency: awarded, its own
        self._family: dict[int, list[Innovation]] = {}  # by agency: awarded, its own and its children's
        for each in self.innovations.values():
            if each.agency and each.awards.all():
                self._own.setdefault(each.agency.pk, []).append(each)
                for pk in (each.agency.pk, each.agency.parent_id):
                    self._family.setdefault(pk or 0, []).append(each)

    def past(self, proposal: Proposal) -> list[Innovation]:
        """The innovations its people say are this one: the one named in its details first."""
        named = [proposal.past_innovation_id] if proposal.past_innovation_id else []
        named += [match.innovation_id for match in proposal.matches.all() if match.is_same]
        return [self.innovations[pk] for pk in dict.fromkeys(named)]

    def denied(self, proposal: Proposal) -> list[tuple[Innovation, PastMatch]]:
        """The innovations its people say are another, with their answer."""
        return [(self.innovations[match.innovation_id], match) for match in proposal.matches.all() if not match.is_same]

    def asked(self, proposal: Proposal) -> list[Innovation]:
        """Awarded innovations of its agency's family that may be this one, and about which nobody has said."""
        said = {match.innovation_id for match in proposal.matches.all()} | {proposal.past_innovation_id}
        near = [*self._family.get(proposal.agency_id, []), *self._own.get(proposal.agency.parent_id or 0, [])]
        return [each for each in near if each.pk not in said and are_alike(proposal.title, each.title)]
