"""Where the bars of a chart lie. Widths are per cent of the drawing, heights are pixels: text keeps its size on a
phone. Every chart has the same numbers in a table beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

LINE, BAR, GAP = 19, 16, 14  # a line of words; how thick a bar is; the space after a row
WIDEST = 32  # characters of a label that stand beside a number on the narrowest phone


@dataclass(frozen=True)
class Piece:
    """One bar of a row, `tone` 1-3 from pale to strong."""

    x: float
    width: float
    tone: int


@dataclass(frozen=True)
class Row:
    """`lines`: the words of its label, each with its place."""

    lines: tuple[tuple[int, str], ...]
    shown: str
    pieces: tuple[Piece, ...]

    @property
    def text_y(self) -> int:
        return self.lines[-1][0]

    @property
    def bar_y(self) -> int:
        return self.text_y + 7

    @property
    def end(self) -> int:
        return self.bar_y + BAR + GAP


@dataclass(frozen=True)
class Bars:
    """`legend`: what each tone means, [(tone, words)]; empty where there is one."""

    rows: tuple[Row, ...]
    legend: tuple[tuple[int, str], ...] = ()
    bar: int = BAR

    @property
    def height(self) -> int:
        return self.rows[-1].end if self.rows else 0


def bars(
    rows: Sequence[tuple[str, str, Sequence[int | None]]],
    *,
    legend: Sequence[str] = (),
    centred: bool = False,
) -> Bars:
    """(label, the number in words, values): values of a row lie over each other, the largest first; None is not
    drawn. Widths are shares of the largest value of all. `centred` draws a funnel."""
    most = max((value for _label, _shown, values in rows for value in values if value), default=0)
    count = max((len(values) for _label, _shown, values in rows), default=1)
    tones = range(1, 4) if count > 1 else [3]
    drawn: list[Row] = []
    for label, shown, values in rows:
        pieces = tuple(
            _piece(value / most * 100, tone, centred)
            for value, tone in zip(values, tones, strict=False)
            if value and most
        )
        begin = drawn[-1].end if drawn else 0
        words = wrap(label, WIDEST) or [""]
        drawn.append(Row(tuple((begin + LINE * n, line) for n, line in enumerate(words, start=1)), shown, pieces))
    return Bars(tuple(drawn), tuple(zip(tones, legend, strict=False)))


def _piece(width: float, tone: int, centred: bool) -> Piece:
    width = max(width, 0.4)  # one of many can still be seen
    return Piece(round((100 - width) / 2 if centred else 0.0, 2), round(width, 2), tone)
