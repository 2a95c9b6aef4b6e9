"""What the secretariat types about advice: the budget of readings, anchors and their agreed scores."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.decimals import DecimalField
from competitions.models import Criterion


class BudgetForm(forms.Form):
    """How many extra readings a round may spend, and in how many waves."""

    percent = forms.IntegerField(
        label=_("Budget of extra readings, in percent of the entries"), min_value=0, max_value=100
    )
    waves = forms.IntegerField(label=_("Waves"), min_value=1, max_value=10)


class AnchorsForm(forms.Form):
    """Proposal codes, however they are parted."""

    codes = forms.CharField(
        label=_("Codes of the proposals"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One or more codes, parted by spaces, commas or lines."),
    )

    def clean_codes(self) -> list[str]:
        codes = re.split(r"[\s,;]+", self.cleaned_data["codes"].strip().upper())
        return list(dict.fromkeys(code for code in codes if code))


class AgreedScoresForm(forms.Form):
    """One number for each criterion, on its scale."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, criteria: list[Criterion], known: Mapping[int, Decimal]
    ) -> None:
        super().__init__(data)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"score-{criterion.key}"] = DecimalField(
                label=criterion.name,
                help_text=_("From %(low)s to %(high)s.") % {"low": criterion.scale_min, "high": criterion.scale_max},
                min_value=criterion.scale_min,
                max_value=criterion.scale_max,
                decimal_places=2,
                initial=known.get(criterion.pk),
            )

    @property
    def scores(self) -> dict[str, Decimal]:
        return {criterion.key: self.cleaned_data[f"score-{criterion.key}"] for criterion in self.criteria}
