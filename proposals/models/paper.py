"""What is written from proposals to be taken away: the PDF of a sent one, and a person's own data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from files.models import PreparedFile
from proposals.models.proposal import Proposal
from proposals.models.sending import Submission
from proposals.querysets import ExportQuerySet


class SentPaper(models.Model):
    """The PDF of what was sent, in one language, written once and kept: whoever opens it later gets the same bytes."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="papers")
    language = models.CharField(max_length=5)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "language"], name="one_paper_per_language")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.language}"


class Export(PreparedFile):
    """A person's own data as one ZIP."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    proposals = models.ManyToManyField(
        Proposal,
        related_name="+",
        help_text="held whole; handed out while the person may read all of them",
    )

    objects = ExportQuerySet.as_manager()

    class Meta(PreparedFile.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["waiting", "writing"]),
                name="one_export_at_a_time",
                violation_error_message=_("Your data are already being prepared."),
            ),
            *PreparedFile.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def archive(self) -> str:
        return f"exports/{self.code}.zip"
