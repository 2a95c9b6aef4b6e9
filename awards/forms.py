"""What is good input: what stands on certificates, a corrected name, and a certificate to be checked."""

import hashlib
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.certificates import LONGEST_NAME
from awards.lists import award_lists
from awards.models import Call, Ceremony, Issue, Kind
from competitions.models import Competition
from files.quotas import MB, Payer, charge
from files.widgets import FileBox

LARGEST = 5 * MB


class IssueForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("For whom"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose for whom certificates are printed.")},
    )  # fmt: skip

    class Meta:
        model = Issue
        fields = ["kinds", "place", "day", "decree", "signer_name", "signer_office"]
        widgets = {"day": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
        labels = {"decree": _("Decree that fixes the award (optional)")}
        help_texts = {
            "decree": _("As it is printed, for example: Keputusan Menteri PANRB Nomor 123 Tahun 2023."),
            "signer_office": _("Printed above the place for the signature."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"kinds": Kind.values, "place": "Jakarta", "day": timezone.localdate()} | kwargs.get(
            "initial", {}
        )
        super().__init__(*args, **kwargs)


class ReplaceForm(forms.Form):
    name = forms.CharField(
        label=_("Name to be printed"), max_length=LONGEST_NAME,
        help_text=_("For an innovation its title, for an agency its name, for an innovator the name with titles."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text=_("Shown to everybody who checks the certificate that is replaced."),
    )  # fmt: skip


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text=_("Shown to everybody who checks the certificate."),
    )  # fmt: skip


class CeremonyForm(forms.ModelForm):
    class Meta:
        model = Ceremony
        fields = ["name", "venue", "starts_at", "seats_per_row", "lists"]
        widgets = {
            "starts_at": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "lists": forms.CheckboxSelectMultiple,
        }
        labels = {"lists": _("Whose awards are handed over")}
        help_texts = {"seats_per_row": _("Parties are seated side by side, row by row, in the order of call.")}

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.competition = competition
        public = [row.selection.pk for row in award_lists(competition) if row.is_public]
        offered = self.fields["lists"].queryset.filter(pk__in=public)  # type: ignore[attr-defined]
        self.fields["lists"].queryset = offered.select_related("round__group")  # type: ignore[attr-defined]


class CallForm(forms.ModelForm):
    class Meta:
        model = Call
        fields = ["receiver", "office", "companions", "place"]
        help_texts = {"companions": _("Besides the one who receives it."), "receiver": _("As the host reads it out.")}


class DigestField(forms.CharField):
    """64 hexadecimal digits; blanks, which people copy along, do not matter."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"\s+", "", super().to_python(value) or "").lower()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"[0-9a-f]{64}", value):
            raise ValidationError(_("A fingerprint has 64 characters, 0–9 and a–f."), code="no_digest")


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the certificate"), max_length=60, help_text=_("As printed, for example PIAGAM-2023-00012.")
    )
    sha256 = DigestField(
        label=_("Fingerprint of the file (SHA-256), optional"), max_length=200, required=False,
        widget=forms.TextInput({"spellcheck": "false"}),
        help_text=_("With it not only the number is checked, but every character of the certificate."),
    )  # fmt: skip

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).strip().upper()


class FileForm(forms.Form):
    """The file, or only its digest where the browser has computed it."""

    file = forms.FileField(
        label=_("Certificate (PDF)"), required=False, widget=FileBox({"accept": ".pdf,application/pdf"}),
        help_text=_("The PDF as it was downloaded, at most 5 MB. It is compared and not kept."),
    )  # fmt: skip
    digest = DigestField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, payers: list[Payer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payers = payers

    def clean_file(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data["file"]
        if upload:
            if (upload.size or 0) > LARGEST:
                raise ValidationError(_("The file is larger than 5 MB: it is none of the portal's."), code="too_large")
            charge(self.payers, size=upload.size or 0)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("file"):
            digest = hashlib.sha256()
            for chunk in cleaned["file"].chunks():
                digest.update(chunk)
            cleaned["digest"] = digest.hexdigest()
        elif not cleaned.get("digest") and not self.errors:
            self.add_error("file", ValidationError(_("Choose the PDF file."), code="required"))
        return cleaned
