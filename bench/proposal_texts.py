"""Invented proposals in Indonesian, long and various enough to measure how well copies are told from mere likeness.

Like real ones they share an office's ways of speaking: stock sentences on regulations, the same words for the same
trade, a paragraph on the agency that all of its proposals begin with.
"""

import re
from pathlib import Path
from random import Random


def _read() -> dict[str, list[str]]:
    """The lists of proposal_words.txt: whole sentences stand one a line, words are parted by semicolons."""
    text = Path(__file__).with_name("proposal_words.txt").read_text(encoding="utf-8")
    lists = {}
    for part in text.split("== ")[1:]:
        name, _newline, body = part.strip().partition("\n")
        whole = name in ("sentences", "stock", "titles")
        lists[name] = body.split("\n") if whole else re.split(r";\s+", body.replace("\n", " "))
    return lists


LISTS = _read()


def coined(random: Random) -> str:
    """A made-up short name, as proposals like to have."""
    ends = random.choice(["", "n", "s", "r", "ng", "t"])
    return "".join(random.choice(LISTS["syllables"]) for _turn in range(random.randint(2, 4))) + ends


class Author:
    """One invented proposal's words: whoever writes it keeps to a few people, things and places of their own."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.place, self.name = random.choice(LISTS["places"]), random.choice(LISTS["names"])
        self.people, self.things = random.sample(LISTS["people"], 3), random.sample(LISTS["things"], 4)

    def filled(self, pattern: str) -> str:
        random = self.random
        thing, thing2 = random.sample(self.things, 2)
        people, people2 = random.sample(self.people, 2)
        way, way2 = random.sample(LISTS["ways"], 2)
        return pattern.format(
            name=self.name, name2=random.choice(LISTS["names"]), coined=coined(random),
            coined2=coined(random), place=self.place,
            place2=random.choice(LISTS["places"]), people=people,
            people2=people2, thing=thing, thing2=thing2, trouble=random.choice(LISTS["troubles"]), way=way, way2=way2,
            partner=random.choice(LISTS["partners"]), month=random.choice(LISTS["months"]),
            year=random.randint(2016, 2022),
            tiny=random.randint(2, 9), small=random.randint(10, 45), count=random.randint(12, 60),
            big=random.randint(70, 98), many=random.randint(120, 4000),
        )  # fmt: skip

    def sentence(self) -> str:
        if self.random.random() < 0.08:
            return self.random.choice(LISTS["stock"])
        text = self.filled(self.random.choice(LISTS["sentences"]))
        return text[0].upper() + text[1:]

    def title(self) -> str:
        return self.filled(self.random.choice(LISTS["titles"])).title()

    def sections(self, sentences: int) -> list[str]:
        """The answers of one proposal, some sentences each."""
        written = [self.sentence() for _turn in range(sentences)]
        return [" ".join(written[start : start + 12]) for start in range(0, sentences, 12)]
