"""Tables of everything, written as files in the background."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models import Competition
from desk.querysets import ExtractQuerySet
from files.models import PreparedFile


class Extract(PreparedFile):
    """One table (desk/tables.py) as one file. Asked for by one of the secretariat, handed out to all of it."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    table = models.CharField(max_length=30, help_text="a key of desk.tables.TABLES")
    format = models.CharField(max_length=4, choices=Format)
    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, null=True, related_name="+", help_text="empty: of all years"
    )
    asked = models.JSONField(default=dict, help_text="what narrows it, as the filter of its page says it")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, default="id", help_text="its words are in that of whoever asked")
    expected = models.PositiveIntegerField(default=0, help_text="rows")
    written = models.PositiveIntegerField(default=0, help_text="rows")

    objects = ExtractQuerySet.as_manager()

    class Meta(PreparedFile.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["table", "format", "competition", "asked", "language"],
                condition=Q(state__in=["waiting", "writing"]),
                nulls_distinct=False,
                name="one_extract_of_a_kind_at_a_time",
                violation_error_message=_("This table is already being prepared."),
            ),
            *PreparedFile.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.format} {self.state}"

    @property
    def archive(self) -> str:
        return f"extracts/{self.code}.{self.format}"
