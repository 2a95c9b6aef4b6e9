"""What is typed at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.models import Competition
from desk.models import Broadcast


class BroadcastForm(forms.ModelForm):
    """A draft. The year is asked for only where more than one is in progress."""

    class Meta:
        model = Broadcast
        fields = ["competition", "audience", "subject", "text"]
        widgets = {"text": forms.Textarea({"rows": 12})}
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


class SendForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
