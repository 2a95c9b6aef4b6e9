"""What a source gives to those who replicate its innovation, and what they ask it for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, Update

from accounts.codes import new_code
from accounts.models import Agency, User
from catalogue.models.innovations import Innovation
from catalogue.querysets import OfferQuerySet, ReplicationRequestQuerySet
from files.models import AttachedFile

LONGEST_TEXT = 2000


class Offer(models.Model):
    """The source says that its innovation is ready to be replicated, and what it gives. It stays with the row it was
    made of and is shown where that row leads. Who is asked is the innovation's own contact."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    innovation = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="offers")
    documents = models.TextField(_("documents you give"), max_length=LONGEST_TEXT)
    assistance = models.TextField(_("help you give"), max_length=LONGEST_TEXT)
    costs = models.TextField(_("what it costs"), max_length=LONGEST_TEXT)
    offered_at = models.DateTimeField(db_default=Now(), editable=False)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["innovation"], condition=Q(withdrawn_at=None), name="one_offer_in_force_per_innovation"
            )
        ]

    def __str__(self) -> str:
        return str(self.innovation)

    @property
    def origin(self) -> Innovation:
        """The innovation under the row that stands for it now."""
        return self.innovation.current


class OfferFile(AttachedFile):
    """A file everybody may take while the offer stands."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="files")


class ReplicationRequest(models.Model):
    """An agency asks the source of an innovation for what it offers: a thread that only the two agencies write in. It
    outlives the offer."""

    class State(models.TextChoices):
        ASKED = "waiting", _("Waiting for the source")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    source = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="requests")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    waiting_since = models.DateTimeField(db_default=Now(), help_text="when the agency wrote what has no answer yet")
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = ReplicationRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "agency"], condition=~Q(state="closed"), name="one_open_request_per_source_and_agency"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                name="a_closed_request_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} → {self.source}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:request", args=[self.code])

    @property
    def stamp(self) -> str:
        """What whoever closes it has read."""
        return str(self.messages.count())

    @property
    def origin(self) -> Innovation:
        """The innovation it is about, under the row that stands for it now."""
        return self.source.current


class RequestMessage(models.Model):
    """Something said in a request, never changed."""

    request = models.ForeignKey(ReplicationRequest, on_delete=models.PROTECT, related_name="messages")
    from_source = models.BooleanField(help_text="said by the source, else by the agency that asks")
    text = models.TextField(_("message"), max_length=LONGEST_TEXT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["written_at", "pk"]
        triggers = [Protect(name="what_was_said_is_kept", operation=Update | Delete)]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.text[:40]}"


class RequestFile(AttachedFile):
    """A file sent with a message, for the two agencies and the secretariat."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    message = models.ForeignKey(RequestMessage, on_delete=models.PROTECT, related_name="files")

    class Meta(AttachedFile.Meta):
        triggers = [Protect(name="what_was_sent_is_kept", operation=Update | Delete)]
