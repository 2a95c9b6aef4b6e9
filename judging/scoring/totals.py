"""A sheet's total where no database is asked: SCORED of judging.querysets.sheets in words of its own."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.0001")


def sheet_total(values: list[Decimal | None], rubric: Iterable[tuple[str, Decimal | str, int]]) -> Decimal:
    """sum(weight * score / highest score) to four decimals; `rubric` is (key, weight, highest score) in order."""
    parts = (Decimal(weight) * (value or 0) / highest for value, (_key, weight, highest) in zip(values, rubric))  # noqa: B905
    return rounded(sum(parts, Decimal(0)))


def rounded(value: Decimal) -> Decimal:
    return Decimal(value).quantize(PLACES, rounding=ROUND_HALF_UP)
