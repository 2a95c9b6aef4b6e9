"""Small pictures the server draws: intervals on one shared scale, in units of a viewBox 0 0 200 20.

Only numbers leave this module; templates/judging/_interval.html makes the SVG. Every picture stands beside its
numbers in the same table row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

WIDTH = 200.0
EDGE = 6.0


@dataclass(frozen=True)
class Interval:
    """Where low, point, high and the zero line lie, from 0 to WIDTH; as text, with a point, for SVG."""

    low: str
    point: str
    high: str
    zero: str


def intervals(rows: Sequence[tuple[float, float, float]], *, around_zero: bool = True) -> list[Interval]:
    """(low, point, high) of each row on the scale all of them share; with `around_zero` zero lies in the middle."""
    if not rows:
        return []
    if around_zero:
        most = max(max(abs(low), abs(high)) for low, _point, high in rows) or 1.0
        least = -most
    else:
        least, most = 0.0, max(high for _low, _point, high in rows) or 1.0

    def at(value: float) -> str:
        return f"{EDGE + (WIDTH - 2 * EDGE) * (value - least) / (most - least):.1f}"

    return [Interval(at(low), at(point), at(high), at(0.0)) for low, point, high in rows]


def rank_interval(low: int, point: int, high: int, quota: int, entries: int) -> Interval:
    """Ranks from 1 to `entries` on a logarithmic scale, so that the first hundred of thousands can be told apart; the
    zero line is the quota's."""
    whole = log(max(entries, 2))

    def at(rank: float) -> str:
        return f"{EDGE + (WIDTH - 2 * EDGE) * log(rank) / whole:.1f}"

    return Interval(at(low), at(point), at(high), at(min(quota + 0.5, entries)))
