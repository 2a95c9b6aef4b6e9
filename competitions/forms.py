"""Small forms for the secretariat: quotas, weights, and a new year from an old one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agency_search import find_agencies, words_of
from accounts.models import Agency
from competitions.decimals import DecimalField
from competitions.models import Competition, Group, Round
from competitions.weights import check_hundred

MOST_INVITED = 600  # about as many as there are agencies


class QuotaForm(forms.Form):
    """How many advance from one round."""

    advance = forms.IntegerField(label=_("Quota"), min_value=1, max_value=10_000)

    def __init__(self, data: Any = None, *, round: Round) -> None:
        self.round = round
        super().__init__(data, initial={"advance": round.advance}, auto_id=f"quota-{round.pk}-%s")
        label = _("Quota of %(round)s") % {"round": round.name}
        self.fields["advance"].widget.attrs |= {"aria-label": label, "class": "form-control w-auto", "size": 5}


class WeightsForm(forms.Form):
    """The weight of each aspect of a group, in percent."""

    def __init__(self, data: Any = None, *, group: Group) -> None:
        self.group = group
        super().__init__(data, auto_id=f"weight-{group.pk}-%s")
        for aspect in group.aspects.all():
            self.fields[aspect.key] = DecimalField(
                label=aspect.name, min_value=0, max_value=100, decimal_places=2, initial=aspect.weight.normalize()
            )

    def clean(self) -> dict[str, Decimal]:
        weights: dict[str, Decimal] = super().clean() or self.cleaned_data
        if not self.errors:
            check_hundred(weights.values())
        return weights


class InvitedForm(forms.Form):
    """The agencies a letter invites, one per line, each by its code or by as much of its name as no other has."""

    agencies = forms.CharField(
        label=_("Agencies"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=50_000,
        help_text=_("One agency per line: its name or its code. You can paste lines from a spreadsheet."),
    )
    letter_number = forms.CharField(label=_("Letter number"), max_length=100)

    def clean_agencies(self) -> list[Agency]:
        lines = [line.strip() for line in self.cleaned_data["agencies"].splitlines() if line.strip()]
        if len(lines) > MOST_INVITED:
            message = _("At most %(most)d agencies at once.")
            raise ValidationError(message, code="too_many", params={"most": MOST_INVITED})
        found, errors = [], []
        for line in lines:
            try:
                found.append(_agency(line))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return found


def _agency(line: str) -> Agency:
    exact = Agency.objects.filter(Q(code=line) | Q(name__iexact=line))
    words = words_of(line)  # the search also finds names merely alike, which is too little for an invitation
    likely = list(exact[:2]) or [
        each for each in find_agencies(line)[:2] if all(word in each.name.lower() for word in words)
    ]
    if not likely:
        raise ValidationError(_("No agency is called “%(line)s”."), code="unknown", params={"line": line[:80]})
    if len(likely) > 1:
        message = _("More than one agency fits “%(line)s”: write the whole name.")
        raise ValidationError(message, code="ambiguous", params={"line": line[:80]})
    return likely[0]


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
