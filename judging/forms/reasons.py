"""Why something is done: a reason nobody may leave out."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        return str(self.cleaned_data["reason"]).strip()


class RecuseForm(ReasonForm):
    reason = forms.CharField(
        label=_("What is the conflict of interest?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
