"""Who may not judge what, and why: a graph of jurors, agencies, provinces and proposals, walked once for all jurors.

Each edge is a sentence. A conflict is a path of them from the juror to the proposal's agency or to the proposal:
"Ani works for Dinas X." → "Dinas X belongs to Kabupaten Y." → "Kabupaten Y entered this proposal."
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.agency_search import words_of
from accounts.models import Agency, Membership, Unit
from judging.models import ConflictOfInterest, Juror
from proposals.models import Answer, Document, Proposal

# A regional enterprise belongs to its regional government and counts as regional with it.
REGIONAL = frozenset({Agency.Type.PROVINCE, Agency.Type.REGENCY, Agency.Type.CITY, Agency.Type.ROE})

OWN_AGENCY = gettext_lazy("The proposal is from the juror's own agency.")
RELATED_AGENCY = gettext_lazy("The proposal is from the agency above or below the juror's own.")
SAME_PROVINCE = gettext_lazy("The juror's agency is a regional government in the same province.")
DECLARED_AGENCY = gettext_lazy("The juror declared a conflict of interest with this agency.")
DECLARED_PROPOSAL = gettext_lazy("The juror declared a conflict of interest with this proposal.")
OWN_PROPOSAL = gettext_lazy("The juror is an innovator of this proposal.")
INSTITUTION = gettext_lazy("The proposal is from the juror's institution.")

Sentence = Callable[[bool], str]  # in the reader's language, when it is read; true: the reader is the juror


@dataclass(frozen=True)
class Path:
    """Why two may not meet: the rule in one line, and the way from one to the other, a sentence a step."""

    rule: Promise
    steps: tuple[Sentence, ...]

    def sentences(self, *, you: bool = False) -> list[str]:
        """The steps in order; `you` when they are read by the juror."""
        return [step(you) for step in self.steps]

    def to_you(self) -> list[str]:
        return self.sentences(you=True)

    def __str__(self) -> str:
        return " → ".join(self.sentences())


@dataclass
class Ties:
    """What binds one juror: for each agency and each proposal they may not judge, the shortest path to it."""

    user: int
    agencies: dict[int, Path] = field(default_factory=dict)
    proposals: dict[int, Path] = field(default_factory=dict)

    def path(self, proposal: Proposal) -> Path | None:
        """The way from the juror to the proposal; None when they may judge it."""
        if proposal.lead_id == self.user:
            return Path(
                OWN_PROPOSAL,
                (lambda you: _("You lead this proposal.") if you else _("The juror leads this proposal."),),
            )
        return self.proposals.get(proposal.pk) or self.agencies.get(proposal.agency_id)

    def reason(self, proposal: Proposal) -> Promise | None:
        """The rule that keeps this juror from the proposal, in one line; None when they may judge it."""
        path = self.path(proposal)
        return path.rule if path else None


def ties_of(jurors: Iterable[Juror]) -> dict[int, Ties]:
    """The ties of each juror by primary key, in a constant number of queries however many there are.

    Own agencies are the one named on the juror row, those the person acts for in the portal today, and the one that
    their institution names.
    """
    jurors = list(jurors)
    users = [juror.user_id for juror in jurors]
    memberships: dict[int, list[int]] = defaultdict(list)
    for user, agency in Membership.objects.filter(user__in=users, ended_at=None).values_list("user", "agency"):
        memberships[user].append(agency)
    graph = _Agencies()
    wrote = _written_by(users)
    declared: dict[int, list[ConflictOfInterest]] = defaultdict(list)
    for row in ConflictOfInterest.objects.filter(juror__in=[juror.pk for juror in jurors]):
        declared[row.juror_id].append(row)
    found = {}
    for juror in jurors:
        ties = found[juror.pk] = Ties(juror.user_id)
        for proposal in wrote.get(juror.user_id, ()):
            ties.proposals[proposal] = Path(OWN_PROPOSAL, (_wrote,))
        graph.bind(ties, juror, memberships.get(juror.user_id, []))
        for row in declared[juror.pk]:
            _declare(ties, row, graph)
    return found


def reason(juror: Juror, proposal: Proposal) -> Promise | None:
    """Why this juror may not judge this proposal, in one line; None when they may."""
    return ties_of([juror])[juror.pk].reason(proposal)


def _written_by(users: list[int]) -> dict[int, set[int]]:
    """User → proposals in which they wrote an answer or to which they attached a document."""
    found: dict[int, set[int]] = defaultdict(set)
    answers = Answer.objects.filter(saved_by__in=users).values_list("saved_by", "proposal")
    documents = Document.objects.filter(attached_by__in=users).values_list("attached_by", "proposal")
    for user, proposal in answers.distinct().union(documents.distinct()):
        found[user].add(proposal)
    return found


def _declare(ties: Ties, row: ConflictOfInterest, graph: "_Agencies") -> None:
    if row.agency_id:
        name = graph.name(row.agency_id)
        path = Path(DECLARED_AGENCY, (_declared_agency(name, row.reason), _entered(name)))
        ties.agencies.setdefault(row.agency_id, path)
    elif row.proposal_id:
        path = Path(DECLARED_PROPOSAL, (_declared_proposal(row.reason),))
        ties.proposals.setdefault(row.proposal_id, path)


class _Agencies:
    """All agencies with their tree, their provinces and their names; read once."""

    def __init__(self) -> None:
        self.all = {agency.pk: agency for agency in Agency.objects.only("pk", "name", "type", "province", "parent")}
        self.children: dict[int, list[int]] = defaultdict(list)
        self.regional: dict[str, list[int]] = defaultdict(list)
        for agency in self.all.values():
            if agency.parent_id:
                self.children[agency.parent_id].append(agency.pk)
            if agency.type in REGIONAL and agency.province:
                self.regional[agency.province].append(agency.pk)

    @cached_property
    def named(self) -> dict[str, list[tuple[int, str]]]:
        """Agencies and their units by the words of their names; read only where a juror names an institution."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        names = [(agency.pk, agency.name) for agency in self.all.values()]
        for pk, name in [*names, *Unit.objects.values_list("agency", "name")]:
            found[_key(name)].append((pk, name))
        return found

    def name(self, pk: int) -> str:
        return self.all[pk].name

    def bind(self, ties: Ties, juror: Juror, acts_for: Iterable[int]) -> None:
        """Walk from the juror: own agencies first, then one step up or down, then the province."""
        own: dict[int, tuple[Promise, Sentence]] = {}
        if juror.agency_id:
            own[juror.agency_id] = (OWN_AGENCY, _works_for(self.name(juror.agency_id)))
        for pk in acts_for:
            own.setdefault(pk, (OWN_AGENCY, _acts_for(self.name(pk))))
        for pk, name in self.named.get(_key(juror.institution), ()) if juror.institution.strip() else ():
            own.setdefault(pk, (INSTITUTION, _is_at(juror.institution, name)))
        for pk, (rule, start) in own.items():
            ties.agencies.setdefault(pk, Path(rule, (start, _entered(self.name(pk)))))
        for pk, (_rule, start) in own.items():
            self._relatives(ties, pk, start)
        for pk, (_rule, start) in own.items():
            self._neighbours(ties, pk, start)

    def _relatives(self, ties: Ties, pk: int, start: Sentence) -> None:
        own = self.all[pk]
        if own.parent_id:
            self._add(ties, own.parent_id, RELATED_AGENCY, start, _belongs(own.name, self.name(own.parent_id)))
        for child in self.children[pk]:
            self._add(ties, child, RELATED_AGENCY, start, _belongs(self.name(child), own.name))

    def _neighbours(self, ties: Ties, pk: int, start: Sentence) -> None:
        own = self.all[pk]
        if own.type not in REGIONAL or not own.province:
            return
        for other in self.regional[own.province]:
            self._add(ties, other, SAME_PROVINCE, start, _same_province(own.name, self.name(other), own.province))

    def _add(self, ties: Ties, pk: int, rule: Promise, *steps: Sentence) -> None:
        ties.agencies.setdefault(pk, Path(rule, (*steps, _entered(self.name(pk)))))


def _key(name: str) -> str:
    return " ".join(words_of(name))


def _wrote(you: bool) -> str:
    return _("You wrote in this proposal.") if you else _("The juror wrote in this proposal.")


def _works_for(agency: str) -> Sentence:
    return lambda you: (_("You work for %s.") if you else _("The juror works for %s.")) % agency


def _acts_for(agency: str) -> Sentence:
    return lambda you: (
        (_("You act for %s in the portal.") if you else _("The juror acts for %s in the portal.")) % agency
    )


def _is_at(institution: str, name: str) -> Sentence:
    words = {"institution": institution, "name": name}
    return lambda you: (
        _("You are from %(institution)s, which the portal knows as %(name)s.") if you
        else _("The juror is from %(institution)s, which the portal knows as %(name)s.")
    ) % words  # fmt: skip


def _declared_agency(name: str, said: str) -> Sentence:
    words = {"name": name, "said": said}
    return lambda you: (
        _("You declared a tie to %(name)s: “%(said)s”.") if you
        else _("The juror declared a tie to %(name)s: “%(said)s”.")
    ) % words  # fmt: skip


def _declared_proposal(said: str) -> Sentence:
    return lambda you: (
        _("You declared a tie to this proposal: “%s”.") if you
        else _("The juror declared a tie to this proposal: “%s”.")
    ) % said  # fmt: skip


def _belongs(lower: str, upper: str) -> Sentence:
    return lambda _you: _("%(lower)s belongs to %(upper)s.") % {"lower": lower, "upper": upper}


def _same_province(own: str, other: str, province: str) -> Sentence:
    words = {"own": own, "other": other, "province": province}
    return lambda _you: _("%(own)s and %(other)s are regional governments in %(province)s.") % words


def _entered(name: str) -> Sentence:
    return lambda _you: _("%s entered this proposal.") % name
