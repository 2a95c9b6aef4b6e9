"""Who replicates whose innovation: declared by the replicating agency, confirmed or denied by the source."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from accounts.models import Agency, User
from catalogue.models.innovations import Innovation
from catalogue.querysets import ReplicationQuerySet
from files.models import StoredFile


class Replication(models.Model):
    """One agency (or a unit of it) takes over an innovation. It stays with the row it was declared of; where that row
    was joined to another one, `origin` is the other one, and so it follows joining, parting and renaming."""

    class Kind(models.TextChoices):
        REPLICATE = "replicate", _("Replicated as it is")
        ADAPT = "adapt", _("Adapted")

    class State(models.TextChoices):
        DECLARED = "declared", _("Declared")
        CONFIRMED = "confirmed", _("Confirmed")
        DENIED = "denied", _("Denied")
        WITHDRAWN = "taken_back", _("Taken back")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    source = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="replicated_by")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="replications")
    unit_name = models.CharField(_("unit"), max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateField(_("since"))
    changes = models.TextField(_("what was changed"), blank=True)
    link = models.URLField(max_length=500, blank=True)
    evidence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey(
        Innovation, on_delete=models.PROTECT, null=True, blank=True, related_name="born_of",
        help_text="the replicating agency's own innovation that came of it",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State, default=State.DECLARED)
    reason = models.TextField(_("reason"), blank=True, help_text="why it was denied or taken back")
    declared_at = models.DateTimeField(db_default=Now(), editable=False)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, editable=False)

    objects = ReplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "agency", "unit_name"],
                condition=Q(state__in=["declared", "confirmed"]),
                name="one_replication_in_force_per_source_and_unit",
                violation_error_message=_("Your agency has declared this replication already."),
            ),
            models.CheckConstraint(condition=~Q(state="denied", reason=""), name="denied_replication_has_reason"),
            models.CheckConstraint(condition=~Q(kind="adapt", changes=""), name="adaptation_says_what_was_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.agency}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:replication", args=[self.code])

    @property
    def origin(self) -> Innovation:
        """The innovation it replicates, under the row that stands for it now."""
        return self.source.current

    @property
    def result(self) -> Innovation | None:
        """The innovation that came of it, under the row that stands for it now."""
        return self.product.current if self.product else None

    @property
    def stamp(self) -> str:
        """What whoever answers has read."""
        return f"{self.state}:{self.answered_at.isoformat() if self.answered_at else ''}"

    @property
    def is_in_force(self) -> bool:
        return self.state in (self.State.DECLARED, self.State.CONFIRMED)
