"""The append-only record of what happened, and the seals that prove it was not rewritten."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgtrigger import Before, Delete, Protect, Statement, Trigger, Truncate, Update

from audit.querysets import EventQuerySet


def _append_only() -> list[Trigger]:
    """Rows are added and nothing else; emptying the whole table is a statement and needs a trigger of its own."""
    refuse = "RAISE EXCEPTION 'Cannot truncate %, it is append-only', TG_TABLE_NAME;"
    return [
        Protect(name="append_only", operation=Update | Delete),
        Trigger(name="never_emptied", operation=Truncate, level=Statement, when=Before, func=refuse),
    ]


class Event(models.Model):
    """One deed: who did what to which object, with the facts that mattered. Never changed, never deleted."""

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("actor")
    )
    verb = models.CharField(_("deed"), max_length=80, help_text="app.deed, for example proposals.send")
    object_type = models.CharField(max_length=80, help_text="app_label.model_name")
    object_key = models.CharField(max_length=80, help_text="the object's public code, or its primary key")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            BrinIndex(fields=["at"], name="events_by_time"),
            models.Index(fields=["object_type", "object_key"], name="events_of_an_object"),
            models.Index(fields=["verb", "-id"], name="events_by_verb"),
            models.Index(fields=["actor", "-id"], name="events_by_actor"),
        ]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.object_type} {self.object_key}"


class Seal(models.Model):
    """The Merkle root over a batch of events, chained to the seal before it (RFC 6962 hashing).

    Leaf 0 is the seal's own head (its time and the previous root); then come the events in the order of `event_ids`.
    The ids are listed and not a range, because an event of a transaction that was still open is sealed later.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next")
    event_ids = models.JSONField(help_text="ids of the sealed events, in leaf order")
    leaves = models.JSONField(
        help_text="hex hashes of all leaves, the head first, so that a changed event can be named"
    )
    root = models.CharField(max_length=64, unique=True, help_text="hex SHA-256, the Merkle root of `leaves`")

    class Meta:
        ordering = ["id"]
        triggers = _append_only()
        constraints = [
            models.UniqueConstraint(
                models.F("previous"),
                name="one_first_seal",
                nulls_distinct=False,
                violation_error_message=_("The chain of seals has one beginning."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.root}"
