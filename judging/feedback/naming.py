"""What in a comment may tell who wrote it: a help for the clerk who reads it, never a verdict."""

import re
from collections.abc import Iterable

from judging.models import Juror

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w[\w.-]*")
_NUMBER = re.compile(r"\+?\d[\d .\-/]{7,}\d")  # telephone, NIP
_TITLE = re.compile(r"\b(?:Prof|Dr|dr|Drs|Ir|Ph\.?D|M\.\w+|S\.\w+)\.(?=\s|,|$)")
_NAME = re.compile(r"\b[A-Z][\w'’-]{3,}")
_TITLES = {"prof", "drs", "dra", "phd"}


class Names:
    """The names by which the jurors of a year could be known: every long word of them, and their institutions."""

    def __init__(self, jurors: Iterable[Juror]) -> None:
        self.words: set[str] = set()
        self.institutions: set[str] = set()
        for juror in jurors:
            self.words |= {word.casefold() for word in re.findall(r"[\w'’-]{4,}", str(juror.user))} - _TITLES
            if juror.institution.strip():
                self.institutions.add(juror.institution.strip().casefold())

    def found_in(self, text: str) -> list[str]:
        """What a clerk should look at, in the order of the text, each once; nothing is not a promise."""
        marks = [(match.start(), match[0]) for each in (_ADDRESS, _NUMBER, _TITLE) for match in each.finditer(text)]
        marks += [(match.start(), match[0]) for match in _NAME.finditer(text) if match[0].casefold() in self.words]
        folded = text.casefold()
        marks += [(folded.index(each), each) for each in self.institutions if each in folded]
        return list(dict.fromkeys(words for _place, words in sorted(marks)))
