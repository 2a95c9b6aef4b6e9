"""Reads of the catalogue in the language of the work."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchRank
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, Now, RowNumber

from accounts.models import Agency, User
from catalogue.search import AnyTitleWord, understand

if TYPE_CHECKING:
    from catalogue.models import (  # noqa: F401 (in quotes below)
        Award,
        FollowUpReport,
        Innovation,
        Offer,
        Replication,
        ReplicationRequest,
    )

M = TypeVar("M", bound=models.Model)
SAME_CATEGORY = 0.2  # what a shared category adds to the rank of a similar title, which is rarely above 0.5


class InnovationQuerySet(models.QuerySet["Innovation"]):
    def search(self, text: str) -> "InnovationQuerySet":
        """Those the text means, best matches first: Indonesian affixes, small typing mistakes, accents, capitals and
        usual synonyms do not matter (search.py). All of them for an empty text."""
        if not text.strip():
            return self
        wanted = understand(text)
        return wanted.best_first(wanted.among(self))

    def current(self) -> "InnovationQuerySet":
        """Without those that turned out to be another one."""
        return self.filter(merged_into=None)

    def awarded(self, *, year: int | None = None, tiers: list[str] | None = None) -> "InnovationQuerySet":
        """The current ones with an award, of that year and one of those tiers if named."""
        from catalogue.models import Award

        awards = Award.objects.filter(innovation=OuterRef("pk"))
        if year:
            awards = awards.filter(year=year)
        if tiers:
            awards = awards.filter(tier__in=tiers)
        return self.current().filter(Exists(awards))

    def replicated_first(self, agency: Agency) -> "InnovationQuerySet":
        """By title, but first those the agency replicates and the source confirmed: `is_replicated`."""
        from catalogue.models import Replication

        joined = Q(source=OuterRef("pk")) | Q(source__merged_into=OuterRef("pk"))
        confirmed = Replication.objects.filter(joined, agency=agency, state="confirmed")
        return self.annotate(is_replicated=Exists(confirmed)).order_by("-is_replicated", "title", "pk")

    def with_awards(self) -> "InnovationQuerySet":
        """Each with its agency and awards, in one more query."""
        from catalogue.models import Award

        newest_first = Prefetch("awards", queryset=Award.objects.order_by("-year", "pk"))
        return self.select_related("agency", "merged_into").defer("vector").prefetch_related(newest_first)

    def with_ready(self) -> "InnovationQuerySet":
        """Each row's `is_ready`: does its source offer it to others?"""
        from catalogue.models import Offer

        ready = Q(pk__in=Offer.objects.in_force().origins())
        return self.annotate(is_ready=Case(When(ready, then=Value(True)), default=Value(False)))

    def by_year(self, *, newest: bool = True) -> "InnovationQuerySet":
        """Ordered by the last year they won something in."""
        latest = F("latest").desc(nulls_last=True) if newest else F("latest").asc(nulls_last=True)
        return self.annotate(latest=Max("awards__year")).order_by(latest, "title", "pk")

    def like(self, innovation: "Innovation") -> "InnovationQuerySet":
        """Others with words of its title, or of its category; the most similar first."""
        own = Subquery(type(innovation)._default_manager.filter(pk=innovation.pk).values("vector"))
        words = AnyTitleWord(own)
        same = Q(category_name=innovation.category_name) if innovation.category_name else Q(pk=None)
        likeness = SearchRank(F("vector"), words, weights=[0, 0, 0.1, 1.0], normalization=1) + Case(
            When(same, then=Value(SAME_CATEGORY)), default=Value(0.0)
        )
        others = self.exclude(pk=innovation.pk).filter(Q(vector=words) | same)
        return others.annotate(likeness=likeness).order_by("-likeness", "title", "pk")


class BetweenAgencies(models.QuerySet[M]):
    """Rows with an `agency` that turns to the agency of a `source`."""

    def by_agencies_of(self, user: "User | AnonymousUser") -> Self:
        """Those of agencies this person acts for now."""
        return self.filter(agency__in=Agency.objects.administered_by(user))

    def at_source(self, user: "User | AnonymousUser") -> Self:
        """Those whose source belongs to an agency this person acts for now."""
        return self.filter(belongs_to(user))

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """In full, with evidence, reasons and messages: the secretariat, and the admins of both sides."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_secretariat else self.by_agencies_of(user) | self.at_source(user)


class ReplicationQuerySet(BetweenAgencies["Replication"]):
    def in_force(self) -> "ReplicationQuerySet":
        """Declared or confirmed: what the public sees."""
        return self.filter(state__in=["declared", "confirmed"])

    def waiting(self) -> "ReplicationQuerySet":
        """Those the source has not answered."""
        return self.filter(state="declared")

    def of(self, innovations: Iterable[int]) -> "ReplicationQuerySet":
        """Those of these innovations (keys), or of rows joined to them."""
        keys = list(innovations)
        return self.filter(Q(source__in=keys) | Q(source__merged_into__in=keys))

    def leading_to(self, innovations: Iterable[int]) -> "ReplicationQuerySet":
        """Those these innovations (keys), or rows joined to them, came of."""
        keys = list(innovations)
        return self.filter(Q(product__in=keys) | Q(product__merged_into__in=keys))

    def waiting_first(self) -> "ReplicationQuerySet":
        """Those that wait for an answer first, the longest waiting at the head; then the latest."""
        waits = Case(When(state="declared", then=Value(0)), default=Value(1))
        since = Case(When(state="declared", then=F("declared_at")))
        return self.order_by(waits, since, "-declared_at", "-pk")

    def counts(self) -> dict[str, int]:
        """How many were declared, and how many of them wait, are confirmed."""
        return self.aggregate(
            all=Count("pk"),
            waiting=Count("pk", filter=Q(state="declared")),
            confirmed=Count("pk", filter=Q(state="confirmed")),
        )

    def with_ends(self) -> "ReplicationQuerySet":
        """Each with its agency, its source and what came of it, in the same query."""
        return self.select_related(
            "agency", "source__agency", "source__merged_into__agency", "product__merged_into"
        ).defer("source__vector", "source__merged_into__vector", "product__vector", "product__merged_into__vector")


class OfferQuerySet(models.QuerySet["Offer"]):
    def in_force(self) -> "OfferQuerySet":
        return self.filter(withdrawn_at=None)

    def origins(self) -> "models.QuerySet[Offer, dict[str, Any]]":
        """The keys of the innovations offered, under the rows that stand for them now."""
        return self.order_by().values(origin=ROOT)

    def shown_of(self, innovation: "Innovation") -> "Offer | None":
        """The offer that stands, with its files; the innovation's own before those of rows joined to it."""
        of = self.in_force().filter(Q(innovation=innovation) | Q(innovation__merged_into=innovation))
        return of.order_by(OWN_FIRST, "pk").select_related("innovation").prefetch_related("files__file").first()


class ReplicationRequestQuerySet(BetweenAgencies["ReplicationRequest"]):
    def open(self) -> "ReplicationRequestQuerySet":
        return self.exclude(state="closed")

    def waiting(self) -> "ReplicationRequestQuerySet":
        """Those the source has not answered."""
        return self.filter(state="waiting")

    def about(self, innovation: "Innovation") -> "ReplicationRequestQuerySet":
        """Those asked of the innovation, or of rows joined to it."""
        return self.filter(Q(source=innovation) | Q(source__merged_into=innovation))

    def waiting_first(self) -> "ReplicationRequestQuerySet":
        """Those that wait for the source first, the longest waiting at the head; then the latest."""
        waits = Case(When(state="waiting", then=Value(0)), default=Value(1))
        return self.order_by(waits, Case(When(state="waiting", then=F("waiting_since"))), "-asked_at", "-pk")

    def counts(self) -> dict[str, int]:
        """How many were asked, and how many of them wait, are answered, are closed."""
        return self.aggregate(
            all=Count("pk"),
            waiting=Count("pk", filter=Q(state="waiting")),
            answered=Count("pk", filter=Q(state="answered")),
            closed=Count("pk", filter=Q(state="closed")),
        )

    def with_ends(self) -> "ReplicationRequestQuerySet":
        """Each with its agency and its source, in the same query."""
        return self.select_related("agency", "source__agency", "source__merged_into__agency").defer(
            "source__vector", "source__merged_into__vector"
        )


class FollowUpReportQuerySet(models.QuerySet["FollowUpReport"]):
    def of_agencies_of(self, user: "User | AnonymousUser") -> "FollowUpReportQuerySet":
        """Those of innovations of agencies this person acts for now."""
        return self.filter(belongs_to(user, "innovation"))

    def visible_to(self, user: "User | AnonymousUser") -> "FollowUpReportQuerySet":
        """The secretariat, and the admin of the innovation's agency."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_secretariat else self.of_agencies_of(user)

    def counted(self) -> "FollowUpReportQuerySet":
        """One for each innovation and year, also where several rows became one: the one that got furthest. Asked
        before anything narrows by state, of whole innovations."""
        got = Case(
            When(state="approved", then=0), When(state="sent", then=1), When(state="returned", then=2), default=3
        )
        place = Window(RowNumber(), partition_by=[F("follow_up"), ROOT], order_by=[got, OWN_FIRST, "pk"])
        return self.model._default_manager.filter(pk__in=self.annotate(place=place).filter(place=1).values("pk"))

    def unanswered(self) -> "FollowUpReportQuerySet":
        """Those that are with the agency while it can still answer: before the closing, or a week after they were sent
        back."""
        from catalogue.models.follow_ups import TO_MEND

        running, mending = Q(follow_up__closes_at__gte=Now()), Q(decided_at__gte=Now() - TO_MEND)
        return self.filter(Q(state="waiting") & running | Q(state="returned") & (running | mending))

    def accepted_of(self, innovation: "Innovation") -> "FollowUpReportQuerySet":
        """What everybody may read of the innovation, the latest first."""
        of = self.filter(Q(innovation=innovation) | Q(innovation__merged_into=innovation))
        return of.counted().filter(state="approved").select_related("follow_up").order_by("-follow_up__year")

    def with_ends(self) -> "FollowUpReportQuerySet":
        """Each with its year and its innovation, in the same query."""
        return self.select_related("follow_up", "innovation__agency", "innovation__merged_into__agency").defer(
            "innovation__vector", "innovation__merged_into__vector"
        )

    def waiting_first(self) -> "FollowUpReportQuerySet":
        """For the agency: those it has to answer first."""
        return self.order_by(Case(When(state__in=["waiting", "returned"], then=0), default=1), "-follow_up__year", "pk")

    def counts(self) -> dict[str, int]:
        """How many there are, and how many in each state."""
        states = ("waiting", "sent", "returned", "approved")
        return self.aggregate(all=Count("pk"), **{state: Count("pk", filter=Q(state=state)) for state in states})


ROOT = Coalesce("innovation__merged_into", "innovation")  # the row that stands for it now
OWN_FIRST = Case(When(innovation__merged_into=None, then=0), default=1)


def belongs_to(user: "User | AnonymousUser", name: str = "source") -> Q:
    """That innovation, under the row that stands for it now, is of an agency this person acts for."""
    own = Agency.objects.administered_by(user)
    return Q(**{f"{name}__merged_into": None, f"{name}__agency__in": own}) | Q(
        **{f"{name}__merged_into__agency__in": own}
    )


def award_history(innovation: "Innovation | None") -> list["Award"]:
    """All that the innovation won, oldest first; nothing for an innovation not in the catalogue."""
    return [] if innovation is None else list(innovation.awards.order_by("year", "pk"))
