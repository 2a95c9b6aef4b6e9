"""Weights of aspects and of criteria: shares of a whole, in percent."""

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _


def check_hundred(weights: Iterable[Decimal]) -> None:
    """ValidationError `not_a_hundred` unless they add up to 100 and none is negative; it names the sum they reach."""
    given = list(weights)
    total = sum(given)
    if total != 100 or any(weight < 0 for weight in given):
        words = _("The weights must add up to 100 percent; these add up to %(sum)s.")
        raise ValidationError(words, code="not_a_hundred", params={"sum": floatformat(total, -2)})
