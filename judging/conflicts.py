"""Who may not judge what, and why. Ties are read once for all jurors, then asked without further queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership
from judging.models import ConflictOfInterest, Juror
from proposals.models import Proposal

# A regional enterprise belongs to its regional government and counts as regional with it.
REGIONAL = frozenset({Agency.Type.PROVINCE, Agency.Type.REGENCY, Agency.Type.CITY, Agency.Type.ROE})

OWN_AGENCY = _("The proposal is from the juror's own agency.")
RELATED_AGENCY = _("The proposal is from the agency above or below the juror's own.")
SAME_PROVINCE = _("The juror's agency is a regional government in the same province.")
DECLARED_AGENCY = _("The juror declared a conflict of interest with this agency.")
DECLARED_PROPOSAL = _("The juror declared a conflict of interest with this proposal.")
OWN_PROPOSAL = _("The juror is an innovator of this proposal.")


@dataclass
class Ties:
    """What binds one juror: agency ids, a province, proposals. `related` are parents and children of `own`."""

    user: int
    own: set[int] = field(default_factory=set)
    related: set[int] = field(default_factory=set)
    provinces: set[str] = field(default_factory=set)
    declared_agencies: set[int] = field(default_factory=set)
    declared_proposals: set[int] = field(default_factory=set)

    def reason(self, proposal: Proposal) -> Promise | None:
        """Why this juror may not judge the proposal; None when they may. `proposal.agency` should be loaded."""
        agency = proposal.agency
        checks = (
            (proposal.lead_id == self.user, OWN_PROPOSAL),
            (agency.pk in self.own, OWN_AGENCY),
            (agency.pk in self.related or agency.parent_id in self.own, RELATED_AGENCY),
            (agency.type in REGIONAL and agency.province in self.provinces, SAME_PROVINCE),
            (agency.pk in self.declared_agencies, DECLARED_AGENCY),
            (proposal.pk in self.declared_proposals, DECLARED_PROPOSAL),
        )
        return next((words for holds, words in checks if holds), None)


def ties_of(jurors: Iterable[Juror]) -> dict[int, Ties]:
    """The ties of each juror by primary key, in three queries however many there are.

    Own agencies are the one named on the juror row and those the person acts for in the portal today.
    """
    jurors = list(jurors)
    ties = {juror.pk: Ties(user=juror.user_id) for juror in jurors}
    memberships = Membership.objects.filter(user__in=[juror.user_id for juror in jurors], ended_at=None)
    acts_for: dict[int, list[int]] = {}
    for user, agency in memberships.values_list("user", "agency"):
        acts_for.setdefault(user, []).append(agency)
    own = {juror.pk: {juror.agency_id, *acts_for.get(juror.user_id, [])} - {None} for juror in jurors}
    agencies = Agency.objects.in_bulk({pk for pks in own.values() for pk in pks})
    for juror in jurors:
        _bind(ties[juror.pk], [agencies[pk] for pk in own[juror.pk]])
    for row in ConflictOfInterest.objects.filter(juror__in=ties):
        if row.agency_id:
            ties[row.juror_id].declared_agencies.add(row.agency_id)
        elif row.proposal_id:
            ties[row.juror_id].declared_proposals.add(row.proposal_id)
    return ties


def _bind(ties: Ties, agencies: list[Agency]) -> None:
    ties.own = {agency.pk for agency in agencies}
    ties.related = {agency.parent_id for agency in agencies if agency.parent_id}
    ties.provinces = {agency.province for agency in agencies if agency.type in REGIONAL and agency.province}


def reason(juror: Juror, proposal: Proposal) -> Promise | None:
    """Why this juror may not judge this proposal, in words; None when they may."""
    return ties_of([juror])[juror.pk].reason(proposal)
