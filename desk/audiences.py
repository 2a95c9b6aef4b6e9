"""To whom the secretariat can write at once. Each audience is asked of those who know: nothing is worked out here that
a reminder or a list has worked out already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import ngettext

from accounts.models import Agency, Membership, Registration, User
from announcements.concerned import agency_admins
from announcements.models import Announcement
from competitions import calendar
from competitions.models import Competition, Round
from desk.models import Broadcast
from judging.models import SelectionEntry
from judging.querysets.selections import is_fixed
from judging.scoring.workload import Workload, workloads_of
from proposals.audience import acting_admins
from proposals.models import Proposal
from proposals.reminders import busy
from proposals.rules import WITH_WRITERS

People = Callable[[Competition], Iterable[User]]


@dataclass(frozen=True)
class Audience:
    """`link` names the page where these people go on; `out_of_reach`, in words, whom a letter cannot reach."""

    people: People
    link: str
    out_of_reach: Callable[[Competition], str] | None = None

    def of(self, competition: Competition) -> list[User]:
        """Each once, with an account that is not disabled, by name."""
        present = {person.pk: person for person in self.people(competition) if person.is_active}
        return sorted(present.values(), key=lambda person: (person.name, person.pk))


def running_rounds(competition: Competition) -> QuerySet[Round]:
    """Rounds whose time has begun and whose sheets no plenary has fixed."""
    rounds = Round.objects.filter(~is_fixed(), group__competition=competition, stage__starts_at__lte=Now())
    return rounds.select_related("stage", "group__competition").order_by("group__order", "order")


def unregistered() -> QuerySet[Agency]:
    """Agencies that may take part and nobody acts for."""
    return Agency.objects.participating().with_has_admin().filter(has_admin=False)  # type: ignore[misc]  # annotated


def _admins_of(proposals: QuerySet[Proposal]) -> Iterable[User]:
    return acting_admins(proposals.order_by().values_list("agency", flat=True).distinct()).values()


def _announced(competition: Competition, kind: str) -> QuerySet[Proposal]:
    """Those whom a public list of that kind names as selected."""
    lists = Announcement.objects.standing().filter(kind=kind, competition=competition)
    places = SelectionEntry.objects.filter(selection__announcements__in=lists, is_selected=True)
    return Proposal.objects.filter(pk__in=places.values("proposal"))


def _admins_with_drafts(competition: Competition) -> Iterable[User]:
    return _admins_of(Proposal.objects.in_competition(competition).filter(status__in=WITH_WRITERS))


def _writers(competition: Competition) -> Iterable[User]:
    return [person for person, counts in busy(competition).items() if counts["drafts"]]


def _reviewers(competition: Competition) -> Iterable[User]:
    return [person for person, counts in busy(competition).items() if counts["reviews"]]


def _jurors(competition: Competition, which: Callable[[Workload], bool]) -> Iterable[User]:
    loads = workloads_of(running_rounds(competition), calendar.now())
    return [load.juror.user for each in loads.values() for load in each if which(load)]


def _asked_or_acted(competition: Competition) -> Iterable[User]:
    """Of agencies nobody acts for: whoever acted for them once, or asked to and was not approved."""
    return User.objects.filter(Q(pk__in=_former_admins().values("user")) | Q(pk__in=_askers().values("user")))


def _former_admins() -> QuerySet[Membership]:
    return Membership.objects.ended().admins().filter(agency__in=unregistered(), user__is_active=True)


def _askers() -> QuerySet[Registration]:
    return Registration.objects.exclude(status="approved").filter(agency__in=unregistered(), user__is_active=True)


def _without_address(competition: Competition) -> str:
    known = Q(pk__in=_former_admins().values("agency")) | Q(pk__in=_askers().values("agency"))
    number = unregistered().exclude(known).count()
    words = ngettext(
        "%d agency without an admin has nobody we could write to: the list of agencies holds no addresses.",
        "%d agencies without an admin have nobody we could write to: the list of agencies holds no addresses.",
        number,
    )
    return words % number if number else ""


KINDS = Broadcast.Audience
AUDIENCES: dict[str, Audience] = {
    KINDS.DRAFTS_ADMINS: Audience(_admins_with_drafts, "proposals:list"),
    KINDS.DRAFTS: Audience(_writers, "proposals:list"),
    KINDS.REVIEWS: Audience(_reviewers, "proposals:list"),
    KINDS.SHEETS: Audience(lambda year: _jurors(year, lambda load: load.owes > 0), "judging:desk"),
    KINDS.SHEETS_LATE: Audience(lambda year: _jurors(year, lambda load: load.will_miss), "judging:desk"),
    KINDS.FINALISTS: Audience(lambda year: _admins_of(_announced(year, "finalist")), "home"),
    KINDS.WINNERS: Audience(lambda year: _admins_of(_announced(year, "winner")), "home"),
    KINDS.UNREGISTERED: Audience(_asked_or_acted, "accounts:register", _without_address),
    KINDS.ADMINS: Audience(lambda year: agency_admins(), "home"),
    KINDS.EVERYBODY: Audience(lambda year: User.objects.active(), "home"),
}
