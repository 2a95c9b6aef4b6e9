"""What is typed at the help desk: looking for an answer, writing a ticket, answering it, keeping the texts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.models import FrequentQuestion


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
