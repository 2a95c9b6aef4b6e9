"""What is typed about an objection: by who files it, by the agency, the secretariat and the panel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from files.widgets import FilesField
from objections.models import LONGEST_TEXT, Objection


class LinkForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("We send you a link to the form. Only the secretariat will know your address."),
    )  # fmt: skip


class FilingForm(forms.Form):
    """The objection itself; a person with an account is not asked for their name."""

    name = forms.CharField(
        label=_("Your full name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Only the secretariat reads it."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What do you object to?"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 10}),
        help_text=_(
            "Say which statement is not true or which rule is not met, and how you know. The agency and the panel read"
            " this text: do not write in it who you are."
        ),
    )  # fmt: skip
    uploads = FilesField(
        label=_("Evidence"), required=False, accept=".pdf,.jpg,.jpeg,.png",
        help_text=_("Up to 5 files, PDF or pictures, 5 MB each. The agency and the panel see them without your name."),
    )  # fmt: skip
    is_true = forms.BooleanField(label=_("What I write here is true to the best of my knowledge."))

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person:
            del self.fields["name"]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your agency's answer"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 8}),
        help_text=_("The secretariat and the panel read it. It can be sent once."),
    )  # fmt: skip


class AssignForm(forms.Form):
    handler = forms.ModelChoiceField(User.objects.secretariat(), label=_("Handled by"), empty_label=None)


class ReferForm(forms.Form):
    finding = forms.CharField(
        label=_("The secretariat's finding"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6}),
        help_text=_("What was checked and what was found. The panel reads it; do not name the objector."),
    )  # fmt: skip


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=Objection.Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reasons"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6}),
        help_text=_("The objector and the agency read them."),
    )  # fmt: skip


class ConfirmForm(forms.Form):
    expected = forms.CharField(widget=forms.HiddenInput)


class FinalistFilter(forms.Form):
    q = forms.CharField(label=_("Search title or agency"), required=False)
