"""What the secretariat types around a plenary: who is present, minutes, scenarios, corrected weights."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.decimals import DecimalField
from competitions.models import Criterion, Round
from competitions.weights import check_hundred
from judging.models import Juror
from judging.plenary.whatif import ALL_CRITERIA, CALIBRATED, HEAVIEST, OFFICIAL, SHARED, Settings


class PresentForm(forms.Form):
    """Jurors of the round and the secretariat by name, guests in lines of their own."""

    people = forms.ModelMultipleChoiceField(
        label=_("Jurors and secretariat"), queryset=User.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    guests = forms.CharField(
        label=_("Others, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name, a comma, then the office: Siti Rahma, Inspektorat."),
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, judging_round: Round, present: Iterable[int | None]
    ) -> None:
        super().__init__(data)
        jurors = Juror.objects.for_round(judging_round).current().values("user")
        everybody = User.objects.filter(pk__in=jurors) | User.objects.secretariat()
        field = self.fields["people"]
        field.queryset = everybody.exclude(pk__in=[pk for pk in present if pk]).distinct().order_by("name")  # type: ignore[attr-defined]

    def clean_guests(self) -> list[tuple[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["guests"].splitlines() if line.strip()]
        parts = [line.partition(",") for line in lines]
        if any(len(name.strip()) > 150 or len(office.strip()) > 200 for name, _comma, office in parts):
            raise forms.ValidationError(_("Write one person a line: the name, a comma, the office."))
        return [(name.strip(), office.strip()) for name, _comma, office in parts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("people") and not cleaned.get("guests") and not self.errors:
            raise forms.ValidationError(_("Choose or write at least one person."))
        return cleaned


class MinutesForm(forms.Form):
    minutes_number = forms.CharField(label=_("Number of the minutes"), max_length=100)
    minutes = forms.CharField(label=_("Text of the minutes"), widget=forms.Textarea(attrs={"rows": 10}))
    fewer_because = forms.CharField(
        label=_("Why fewer than the quota"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only when the list holds fewer proposals than it could."),
    )  # fmt: skip


class _Weights(forms.Form):
    """A weight in percent for each criterion of a round; they add up to 100."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, criteria: list[Criterion]) -> None:
        super().__init__(data)
        self.criteria = criteria
        for each in criteria:
            self.fields[f"weight-{each.key}"] = DecimalField(
                label=each.name, min_value=0, max_value=100, decimal_places=2, initial=each.weight
            )

    @property
    def weights(self) -> dict[str, Decimal]:
        return {each.key: self.cleaned_data[f"weight-{each.key}"] for each in self.criteria}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            check_hundred(self.weights.values())
        return cleaned


class WeightsForm(_Weights):
    """Weights corrected by a letter; beside each, what the guide of the year published for its aspect."""

    letter_number = forms.CharField(label=_("Number of the letter"), max_length=100)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Mapping[str, Any] | None = None, *, criteria: list[Criterion]) -> None:
        super().__init__(data, criteria=criteria)
        for each in criteria:
            if each.aspect:
                words = _("Published for this aspect: %(weight)s%%") % {"weight": floatformat(each.aspect.weight, -2)}
                self.fields[f"weight-{each.key}"].help_text = words

    @property
    def deed(self) -> dict[str, Any]:
        """What revise_weights takes."""
        typed = self.cleaned_data
        return {"weights": self.weights, "letter_number": typed["letter_number"], "reason": typed["reason"]}


class ScenarioForm(_Weights):
    """A what-if under a name."""

    name = forms.CharField(label=_("Name of the scenario"), max_length=100)
    order = forms.ChoiceField(
        label=_("Order"), widget=forms.RadioSelect, initial=OFFICIAL,
        choices=[(OFFICIAL, _("Official totals")), (CALIBRATED, _("Calibrated scores"))],
    )  # fmt: skip
    ties = forms.ChoiceField(
        label=_("Ties"), widget=forms.RadioSelect, initial=HEAVIEST,
        choices=[
            (HEAVIEST, _("The heaviest criterion decides (the written rule)")),
            (ALL_CRITERIA, _("Every criterion decides, the heaviest first")),
            (SHARED, _("Equal totals stay equal")),
        ],
    )  # fmt: skip
    composition = forms.BooleanField(label=_("Keep the written rules of composition"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, criteria: list[Criterion], calibrated: bool, composed: bool
    ) -> None:
        super().__init__(data, criteria=criteria)
        if not calibrated:
            del self.fields["order"]
        if not composed:
            del self.fields["composition"]
        self.order_fields(["name", "order", "ties", "composition"])

    @property
    def settings(self) -> Settings:
        """Weights only where they differ from the round's."""
        weights = self.weights
        same = all(weights[each.key] == each.weight for each in self.criteria)
        cleaned = self.cleaned_data
        return Settings(
            {} if same else {key: str(weight) for key, weight in weights.items()},
            cleaned.get("order") or OFFICIAL, cleaned["ties"], bool(cleaned.get("composition")),
        )  # fmt: skip
