"""Reads of proposals, in the language of the work."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Agency, Membership, User
from competitions import calendar
from competitions.models import Competition

if TYPE_CHECKING:
    from proposals.models import Correction, Export, Proposal  # noqa: F401  named in the classes' bases

SENT = ("sent", "passed", "failed")


def in_team(user: User) -> Q:
    """Rows of TeamMember that are this person's: by account, or by address while they had none."""
    return Q(user=user) | Q(user=None, email=user.email)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> "ProposalQuerySet":
        """What this person may know of: those they lead or write, their unit's, their agencies', and, for the
        secretariat, all that reached the ministry. Jurors read through their assessments, never from here."""
        if not user.is_authenticated:
            return self.none()
        from proposals.models import Submission, TeamMember

        if user.is_secretariat:
            once_sent = Exists(Submission.objects.filter(proposal=OuterRef("pk")))
            return self.filter(Q(status__in=SENT) | Q(once_sent, status="withdrawn"))
        team = Membership.objects.filter(user=user, agency=OuterRef("agency"), role="innovator", ended_at=None)
        writing = TeamMember.objects.filter(in_team(user), proposal=OuterRef("pk"), ended_at=None)
        return self.filter(
            Exists(team) & (Q(lead=user) | Exists(writing))
            | Exists(team.filter(unit__isnull=False, unit=OuterRef("unit")))
            | Q(agency__in=Agency.objects.administered_by(user))
        )

    def in_agencies_order(self) -> "ProposalQuerySet":
        """As the agency ordered them, then as they were begun: the first goes first where a cap cuts."""
        return self.order_by("agency__name", "group__order", F("place").asc(nulls_last=True), "created_at", "pk")

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


class ExportQuerySet(models.QuerySet["Export"]):
    def in_preparation(self) -> "ExportQuerySet":
        return self.filter(state__in=["waiting", "writing"])

    def kept(self) -> "ExportQuerySet":
        """Ready, and their days not over."""
        return self.filter(state="ready", expires_at__gt=calendar.now())

    def with_withdrawn(self, person: User) -> "ExportQuerySet":
        """Each says (`is_withdrawn`) whether it holds a proposal that this person may not read any more."""
        from proposals.models import Export, Proposal

        held = Export.proposals.through.objects.filter(export=OuterRef("pk"))
        return self.annotate(is_withdrawn=Exists(held.exclude(proposal__in=Proposal.objects.visible_to(person))))
