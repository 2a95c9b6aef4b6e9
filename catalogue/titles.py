"""How alike two titles are, as people name one innovation twice: by its short name, or with the long one after it."""

import re

from catalogue.words import plain

LIKE = 0.6  # from which somebody is asked; see the tests for what lies on either side


def likeness(one: str, other: str) -> float:
    """0 to 1: shared groups of three letters of the whole titles, or of their parts before and in the brackets."""
    return max(_shared(mine, its) for mine in _parts(one) for its in _parts(other))


def _parts(title: str) -> list[str]:
    """ "TOSS (Tempat Olah Sampah)" → the whole, "TOSS" and "Tempat Olah Sampah"; parts of under five letters are
    too common to say anything."""
    short, _bracket, rest = title.partition("(")
    return [title, *(part for part in (short.strip(), re.sub(r"\).*", "", rest).strip()) if len(part) >= 5)]


def _shared(one: str, other: str) -> float:
    mine, its = _threes(one), _threes(other)
    return len(mine & its) / len(mine | its) if mine and its else 0.0


def _threes(title: str) -> set[str]:
    return {f"  {word} "[at : at + 3] for word in plain(title) for at in range(len(word) + 1)}
