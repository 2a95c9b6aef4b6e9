"""How alike two titles or two texts are. Plain functions over text and numpy arrays: no database, no request.

Texts: every run of SHINGLE words becomes a 64-bit number; one number in SAMPLE, always the same ones, is kept as the
text's fingerprint. Numbers that many texts of a corpus share are stock phrases and say nothing. What remains of two
fingerprints is compared: `containment` is the share of the shorter one found in the other, so that a part copied
into a longer text is found; `jaccard` the share of both together.

Titles: trigrams of letters without blanks, commonplace words left out, so that "SI-PANDU", "Sipandu Plus" and "Aplikasi
Si Pandu (Sistem …)" are near each other.

The thresholds are measured, not guessed: `python bench/proposals.py similarity`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

METHOD = 1  # rises when fingerprints of before can no longer be compared with those of now
SHINGLE = 4  # words
SAMPLE = 2  # one shingle of so many is kept
STOCK_SHARE, STOCK_LEAST = 0.01, 30  # held by more texts of a corpus than this share (and number): a stock phrase
LEAST_SHARED = 8  # kept shingles; fewer in common are chance
LIKE_TEXT = 0.15  # containment from which two texts are worth a look
LIKE_TITLE = 0.75  # likeness from which two titles are worth a look
SHORT_TITLE = 4  # trigrams; a shorter title lies inside too many others to ask
INSIDE = 0.9  # likeness of a title that lies wholly inside a longer one

# What titles of public services are made of, whoever wrote them.
COMMONPLACE = frozenset({
    "aplikasi", "badan", "bagi", "berbasis", "bersama", "dalam", "dan", "dari", "daerah", "dengan", "desa", "di",
    "digital", "dinas", "elektronik", "gerakan", "informasi", "inovasi", "jilid", "kabupaten", "kantor", "kecamatan",
    "kota", "layanan", "lewat", "masyarakat", "melalui", "menuju", "oleh", "online", "pada", "pelayanan", "plus",
    "program", "provinsi", "publik", "puskesmas", "reborn", "rsud", "rumah", "sakit", "secara", "sistem", "smart",
    "tahun", "terpadu", "untuk", "yang",
})  # fmt: skip

Fingerprint = NDArray[np.uint64]
_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[()]")
_SIGNS = re.compile(r"[:;–—]| - ")
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True)
class Word:
    """A word as compared, and where it stands in the text as written."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Likeness:
    """Two rows of a corpus, `later` the greater number, and how much they share."""

    later: int
    earlier: int
    shared: int
    containment: float
    jaccard: float


@dataclass(frozen=True)
class Passage:
    """The same words in two texts: from where to where in each, and how many words of the first are the same."""

    start: int
    end: int
    other_start: int
    other_end: int
    words: int


def words(text: str) -> list[Word]:
    """The words of a text without case, accents and width: "Café" and "CAFE" are one word."""
    return [Word(_plain(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


@lru_cache(maxsize=200_000)
def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    """The same in every process, unlike hash()."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def shingles(plain: Sequence[str], k: int = SHINGLE) -> Fingerprint:
    """A number for every run of k words, in their order; none for a text of fewer words."""
    if len(plain) < k:
        return np.empty(0, np.uint64)
    numbers = np.fromiter((_number(word) for word in plain), np.uint64, len(plain))
    runs = np.zeros(len(numbers) - k + 1, np.uint64)
    for place in range(k):  # arithmetic modulo 2**64
        runs = runs * _STEP + numbers[place : place + len(runs)]
    runs ^= runs >> np.uint64(31)
    runs *= _MIX
    return runs ^ (runs >> np.uint64(29))


def fingerprint(texts: Sequence[str]) -> Fingerprint:
    """The kept shingles of all the texts, sorted, each once. No shingle runs from one text into the next."""
    runs = [shingles([word.text for word in words(text)], SHINGLE) for text in texts]
    together = np.concatenate([np.empty(0, np.uint64), *runs])
    return np.unique(together[together % np.uint64(SAMPLE) == 0])


def packed(print_: Fingerprint) -> bytes:
    return print_.astype("<u8").tobytes()


def unpacked(stored: bytes | memoryview) -> Fingerprint:
    return np.frombuffer(stored, "<u8").astype(np.uint64, copy=False)


def containment(one: Fingerprint, other: Fingerprint) -> float:
    """The share of the shorter found in the other, 0-1, stock phrases counted like all others."""
    least = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / least if least else 0.0


def jaccard(one: Fingerprint, other: Fingerprint) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared) if shared else 0.0


class Corpus:
    """Fingerprints side by side. Row numbers are those of the list given; let earlier texts come first."""

    def __init__(self, prints: Sequence[Fingerprint], *, stock: int | None = None) -> None:
        """`stock`: shingles in more texts than this are left out; None takes STOCK_SHARE and STOCK_LEAST."""
        most = max(STOCK_LEAST, round(STOCK_SHARE * len(prints))) if stock is None else stock
        rows = np.repeat(np.arange(len(prints)), [len(each) for each in prints])
        every = np.concatenate([np.empty(0, np.uint64), *prints])
        _values, columns, counts = np.unique(every, return_inverse=True, return_counts=True)
        own = counts[columns] <= most
        self.sizes = np.bincount(rows[own], minlength=len(prints))
        kept = own & (counts[columns] > 1)
        ones = np.ones(int(kept.sum()), np.int32)
        self._matrix = csr_array((ones, (rows[kept], columns[kept])), shape=(len(prints), max(len(counts), 1)))

    def alike(
        self, rows: Sequence[int] | None = None, *, least: float = LIKE_TEXT, shared: int = LEAST_SHARED
    ) -> list[Likeness]:
        """The pairs of these rows (None: of all) with any row whose containment reaches `least`, each once."""
        asked = np.arange(len(self.sizes)) if rows is None else np.unique(np.asarray(rows, np.int64))
        is_asked = np.zeros(len(self.sizes), bool)
        is_asked[asked] = True
        found = []
        for here, there, number in _shared(self._matrix, asked):
            new = (here > there) | ((here < there) & ~is_asked[there])
            smaller = np.maximum(np.minimum(self.sizes[here], self.sizes[there]), 1)
            near = np.flatnonzero(new & (number >= shared) & (number / smaller >= least))
            found += [self._likeness(int(here[each]), int(there[each]), int(number[each])) for each in near]
        return sorted(found, key=lambda each: (each.later, each.earlier))

    def _likeness(self, one: int, other: int, shared: int) -> Likeness:
        sizes = int(self.sizes[one]), int(self.sizes[other])
        return Likeness(max(one, other), min(one, other), shared, shared / min(sizes), shared / (sum(sizes) - shared))


Counted = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]


def _shared(matrix: csr_array, rows: NDArray[np.int64], block: int = 400) -> Iterator[Counted]:
    """(row, other row, how many columns both have), so many rows at a time, so that memory stays bounded."""
    transposed = matrix.T.tocsr()
    for start in range(0, len(rows), block):
        part = rows[start : start + block]
        product = (matrix[part] @ transposed).tocoo()
        yield part[product.row], product.col.astype(np.int64), product.data


def names(title: str) -> list[str]:
    """What people call it: the whole title, then its short name and what that stands for, where brackets or a colon
    tell them apart. What follows a closing bracket is mostly a place, and no name."""
    outside, *others = _BRACKETS.split(title)
    parts = [part.strip() for piece in (outside, *others[::2]) for part in _SIGNS.split(piece)]
    return list(dict.fromkeys([title, *(part for part in parts if part)]))


def _telling(name: str) -> str:
    """The letters of its distinctive words, written as one."""
    return "".join(word.text for word in words(name) if word.text not in COMMONPLACE and not word.text.isdecimal())


def _trigrams(letters: str) -> frozenset[str]:
    return (
        frozenset(letters[place : place + 3] for place in range(max(len(letters) - 2, 1))) if letters else frozenset()
    )


@lru_cache(maxsize=4096)
def _named(title: str) -> tuple[frozenset[str], ...]:
    """The trigrams of each of its names. A title of commonplace words only is known by all of them; a part of a title
    that is commonplace or very short is no name."""
    whole, *parts = names(title)
    found = [_trigrams(_telling(whole) or "".join(word.text for word in words(whole)))]
    return (*found, *(part for part in map(_trigrams, map(_telling, parts)) if len(part) >= SHORT_TITLE))


def title_likeness(one: str, other: str) -> float:
    """0-1: how near two titles are, by those of their names that are nearest."""
    pairs = [(len(a & b), len(a), len(b)) for a in _named(one) for b in _named(other) if a and b]
    return float(max(_nearness(*np.array(pairs).T), default=0.0)) if pairs else 0.0


def _nearness(shared: NDArray, one: NDArray, other: NDArray) -> NDArray[np.float64]:
    """The greater of Dice's share and, for a name that is not very short, its share inside the longer one."""
    smaller = np.minimum(one, other)
    inside = np.where(smaller >= SHORT_TITLE, INSIDE * shared / smaller, 0.0)
    return np.maximum(2 * shared / (one + other), inside)


def near_titles(
    titles: Sequence[str], rows: Sequence[int] | None = None, *, least: float = LIKE_TITLE
) -> list[tuple[int, int, float]]:
    """(later, earlier, likeness) for the pairs of these titles (None: of all) with any that reach `least`."""
    named = [(place, each) for place, title in enumerate(titles) for each in _named(title)]
    owner = np.array([place for place, _each in named], np.int64)
    sizes = np.array([len(each) for _place, each in named], np.int64)
    columns = {trigram: number for number, trigram in enumerate(sorted(set().union(*(each for _place, each in named))))}
    places = [columns[trigram] for _place, each in named for trigram in each]
    ones = np.ones(len(places), np.int32)
    matrix = csr_array((ones, (np.repeat(np.arange(len(named)), sizes), places)), shape=(len(named), len(columns) or 1))
    asked = np.arange(len(titles)) if rows is None else np.asarray(rows, np.int64)
    best: dict[tuple[int, int], float] = {}
    for here, there, number in _shared(matrix, np.flatnonzero(np.isin(owner, asked))):
        likeness = _nearness(number, sizes[here], sizes[there])
        for place in np.flatnonzero((likeness >= least) & (owner[here] != owner[there])):
            pair = int(owner[here[place]]), int(owner[there[place]])
            key = max(pair), min(pair)
            best[key] = max(best.get(key, 0.0), float(likeness[place]))
    return sorted((*pair, likeness) for pair, likeness in best.items())
