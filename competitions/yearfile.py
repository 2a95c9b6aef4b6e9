"""Reading a year's file as text: its TOML, and on which line each key stands, so that a mistake can be pointed at."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

KeyPath = tuple[str | int, ...]
"""Where a value stands: names of tables and keys, and numbers (from 0) within arrays."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_ASSIGNMENT = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_NAME = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')


class Problem(NamedTuple):
    line: int
    key: str
    expected: str

    def __str__(self) -> str:
        where = {"line": self.line, "key": self.key, "expected": self.expected}
        return _("line %(line)d, %(key)s: %(expected)s") % where


class YearFileError(ValueError):
    """A year's file is not what it should be. `line`, `key` and `expected` tell of the first problem in the file,
    `problems` of all that were found. Nothing was changed."""

    def __init__(self, line: int, key: str, expected: str, problems: Iterable[Problem] = ()) -> None:
        self.line, self.key, self.expected = line, key, expected
        self.problems = list(problems) or [Problem(line, key, expected)]
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "YearFileError":
        ordered = sorted(problems)
        return cls(*ordered[0], problems=ordered)


class YearFile:
    """A parsed file (`data`) that knows the line of every key, and collects what is wrong with it."""

    def __init__(self, text: str) -> None:
        """Raises YearFileError when the text is not TOML."""
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found[1]) if found else text.count("\n") + 1
            raise YearFileError(line, "", _("valid TOML is expected here (%s)") % error) from error
        self._lines = dict(_lines(text))
        self._problems: dict[tuple[int, str], Problem] = {}

    @classmethod
    def open(cls, path: Path | str) -> "YearFile":
        return cls(Path(path).read_text(encoding="utf-8"))

    def line(self, path: KeyPath) -> int:
        """The line of the key, or of the nearest table around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return 1

    def name(self, path: KeyPath) -> str:
        """The path in words a person can search for: groups.umum.aspects.signifikansi.weight."""
        value: Any = self.data
        parts: list[str] = []
        for step in path:
            value = _step(value, step)
            own = value.get("key") if isinstance(value, dict) and isinstance(step, int) else None
            parts.append(f"[{step + 1}]" if isinstance(step, int) and not own else str(own or step))
        return ".".join(parts).replace(".[", "[")

    def report(self, path: KeyPath, expected: str) -> None:
        """Note a problem; the first one about a key counts."""
        line, name = self.line(path), self.name(path)
        self._problems.setdefault((line, name), Problem(line, name, expected))

    def raise_problems(self) -> None:
        if self._problems:
            raise YearFileError.of(self._problems.values())


def _step(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _lines(text: str) -> Iterator[tuple[KeyPath, int]]:
    """Each header and each key with its line. The text is known to be valid TOML."""
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    quote, depth = "", 0  # inside a multi-line string, inside so many brackets
    for number, line in enumerate(text.splitlines(), start=1):
        fresh = not quote and not depth
        header = _HEADER.match(line) if fresh else None
        if header:
            table = _table(header, counts)
            yield table, number
            if table[-1] == 0:
                yield table[:-1], number  # an array of tables stands where its first entry does
            continue
        if fresh and (assignment := _ASSIGNMENT.match(line)):
            for path in _prefixes(table, _names(assignment[1])):
                yield path, number
            line = line[assignment.end() :]
        quote, depth = _carry(line, quote, depth)


def _names(text: str) -> list[str]:
    return [name.strip("\"'") for name in _NAME.findall(text)]


def _prefixes(table: KeyPath, names: list[str]) -> Iterator[KeyPath]:
    for end in range(1, len(names) + 1):
        yield (*table, *names[:end])


def _table(header: re.Match[str], counts: dict[KeyPath, int]) -> KeyPath:
    """The full path a header names: every array of tables on the way stands at its newest entry."""
    path: KeyPath = ()
    names = _names(header[2])
    for place, name in enumerate(names):
        path = (*path, name)
        if header[1] == "[[" and place == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _carry(line: str, quote: str, depth: int) -> tuple[str, int]:
    """What is still open at the end of the line: a triple quote, and how many brackets."""
    position = 0
    while position < len(line):
        if quote:
            end = line.find(quote, position)
            if end < 0:
                return quote, depth
            quote, position = "", end + 3
            continue
        token = _TOKEN.search(line, position)
        if token is None:
            break
        position = token.end()
        if token[0] in ('"""', "'''"):
            quote = token[0]
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
    return quote, depth
