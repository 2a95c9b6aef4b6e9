"""What a screener makes of a resemblance."""

from django import forms
from django.utils.translation import gettext_lazy as _


class JudgementForm(forms.Form):
    """The button pressed is the judgement; `actions.comparing.judge` says what goes with it."""

    judgement = forms.CharField(required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for “perhaps a duplicate”. Only the secretariat reads it."),
    )
