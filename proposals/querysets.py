"""Reads of proposals, in the language of the work."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.models import Agency, Membership, User
from competitions.models import Competition

if TYPE_CHECKING:
    from proposals.models import Proposal  # noqa: F401  named in the class's base

SENT = ("sent", "passed", "failed")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> "ProposalQuerySet":
        """What this person may know of: their own and their unit's, their agencies', and, for the secretariat, all
        that reached the ministry. Jurors read through their assessments, never from here."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            from proposals.models import Submission

            once_sent = Exists(Submission.objects.filter(proposal=OuterRef("pk")))
            return self.filter(Q(status__in=SENT) | Q(once_sent, status="withdrawn"))
        team = Membership.objects.filter(user=user, agency=OuterRef("agency"), role="innovator", ended_at=None)
        own = Q(lead=user) & Exists(team)
        return self.filter(
            own
            | Exists(team.filter(unit__isnull=False, unit=OuterRef("unit")))
            | Q(agency__in=Agency.objects.administered_by(user))
        )

    def in_competition(self, competition: Competition) -> "ProposalQuerySet":
        return self.filter(competition=competition)

    def unsent(self) -> "ProposalQuerySet":
        return self.filter(status__in=["draft", "in_review", "returned"])

    def sent(self) -> "ProposalQuerySet":
        """Standing with the ministry: awaiting screening, or screened."""
        return self.filter(status__in=SENT)

    def passed(self) -> "ProposalQuerySet":
        return self.filter(status="passed")

    def with_content(self) -> "ProposalQuerySet":
        """Everything eligibility, completeness and the document page read, in a fixed number of queries."""
        from proposals.models import Document, PastMatch

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
        ).prefetch_related(
            "answers",
            Prefetch("documents", Document.objects.select_related("file")),
            "submissions",
            "group__aspects__questions",
            "group__documents",
            "group__history_rules",
            "group__caps",
            "group__age_exceptions",
            Prefetch("matches", PastMatch.objects.select_related("answered_by")),
        )
