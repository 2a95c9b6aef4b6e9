"""The outbox: every message to a person is a row first, an e-mail second."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.querysets import MessageQuerySet


class Message(models.Model):
    """One message to one person, written in the transaction of the deed it tells of.

    The unique key (key, address) makes telling idempotent: a reminder may be computed twice and is sent once.
    A message to a registered person is also readable in the portal's inbox; one to a bare address
    (an invitation) has no recipient.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        WITHDRAWN = "withdrawn", _("Taken back")

    key = models.CharField(max_length=200, help_text="what this message tells, for example proposals.sent:K7F29QXM")
    kind = models.CharField(_("kind"), max_length=80, help_text="the template it was written from")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="messages"
    )
    address = models.EmailField(_("address"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"))
    is_bulk = models.BooleanField(
        default=False, help_text="one of many told at once: leaves after whatever was told to a few"
    )
    is_markdown = models.BooleanField(default=False, help_text="people wrote it: shown in the inbox with its marks")
    link = models.CharField(max_length=300, blank=True, help_text="path in the portal where the next step is")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        default=timezone.now, help_text="not tried before this moment: the end of a pause, or of a deliverer's claim"
    )
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["key", "address"], name="told_once")]
        indexes = [
            models.Index(
                fields=["is_bulk", "due_at", "id"], condition=models.Q(status__in=["queued", "sending"]),
                name="messages_due",
            ),
            models.Index(fields=["recipient", "-created_at"], name="messages_of_a_person"),
            models.Index(fields=["created_at"], condition=models.Q(status="failed"), name="messages_failed"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="messages_unread"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject
