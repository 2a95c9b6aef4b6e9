"""What is typed at the help desk: looking for an answer, writing a ticket, answering it, keeping the texts."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from files.kinds import accepted_by_browsers
from files.widgets import FilesField
from helpdesk.actions import KINDS
from helpdesk.models import LONGEST_TEXT, CannedAnswer, FrequentQuestion, Subject


def files_field() -> FilesField:
    return FilesField(
        label=_("Files"), required=False, accept=accepted_by_browsers(KINDS),
        help_text=_("Optional: a picture of the screen, a letter. Up to 5 files, 5 MB each."),
    )  # fmt: skip


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("We send you a link to the form, so that our answer reaches you and nobody else."),
    )  # fmt: skip


class TicketForm(forms.Form):
    """A new ticket; a person with an account is not asked for their name."""

    name = forms.CharField(label=_("Your full name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    subject = forms.ChoiceField(label=_("What is it about?"), choices=[*BLANK_CHOICE_DASH, *Subject.choices])
    title = forms.CharField(
        label=_("Your question in a few words"), max_length=150,
        help_text=_("For example: “The letter of appointment was refused”."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Your question"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 8}),
        help_text=_("Say what you did, what you expected and what happened. Never write your password."),
    )  # fmt: skip
    uploads = files_field()

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person:
            del self.fields["name"]


class WriteForm(forms.Form):
    text = forms.CharField(label=_("Your message"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6}))
    uploads = files_field()


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 8}),
        help_text=_("Sent by e-mail and shown on the asker's page."),
    )  # fmt: skip
    closes = forms.BooleanField(label=_("With this answer the matter is closed"), required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}),
        help_text=_("Only the secretariat reads it."),
    )  # fmt: skip


class HandForm(forms.Form):
    handler = forms.ModelChoiceField(
        User.objects.secretariat(), label=_("Hand over to"), required=False,
        empty_label=_("Nobody yet: back to the queue"),
    )  # fmt: skip


class QueueFilter(forms.Form):
    CHOICES = (("waiting", _("Waiting")), ("mine", _("Mine")), ("answered", _("Answered")), ("closed", _("Closed")))

    state = forms.ChoiceField(choices=CHOICES, required=False)
    q = forms.CharField(label=_("Search number, words, name or address"), max_length=200, required=False)


class CannedForm(forms.ModelForm):
    class Meta:
        model = CannedAnswer
        fields = ["subject", "title", "text"]
        widgets = {"text": forms.Textarea({"rows": 8})}
        help_texts = {"title": _("By this name the secretariat chooses it.")}


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Search the answers"), max_length=200, required=False)


class QuestionForm(forms.ModelForm):
    class Meta:
        model = FrequentQuestion
        fields = ["subject", "order", "question", "answer", "question_en", "answer_en", "is_published"]
        widgets = {"answer": forms.Textarea({"rows": 8}), "answer_en": forms.Textarea({"rows": 6})}
        help_texts = {
            "order": _("Within its subject the smaller number comes first."),
            "answer": _("Markdown: an empty line begins a paragraph, ** makes bold, - begins a list item."),
            "question_en": _("Optional. Without it, readers of English are shown the Indonesian text."),
        }
