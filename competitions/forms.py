"""Small forms for the secretariat: quotas, weights, and a new year from an old one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions.models import Competition, Group, Round


class QuotaForm(forms.Form):
    """How many advance from one round."""

    advance = forms.IntegerField(label=_("Quota"), min_value=1, max_value=10_000)

    def __init__(self, data: Any = None, *, round: Round) -> None:
        super().__init__(data, initial={"advance": round.advance}, auto_id=f"quota-{round.pk}-%s")
        label = _("Quota of %(round)s") % {"round": round.name}
        self.fields["advance"].widget.attrs |= {"aria-label": label, "class": "form-control w-auto", "size": 5}


class WeightsForm(forms.Form):
    """The weight of each aspect of a group, in percent."""

    def __init__(self, data: Any = None, *, group: Group) -> None:
        super().__init__(data, auto_id=f"weight-{group.pk}-%s")
        for aspect in group.aspects.all():
            self.fields[aspect.key] = forms.DecimalField(
                label=aspect.name, min_value=0, max_value=100, decimal_places=2, initial=aspect.weight.normalize()
            )

    def clean(self) -> dict[str, Decimal]:
        weights: dict[str, Decimal] = super().clean() or self.cleaned_data
        if not self.errors and sum(weights.values()) != 100:
            raise ValidationError(_("The weights must add up to 100 percent."), code="not_a_hundred")
        return weights


class CopyYearForm(forms.Form):
    """Begin the next year as a copy of this one."""

    year = forms.IntegerField(label=_("Year"), min_value=2014, max_value=2100)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Stands in the address of the year's pages, for example 2026.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Competition.objects.filter(code=code).exists():
            raise ValidationError(_("There is already a year with this code."), code="taken")
        return code
