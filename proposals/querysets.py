"""Reads of proposals, in the language of the work."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from accounts.models import Agency, Invitation, Membership, User
from accounts.querysets import UserQuerySet
from competitions import calendar
from competitions.models import Competition
from files.querysets import PreparedFileQuerySet

if TYPE_CHECKING:
    from proposals.models import Correction, Export, Proposal, TeamMember  # noqa: F401  named in the classes' bases

SENT = ("sent", "passed", "failed")


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def current(self) -> "TeamMemberQuerySet":
        return self.filter(ended_at=None)

    def with_person(self) -> "TeamMemberQuerySet":
        """Each with the key of whom it is about (`person`): its account; of a row known by address only, whoever since
        accepted the agency's invitation to that address, with whichever account, else the address's owner."""
        invited = Invitation.objects.filter(
            email=OuterRef("email"), agency=OuterRef("proposal__agency"), accepted_at__gte=OuterRef("added_at")
        ).order_by("-accepted_at")
        owner = User.objects.filter(email=OuterRef("email"))
        return self.annotate(
            person=Coalesce(
                "user_id",
                Subquery(invited.values("accepted_by")[:1]),
                Subquery(owner.values("pk")[:1]),
                output_field=models.BigIntegerField(),
            )
        )

    def of(self, user: User) -> "TeamMemberQuerySet":
        """The rows about this person."""
        return self.with_person().filter(person=user.pk)  # type: ignore[misc]  # annotated

    def people(self) -> UserQuerySet:
        """Whom they are about, as far as they have an account."""
        return User.objects.filter(pk__in=self.with_person().values("person"))  # type: ignore[misc]  # annotated


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> "ProposalQuerySet":
        """What this person may know of: those they lead or write, their unit's, their agencies', and, for the
        secretariat, what lies with the ministry or was withdrawn straight from there. Jurors read through their
        assessments, never from here."""
        if not user.is_authenticated:
            return self.none()
        from proposals.models import TeamMember

        if user.is_secretariat:
            return self.known_to_ministry()
        team = Membership.objects.filter(user=user, agency=OuterRef("agency"), role="innovator", ended_at=None)
        writing = TeamMember.objects.current().of(user).filter(proposal=OuterRef("pk"))
        return self.filter(
            Exists(team) & (Q(lead=user) | Exists(writing))
            | Exists(team.filter(unit__isnull=False, unit=OuterRef("unit")))
            | Q(agency__in=Agency.objects.administered_by(user))
        )

    def known_to_ministry(self) -> "ProposalQuerySet":
        """What lies with it, or was withdrawn straight from there: what stands in such a one is what was sent. Once the
        agency had it back, it may hold texts that were never sent, and is the agency's own."""
        from proposals.models import Move

        last_step = Move.objects.filter(proposal=OuterRef("pk")).order_by("-made_at", "-pk").values("source")[:1]
        was_sent = Q(Exact(Subquery(last_step), "sent"))
        return self.filter(Q(status__in=SENT) | Q(was_sent, status="withdrawn"))

    def in_agencies_order(self) -> "ProposalQuerySet":
        """As the agency ordered them, then as they were begun: the first goes first where a cap cuts."""
        return self.order_by("agency__name", "group__order", F("place").asc(nulls_last=True), "created_at", "pk")

    def administered_by(self, user: User) -> "ProposalQuerySet":
        """Of the agencies for which this person acts."""
        return self.filter(agency__in=Agency.objects.administered_by(user))

    def in_competition(self, competition: Competition) -> "ProposalQuerySet":
        return self.filter(competition=competition)

    def unsent(self) -> "ProposalQuerySet":
        return self.filter(status__in=["draft", "in_review", "returned"])

    def sent(self) -> "ProposalQuerySet":
        """Standing with the ministry: awaiting screening, or screened."""
        return self.filter(status__in=SENT)

    def passed(self) -> "ProposalQuerySet":
        return self.filter(status="passed")

    def with_names(self) -> "ProposalQuerySet":
        """With the single rows a proposal names."""
        return self.select_related(
            "competition",
            "group",
            "category",
            "agency__parent",
            "unit",
            "lead",
            "past_innovation",
            "source_innovation",
            "copied_from__competition",
        )


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def running(self, at: datetime | None = None) -> "CorrectionQuerySet":
        """Those the agency can still send (at the database's now, unless it is known): not sent yet, their time not
        over, what they mend not withdrawn."""
        return self.filter(submission=None, ends_at__gte=at or calendar.now(), screening__submission__stands=True)


class ExportQuerySet(PreparedFileQuerySet["Export"]):
    def with_withdrawn(self, person: User) -> "ExportQuerySet":
        """Each says (`is_withdrawn`) whether it holds a proposal that this person may not read any more."""
        from proposals.models import Export, Proposal

        held = Export.proposals.through.objects.filter(export=OuterRef("pk"))
        return self.annotate(is_withdrawn=Exists(held.exclude(proposal__in=Proposal.objects.visible_to(person))))
