"""Who writes a proposal beside its lead, and what is said about its passages before it is sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models import Question
from proposals.models.proposal import Proposal
from proposals.querysets import TeamMemberQuerySet


class TeamMember(models.Model):
    """Somebody the lead asked to write with them. Ended rows are the team's history.

    Whoever has no account yet is known by address: the row becomes theirs the moment they accept the invitation to it,
    with an account of this address or of another.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="proposal_teams"
    )
    email = models.EmailField(_("e-mail"))
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = TeamMemberQuerySet.as_manager()
    person: int | None  # with_person()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "email"],
                condition=Q(ended_at=None),
                name="once_in_a_team",
                violation_error_message=_("This person is already in the team."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user or self.email)


class Comment(models.Model):
    """A remark on one answer, with the words it is about as they stood then. Resolved, it stays as history."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    quote = models.TextField(_("the passage"), blank=True)
    text = models.TextField(_("comment"))
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True, help_text="when the others were written to about it")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(told_at=None), name="comments_to_tell"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
