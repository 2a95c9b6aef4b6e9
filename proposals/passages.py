"""Which passages two texts share, with their places, so that a person can lay them side by side. Plain functions."""

from collections import defaultdict
from collections.abc import Sequence

from proposals.similarity import SHINGLE, Passage, Word, words

LEAST_WORDS = 8  # a shorter run of the same words is how people write
GAP = 3  # words changed, added or left out that do not end a passage
STARTS = 12  # places of the same shingle looked at; more of them is a stock phrase


def passages(text: str, other: str) -> list[Passage]:
    """The passages of `text` that stand in `other` too, in the order of `text`; none overlaps another in `text`."""
    here, there = words(text), words(other)
    runs = _joined(_runs([word.text for word in here], [word.text for word in there]))
    return [_passage(run, here, there) for run in runs if run[4] >= LEAST_WORDS]


# A run: first word here, past the last here, first there, past the last there, how many words are the same.
Run = tuple[int, int, int, int, int]


def _runs(here: Sequence[str], there: Sequence[str]) -> list[Run]:
    """Maximal runs of the same words, greedily from the left, the longest at each place."""
    starts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in range(len(there) - SHINGLE + 1):
        starts[tuple(there[place : place + SHINGLE])].append(place)
    runs: list[Run] = []
    place, follows = 0, 0
    while place <= len(here) - SHINGLE:
        known = starts.get(tuple(here[place : place + SHINGLE]), [])[:STARTS]
        if not known:
            place += 1
            continue
        # Of equally long ones the one that goes on where the last passage ended.
        length, _nearness, start = max((_same(here, place, there, at), -abs(at - follows), at) for at in known)
        runs.append((place, place + length, start, start + length, length))
        place, follows = place + length, start + length
    return runs


def _same(here: Sequence[str], place: int, there: Sequence[str], start: int) -> int:
    length = SHINGLE
    while place + length < len(here) and start + length < len(there) and here[place + length] == there[start + length]:
        length += 1
    return length


def _joined(runs: list[Run]) -> list[Run]:
    """Runs that follow each other in both texts with at most GAP words between are one passage that was edited."""
    joined: list[Run] = []
    for run in runs:
        if joined and 0 <= run[0] - joined[-1][1] <= GAP and 0 <= run[2] - joined[-1][3] <= GAP:
            last = joined.pop()
            run = (last[0], run[1], last[2], run[3], last[4] + run[4])
        joined.append(run)
    return joined


def _passage(run: Run, here: list[Word], there: list[Word]) -> Passage:
    return Passage(here[run[0]].start, here[run[1] - 1].end, there[run[2]].start, there[run[3] - 1].end, run[4])
