"""A letter of the secretariat to many people at once: who it went to is fixed when it is confirmed."""

from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pgtrigger import Condition, Delete, Protect, Update
from pgtrigger import Q as RowQ

from accounts.codes import new_code
from accounts.models import User
from competitions.models import Competition
from desk.querysets import BroadcastQuerySet, RecipientQuerySet
from notifications.models import Message

# Of each state its words and its tone, that of components/status_badge.html.
WORDS: dict[str, tuple[str | Promise, str]] = {
    "draft": (_("Draft"), "draft"),
    "sending": (_("Being sent"), "sending"),
    "sent": (_("Sent"), "done"),
    "stopped": (_("Stopped"), "closed"),
}
LETTERS: dict[str, tuple[str | Promise, str]] = {
    **{status: (Message.Status(status).label, status) for status in Message.Status.values},
    "sent": (Message.Status.SENT.label, "done"),
    "withdrawn": (Message.Status.WITHDRAWN.label, "muted"),
    "": (_("Not in the outbox"), "muted"),
}


@dataclass(frozen=True)
class Delivery:
    """How many of a broadcast's letters wait, have gone, could not be delivered, and will not go any more."""

    people: int = 0
    waiting: int = 0
    sent: int = 0
    failed: int = 0
    withheld: int = 0


class Broadcast(models.Model):
    """Written and changed until it is confirmed; from then on only its progress is added. Who an
    `audience` is, desk.audiences says; the people it meant at that moment are the recipients."""

    class Audience(models.TextChoices):
        DRAFTS_ADMINS = "drafts_admins", _("Agency admins whose innovators are still writing")
        DRAFTS = "drafts", _("Innovators with an open draft")
        REVIEWS = "reviews", _("Agency admins with proposals waiting for their review")
        SHEETS = "sheets", _("Jurors with unfinished assessments")
        SHEETS_LATE = "sheets_late", _("Jurors who are late, or will not finish in time at their pace")
        FINALISTS = "finalists", _("Agency admins of the announced finalists")
        WINNERS = "winners", _("Agency admins of the announced winners")
        UNREGISTERED = "unregistered", _("Agencies without an admin: whoever acted for them once, or asked to")
        ADMINS = "admins", _("All agency admins")
        EVERYBODY = "everybody", _("Everybody with an account")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    competition = models.ForeignKey(
        Competition, on_delete=models.PROTECT, related_name="broadcasts", verbose_name=_("year")
    )
    audience = models.CharField(
        _("to"), max_length=20, choices=Audience, help_text=_("Who that is now, you see before anything is sent.")
    )
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"), max_length=8000, help_text="Markdown")
    version = models.PositiveIntegerField(default=1, help_text="grows with each change: two writers notice each other")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False, help_text="empty: a draft")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    written_at = models.DateTimeField(null=True, editable=False, help_text="when the last letter was in the outbox")
    stopped_at = models.DateTimeField(null=True, editable=False)
    stopped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        ordering = ["-confirmed_at", "-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["confirmed_at"], condition=Q(written_at=None, stopped_at=None), name="broadcasts_being_written"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(written_at=None, stopped_at=None),
                name="only_a_confirmed_broadcast_goes",
            )
        ]
        triggers = [
            Protect(name="a_broadcast_is_kept", operation=Delete, condition=RowQ(old__confirmed_at__isnull=False)),
            Protect(
                name="a_confirmed_letter_stays",
                operation=Update,
                condition=Condition(
                    "OLD.confirmed_at IS NOT NULL AND (OLD.subject, OLD.text, OLD.audience, OLD.competition_id,"
                    " OLD.confirmed_at) IS DISTINCT FROM (NEW.subject, NEW.text, NEW.audience, NEW.competition_id,"
                    " NEW.confirmed_at)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("desk:broadcast", args=[self.code])

    @property
    def letter(self) -> tuple[object, ...]:
        """What is written, and to whom."""
        return self.competition_id, self.audience, self.subject, self.text

    @property
    def key(self) -> str:
        """Of its letters in the outbox: with the address it makes each of them the only one."""
        return f"desk.broadcast:{self.code}"

    @cached_property
    def delivery(self) -> Delivery:
        """Loaded for many by BroadcastQuerySet.load_delivery()."""
        return type(self).objects.deliveries([self])[self.pk]

    @property
    def state(self) -> str:
        """A key of WORDS."""
        if self.confirmed_at is None:
            return "draft"
        if self.stopped_at:
            return "stopped"
        return "sending" if self.delivery.waiting else "sent"

    @property
    def state_label(self) -> str | Promise:
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        return WORDS[self.state][1]


class Recipient(models.Model):
    """One person a broadcast was confirmed for."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.PROTECT, related_name="recipients")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(null=True, help_text="when the letter was put into the outbox")

    status: str | None  # of the letter, and what the mail server said; only on rows read with_letter()
    error: str | None

    objects = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", "person"]
        constraints = [models.UniqueConstraint(fields=["broadcast", "person"], name="one_letter_per_broadcast")]
        indexes = [models.Index(fields=["broadcast"], condition=Q(written_at=None), name="recipients_not_written")]
        triggers = [Protect(name="a_recipient_is_kept", operation=Delete)]

    def __str__(self) -> str:
        return f"{self.broadcast_id}: {self.person_id}"

    @property
    def label(self) -> str | Promise:
        return LETTERS[self.status or ""][0]

    @property
    def tone(self) -> str:
        return LETTERS[self.status or ""][1]
