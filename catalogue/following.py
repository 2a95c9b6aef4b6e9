"""The winners a follow-up asks about, who has to answer, and what became of them by the year of their award."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, F, QuerySet, When

from accounts.models import Agency, Membership, User
from catalogue.models import IMPLIED, Award, FollowUp, FollowUpReport, Innovation
from catalogue.querysets import ROOT, FollowUpReportQuerySet, InnovationQuerySet
from competitions import calendar

State, Standing = FollowUpReport.State, FollowUpReport.Standing


@dataclass(frozen=True)
class YearOfWinners:
    """Of the winners of one year (0: of all): how many were asked, and what the accepted reports say."""

    year: int
    asked: int
    accepted: int
    running: int
    grown: int
    stopped: int

    @property
    def share(self) -> int | None:
        """Whole percent of the accepted reports that say it runs or has grown; None without any."""
        return round(100 * (self.running + self.grown) / self.accepted) if self.accepted else None


def this_year() -> int:
    """In Jakarta."""
    return calendar.local_day(calendar.now()).year


def winners(first_year: int, last_year: int) -> InnovationQuerySet:
    """Those with a highest award of one of these years."""
    awards = _highest(first_year, last_year).values("innovation")
    return Innovation.objects.current().filter(pk__in=awards).order_by("title", "pk")


def years_of_winners() -> list[int]:
    return list(Award.objects.filter(tier__in=IMPLIED).order_by("year").values_list("year", flat=True).distinct())


def who_answers(reports: FollowUpReportQuerySet) -> tuple[dict[User, int], int]:
    """Who acts for the agencies of these reports now, with how many are each person's; and how many are nobody's."""
    joined = When(innovation__merged_into__isnull=False, then=_acting("innovation__merged_into__agency"))
    acting = Case(joined, default=_acting("innovation__agency"))
    numbers = dict(reports.order_by().values(at=acting).annotate(number=Count("pk")).values_list("at", "number"))
    admins = Membership.objects.current().admins().filter(agency__in=numbers, user__is_active=True)
    people: Counter[User] = Counter()
    for each in admins.select_related("user"):
        people[each.user] += numbers[each.agency_id]
    return dict(people), sum(numbers.values()) - people.total()


def figures(follow_up: FollowUp) -> list[YearOfWinners]:
    """A row for each year of awards, and one for all together. An innovation that won twice is in both years."""
    rows = follow_up.reports.counted().values_list(ROOT, "state", "standing")
    by_innovation = {key: standing if state == State.ACCEPTED else state for key, state, standing in rows}
    awards = _highest(follow_up.first_year, follow_up.last_year).filter(innovation__in=by_innovation)
    of_year: dict[int, set[int]] = {}
    for year, key in awards.values_list("year", "innovation"):
        of_year.setdefault(year, set()).add(key)
    by_year = [_counted(year, map(by_innovation.__getitem__, of_year[year])) for year in sorted(of_year)]
    return [*by_year, _counted(0, by_innovation.values())]


def _counted(year: int, said: Iterable[str]) -> YearOfWinners:
    numbers = Counter(said)
    running, grown, stopped = numbers[Standing.RUNNING], numbers[Standing.GROWN], numbers[Standing.STOPPED]
    return YearOfWinners(year, numbers.total(), running + grown + stopped, running, grown, stopped)


def _acting(name: str) -> Case:
    """The agency whose admin acts for that one: of a regional enterprise its government."""
    return Case(When(**{f"{name}__type": Agency.Type.ROE}, then=F(f"{name}__parent")), default=F(name))


def _highest(first_year: int, last_year: int) -> QuerySet[Award]:
    return Award.objects.filter(tier__in=IMPLIED, year__range=(first_year, last_year))
