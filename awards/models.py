"""Certificates of published lists, and the day they are handed over.

A certificate is never changed: a correction prints a new one that replaces it, and the old one says so for ever.
"""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.codes import new_code
from accounts.models import Agency, User
from awards.querysets import CertificateQuerySet
from competitions.models import Competition
from files.models import StoredFile
from judging.models import Selection
from proposals.models import Proposal


class Kind(models.TextChoices):
    INNOVATION = "innovation", _("Innovation")
    AGENCY = "agency", _("Agency")
    PERSON = "person", _("Innovator")


def every_kind() -> list[str]:
    return list(Kind.values)


class Issue(models.Model):
    """The certificates of one published list, asked for once and printed in the background."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being printed")
        DONE = "done", _("Printed")
        FAILED = "failed", _("Could not be printed")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="issues")
    kinds = models.JSONField(default=every_kind, help_text="of Kind: which certificates")
    place = models.CharField(_("place"), max_length=100)
    day = models.DateField(_("date"))
    decree = models.CharField(_("number of the decree"), max_length=150, blank=True)
    signer_name = models.CharField(_("name of the signatory"), max_length=150)
    signer_office = models.CharField(_("office of the signatory"), max_length=200)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0, help_text="how often printing broke off")
    total = models.PositiveIntegerField(default=0, help_text="certificates to print, known once printing has begun")
    printed = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection"],
                condition=Q(state="waiting"),
                name="one_printing_of_a_list_at_a_time",
                violation_error_message=_("The certificates of this list are being printed already."),
            ),
            models.CheckConstraint(condition=Q(printed__lte=F("total")), name="no_more_printed_than_asked_for"),
        ]

    def __str__(self) -> str:
        return self.code


class Certificate(models.Model):
    """One certificate as printed: who it is for, the words on it, and the digest of its file."""

    class State(models.TextChoices):
        VALID = "valid", _("Valid")
        REPLACED = "replaced", _("Replaced")
        REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="certificates")
    serial = models.PositiveIntegerField(help_text="rises within the competition; gaps mean nothing")
    number = models.CharField(_("certificate number"), max_length=60, unique=True)
    subject = models.CharField(max_length=120, help_text="what it is given for and to whom, see certificates.Subject")
    name = models.CharField(_("name on the certificate"), max_length=300)
    facts = models.JSONField(help_text="every other word printed on it")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="certificates")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="certificates")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="certificates")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True, help_text="of the file")
    issued_at = models.DateTimeField(db_default=Now(), editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.VALID)
    because = models.CharField(_("reason"), max_length=500, blank=True, help_text="why it was replaced or revoked")
    ended_at = models.DateTimeField(null=True, help_text="when it was replaced or revoked")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "serial"], name="one_certificate_per_serial"),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state="valid"),
                name="one_valid_certificate_per_subject",
                violation_error_message=_("There is a valid certificate already."),
            ),
            models.CheckConstraint(
                condition=Q(state="valid", ended_at=None)
                | (~Q(state="valid") & ~Q(because="") & Q(ended_at__isnull=False)),
                name="a_certificate_ends_with_a_reason",
                violation_error_message=_("Say why the certificate no longer holds."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_certificate_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="a_certificate_stays_as_printed",
                fields=["number", "subject", "name", "facts", "agency", "proposal", "person", "file", "sha256"],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("awards:certificate", args=[self.code])

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.VALID

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf"


class Ceremony(models.Model):
    """The day the awards are handed over: which lists are called, and how the hall is seated."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="ceremonies")
    name = models.CharField(_("name"), max_length=150)
    venue = models.CharField(_("venue"), max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    seats_per_row = models.PositiveSmallIntegerField(
        _("seats in a row"), default=20, validators=[MinValueValidator(2), MaxValueValidator(100)]
    )
    lists = models.ManyToManyField(Selection, verbose_name=_("lists"), related_name="ceremonies")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-starts_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("awards:ceremony", args=[self.code])


class Call(models.Model):
    """One innovation called to the stage, and who comes for it."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="calls")
    place = models.PositiveIntegerField(_("place in the order of call"), validators=[MinValueValidator(1)])
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="calls")
    award = models.CharField(max_length=150, help_text="the name of its highest list")
    receiver = models.CharField(_("who receives it"), max_length=150, blank=True)
    office = models.CharField(_("office"), max_length=150, blank=True)
    companions = models.PositiveSmallIntegerField(_("companions"), default=1, validators=[MaxValueValidator(20)])

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "proposal"], name="called_once_in_a_ceremony"),
            models.UniqueConstraint(
                fields=["ceremony", "place"], name="one_call_per_place", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.proposal}"
