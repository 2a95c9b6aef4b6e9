"""Words as a search sees them: without capitals and accents, without stop words, with what means the same.

The lists are data/stop_words.txt and data/synonyms.txt; whoever changes them restarts the portal.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def plain(text: str) -> list[str]:
    """The words of a text, lower case and without accents; single letters are dropped, digits stay."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", bare) if len(word) > 1 or word.isdecimal()]


@cache
def stop_words() -> frozenset[str]:
    return frozenset(word for line in _lines("stop_words.txt") for word in plain(line))


@cache
def synonyms() -> dict[tuple[str, ...], list[str]]:
    """Each spelling → all that mean the same, itself first."""
    means: dict[tuple[str, ...], list[str]] = {}
    for line in _lines("synonyms.txt"):
        spellings = list(dict.fromkeys(" ".join(plain(each)) for each in line.split("=")))
        for own in spellings:
            known = means.setdefault(tuple(own.split()), [own])
            known += [each for each in spellings if each not in known]
    return means


@cache
def synonym_words() -> frozenset[str]:
    return frozenset(word for spelling in synonyms() for word in spelling)


def ideas(words: list[str]) -> list[list[str]]:
    """The words as ideas: each a list of spellings, what was typed first; the longest known spelling is one idea."""
    found, at, longest = [], 0, max(map(len, synonyms()), default=1)
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            spelling = tuple(words[at : at + length])
            if spelling in synonyms() or length == 1:
                found.append(synonyms().get(spelling, [" ".join(spelling)]))
                at += length
                break
    return found


def mistakes(typed: str, meant: str) -> int:
    """How many letters were added, left out, changed or swapped with their neighbour to come from one to the other."""
    before: list[int] = []
    last = list(range(len(meant) + 1))
    for row, letter in enumerate(typed, start=1):
        now = [row]
        for column, other in enumerate(meant, start=1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == meant[column - 2] and typed[row - 2] == other
            now.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, last = last, now
    return last[-1]


def allowed_mistakes(word: str) -> int:
    """None in up to three letters, one in up to six, two in longer words."""
    return 0 if len(word) < 4 or word.isdecimal() else 1 if len(word) < 7 else 2


def _lines(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
