"""The public objection period: who may file by a mailed link, what was filed, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, ReadOnly, Update

from accounts.codes import new_code
from accounts.mailed_links import MailedLink
from accounts.models import new_token
from competitions.models import Stage
from objections.querysets import ObjectionQuerySet
from proposals.models import Proposal

LONGEST_TEXT = 5000


class FilingLink(MailedLink):
    """Whoever opens it may object to this finalist."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="filing_links_by_time")]


class Objection(models.Model):
    """One person's objection to one finalist. What was filed never changes and is never deleted.

    Only the secretariat knows who filed it; its owner follows it by the token, everybody else names it by its code.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    class State(models.TextChoices):
        FILED = "filed", _("With the secretariat")
        REFERRED = "referred", _("With the panel")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    number = models.CharField(_("receipt number"), max_length=30, unique=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="public_objections")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="objections")
    email = models.EmailField(_("e-mail"), help_text="confirmed; lower case")
    name = models.CharField(_("full name"), max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="empty: by a link"
    )
    text = models.TextField(_("objection"), max_length=LONGEST_TEXT)
    filed_at = models.DateTimeField()

    answer = models.TextField(_("the agency's answer"), max_length=LONGEST_TEXT, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("handled by")
    )
    finding = models.TextField(_("the secretariat's finding"), max_length=LONGEST_TEXT, blank=True)
    referred_at = models.DateTimeField(null=True)
    referred_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(_("reason"), max_length=LONGEST_TEXT, blank=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["filed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "proposal", "email"],
                name="one_objection_per_person_and_finalist",
                violation_error_message=_("You have already objected to this innovation."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | (~Q(reason="") & Q(proposed_by__isnull=False, referred_at__isnull=False)),
                name="a_decision_has_a_reason_and_an_author",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome="")),
                name="a_final_decision_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="a_decision_has_two_people",
                violation_error_message=_("Somebody else must confirm this."),
            ),
        ]
        triggers = [
            Protect(name="an_objection_is_kept", operation=Delete),
            ReadOnly(
                name="what_was_filed_stays",
                fields=["number", "token", "proposal", "stage", "email", "name", "user", "text", "filed_at"],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """For the secretariat, the panel and the objected agency."""
        return reverse("objections:objection", args=[self.code])

    @property
    def tracking_url(self) -> str:
        """For its owner alone."""
        return reverse("objections:track", args=[self.token])

    @property
    def state(self) -> State:
        if self.decided_at:
            return self.State(self.outcome)
        return self.State.REFERRED if self.referred_at else self.State.FILED


class Evidence(models.Model):
    """A file filed with the objection. Its name may tell who filed it: the owner and the secretariat see it."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["objection", "place"], name="one_evidence_per_place")]
        triggers = [Protect(name="evidence_is_kept", operation=Update | Delete)]

    def __str__(self) -> str:
        return f"{self.objection_id}/{self.place}"
