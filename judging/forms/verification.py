"""What a team types about what it found."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions.models import Aspect
from judging.models import Claim, Entry


class ClaimForm(forms.Form):
    text = forms.CharField(
        label=_("Another claim of the proposal"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    aspect = forms.ModelChoiceField(
        Aspect.objects.none(), label=_("Aspect"), required=False, empty_label=_("Of no single aspect")
    )

    def __init__(self, data: Any = None, *, entry: Entry) -> None:
        super().__init__(data, auto_id="new-%s")
        self.fields["aspect"].queryset = Aspect.objects.filter(group=entry.round.group_id)  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """What was found of one claim."""

    finding = forms.ChoiceField(
        label=_("Finding"), choices=Claim.Finding.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was found.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who was asked, what was seen; needed unless the claim is confirmed."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, claim: Claim) -> None:
        initial = {"finding": claim.finding, "note": claim.note, "version": claim.version}
        super().__init__(data, initial=initial, auto_id=f"{claim.code}-%s")
        self.claim = claim

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("finding") not in (None, "confirmed") and not (values.get("note") or "").strip():
            self.add_error("note", ValidationError(_("Write what was found instead, or why it could not be checked.")))
        return values


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photograph"), widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
