"""Whether a proposal's innovation is one the catalogue knows, under this title or another: a person says so."""

from django.conf import settings
from django.db import models

from catalogue.models import Innovation
from proposals.models.proposal import Proposal


class PastMatch(models.Model):
    """The answer to: is this innovation of the catalogue the proposal's own? A yes makes its awards count, a no is
    kept for whoever screens. The answer before a change stands in the audit record."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="matches")
    innovation = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="+")
    is_same = models.BooleanField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "innovation"], name="one_answer_per_proposal_and_innovation")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {'=' if self.is_same else '≠'} {self.innovation_id}"
