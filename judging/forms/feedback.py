"""What the secretariat types about a letter of feedback."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.models import FeedbackComment, FeedbackLetter

ABOUT_COMMENT = {"release": "released", "hold": "held", "reopen_comment": "open"}  # deed → decision
DEEDS = (*ABOUT_COMMENT, "remark", "approve", "reopen")


class LetterForm(forms.Form):
    """One deed on a letter: about one of its comments, the secretariat's own words, or its approval."""

    deed = forms.ChoiceField(choices=[(each, each) for each in DEEDS], widget=forms.HiddenInput, label=_("Deed"))
    comment = forms.ModelChoiceField(FeedbackComment.objects.none(), required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        required=False, max_length=6000, label=_("Comment as the agency reads it"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )  # fmt: skip
    remark = forms.CharField(
        required=False, max_length=2000, label=_("The secretariat's own words"),
        help_text=_("They stand at the beginning of the letter. Leave it empty if there is nothing to add."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, letter: FeedbackLetter) -> None:
        super().__init__(data, initial={"remark": letter.remark})
        comments = FeedbackComment.objects.filter(letter=letter)
        self.fields["comment"] = forms.ModelChoiceField(comments, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("deed") in ABOUT_COMMENT and cleaned.get("comment") is None:
            self.add_error(None, _("Say which comment is meant."))
        return cleaned

    def typed_for(self, comment: FeedbackComment) -> str:
        """The words to show in the box of that comment: what was typed there and could not be stored, or its own."""
        typed = self.is_bound and str(self.data.get("comment", "")) == str(comment.pk)
        return str(self.data.get("text", "")) if typed else comment.text
