"""What is good input: a spreadsheet, what its columns hold, which rows are which innovation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.columns import COLUMNS, NOT_GIVEN, knows_head
from catalogue.models import Import, Innovation
from catalogue.spreadsheets import Table, read_table
from files.quotas import MB, Payer, charge
from files.storing import store

MOST_MB = 10


class SpreadsheetForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("Excel (XLSX) or CSV, at most 10 MB and 20,000 rows. Nothing is written before you have seen it."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.table: Table

    def clean_file(self) -> UploadedFile:
        """Reads the lines into `table`; an Excel file is checked and cleaned first as every upload is."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.name or "").lower().endswith((".csv", ".txt")):
            if (upload.size or 0) > MOST_MB * MB:
                raise ValidationError(
                    _("The file is larger than 10 MB. Divide it into several files."), code="too_large"
                )
            charge([Payer("user", str(self.by.pk))], size=upload.size or 0)
            self.table = read_table(upload, is_csv=True, knows_head=knows_head)
        else:
            stored = store(upload, kinds=["office"], by=self.by, max_mb=MOST_MB)
            with default_storage.open(stored.path) as file:
                self.table = read_table(file, is_csv=False, knows_head=knows_head)
        return upload


class RenameForm(forms.Form):
    title = forms.CharField(label=_("Present title"), max_length=300)


class MergeForm(forms.Form):
    into = forms.CharField(
        label=_("Code or address of the innovation it is"),
        help_text=_("Copy the address of its page in the catalogue. That page stays; this one will lead there."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean_into(self) -> Innovation:
        code = self.cleaned_data["into"].strip().rstrip("/").rpartition("/")[2].upper()
        if found := Innovation.objects.current().filter(code=code).first():
            return found
        raise ValidationError(_("The catalogue has no such innovation."), code="unknown")


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name or unit"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


def settled(found: Import, given: QueryDict) -> dict[str, Any]:
    """What somebody said of an import; what was not on their page stays as it was."""
    places = {}
    for name in COLUMNS:
        text = given.get(f"column-{name}", "")
        place = int(text) if text.isascii() and text.isdecimal() else NOT_GIVEN
        places[name] = place if place < len(found.heads) else NOT_GIVEN
    same = {key.removeprefix("same-"): str(value) for key, value in given.items() if key.startswith("same-")}
    codes = {line: "" if code == "new" else code for line, code in same.items() if line.isdecimal()}
    return {"places": places, "as_written": given.getlist("as-written"), "same": {**found.same, **codes}}
