"""What a visitor may narrow the catalogue by; it lives in the address, so that a search can be shared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from catalogue.models import Award, Innovation
from catalogue.querysets import InnovationQuerySet


class CatalogueForm(forms.Form):
    """Sent by GET. An unknown value is ignored rather than refused: old addresses keep working."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    tier = forms.ChoiceField(label=_("Award"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    agency_type = forms.ChoiceField(label=_("Kind of agency"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        years = Award.objects.order_by("-year").values_list("year", flat=True).distinct()
        categories = Innovation.objects.exclude(category_name="").order_by("category_name")
        names = categories.values_list("category_name", flat=True).distinct()
        self._offer("year", _("All years"), [(year, str(year)) for year in years])
        self._offer("tier", _("All awards"), Award.Tier.choices)
        self._offer("category", _("All categories"), [(name, name) for name in names])
        self._offer("agency_type", _("All kinds"), Agency.Type.choices)

    def _offer(self, name: str, everything: Any, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - the four fields above
        field.choices = [("", everything), *choices]

    def found(self) -> InnovationQuerySet:
        """The innovations asked for: best matches first for a search text, else newest awards first."""
        self.is_valid()
        asked = self.cleaned_data
        tiers = [asked["tier"]] if asked.get("tier") else None
        innovations = Innovation.objects.awarded(year=asked.get("year"), tiers=tiers).with_awards()
        if asked.get("category"):
            innovations = innovations.filter(category_name=asked["category"])
        if asked.get("agency_type"):
            innovations = innovations.filter(agency__type=asked["agency_type"])
        return innovations.search(asked["q"]) if asked.get("q") else innovations.newest_first()

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)
