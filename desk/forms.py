"""What is typed at the desk."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.requests import shown_anew
from competitions.models import Competition
from desk.models import Broadcast, Extract
from desk.tables import NARROWED, TABLES


class BroadcastForm(forms.ModelForm):
    """A draft. The year is asked for only where more than one is in progress."""

    class Meta:
        model = Broadcast
        fields = ["competition", "audience", "subject", "text", "version"]
        widgets = {"text": forms.Textarea({"rows": 12}), "version": forms.HiddenInput}
        help_texts = {
            "text": _("The portal adds greeting and signature. Markdown: an empty line begins a paragraph,"
                      " ** makes bold, - begins a list item."),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = Competition.objects.current()
        if self.instance.pk:
            years = years | Competition.objects.filter(pk=self.instance.competition_id)
        offered = list(years) or list(Competition.objects.all()[:1])
        if len(offered) == 1:
            self.instance.competition = offered[0]
            del self.fields["competition"]
        else:
            field: Any = self.fields["competition"]
            field.queryset, field.empty_label = Competition.objects.filter(pk__in=[each.pk for each in offered]), None

    def build_on(self, version: int) -> None:
        """Let the next press save over the stored version, which is now shown beside what was typed."""
        shown_anew(self, version=version)


class SendForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class DiscardForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ExtractForm(forms.Form):
    """Which table, as what file, of which year (empty: of all); what narrows it comes with it."""

    table = forms.ChoiceField(choices=[(key, key) for key in TABLES])
    format = forms.ChoiceField(choices=Extract.Format)
    competition = forms.ModelChoiceField(Competition.objects.all(), to_field_name="code", required=False)

    def asked(self) -> dict[str, Any]:
        """For ask_extract. A year that does not narrow the table is left out, and so are filters of other tables."""
        fields = self.cleaned_data
        data = QueryDict() if not isinstance(self.data, QueryDict) else self.data
        narrowed = {name: data[name] for name in NARROWED.get(fields["table"], ()) if data.get(name)}
        year = fields["competition"] if TABLES[fields["table"]].of_year else None
        return {"table": fields["table"], "format": fields["format"], "competition": year, "asked": narrowed}


class YearForm(forms.Form):
    """The year whose tables are wanted; empty: of all years."""

    year = forms.ModelChoiceField(
        Competition.objects.all(), label=_("Year"), to_field_name="code", required=False, empty_label=_("All years"),
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip


class AgainForm(forms.Form):
    message = forms.IntegerField(required=False, widget=forms.HiddenInput, help_text="empty: all that failed")
