"""What changed between two texts, word by word, in time that a long or hostile text cannot stretch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from proposals.words import count_words

WORD = re.compile(r"\n|[^\S\n]*[^\s]+|[^\S\n]+")  # a word with the blanks before it; a line end is one of its own
LINE = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORK = 4_000_000  # pairs of words: about a second of difflib at its worst


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is `same`, `added` or `removed`."""

    kind: str
    text: str

    @property
    def words(self) -> int:
        return count_words(self.text)


@dataclass(frozen=True)
class Comparison:
    pieces: list[Piece]

    @property
    def added(self) -> int:
        """Words added."""
        return sum(each.words for each in self.pieces if each.kind == "added")

    @property
    def removed(self) -> int:
        return sum(each.words for each in self.pieces if each.kind == "removed")

    @property
    def is_same(self) -> bool:
        return all(each.kind == "same" for each in self.pieces)


def compare(old: str, new: str) -> Comparison:
    """Word by word; paragraph by paragraph where that would take too long; and as two whole texts at the worst."""
    for unit in (WORD, LINE):
        before, after = unit.findall(old), unit.findall(new)
        start, end = _shared_ends(before, after)
        left, right = before[start : len(before) - end], after[start : len(after) - end]
        if len(left) * len(right) <= MOST_WORK:
            middle = _pieces(left, right)
            break
    else:
        middle = [("removed", left), ("added", right)]
    return Comparison(_joined([("same", before[:start]), *middle, ("same", before[len(before) - end :])]))


def _shared_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How much both have in common at the beginning and, beyond that, at the end."""
    shortest = min(len(before), len(after))
    start = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    most = shortest - start
    end = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    return start, end


def _pieces(left: list[str], right: list[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right).get_opcodes():
        if kind == "equal":
            found.append(("same", left[a:b]))
        else:
            found += [("removed", left[a:b]), ("added", right[c:d])]
    return found


def _joined(stretches: list[tuple[str, list[str]]]) -> list[Piece]:
    pieces: list[Piece] = []
    for kind, words in stretches:
        if not words:
            continue
        if pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(kind, pieces[-1].text + "".join(words))
        else:
            pieces.append(Piece(kind, "".join(words)))
    return pieces
