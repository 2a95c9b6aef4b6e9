"""Are copies found among 3,500 texts, are others left alone, and does it take less than a minute?

Texts are invented (proposal_texts.py), titles of past winners are real. Planted are, for each kind, so many copies of
texts in the corpus, and so many new names of past winners. A pair that was not planted and is found counts against
precision. Every threshold of the sweep is printed; the ones in the code are marked.
"""

import csv
import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from figures import Figure
from proposal_texts import LISTS, Author

from proposals import similarity
from proposals.passages import passages
from proposals.similarity import LIKE_TEXT, LIKE_TITLE, Corpus, Likeness

TEXTS, EACH, RENAMED_EACH = 3500, 40, 40
PAST_AWARDS = Path(__file__).parent.parent / "catalogue" / "data" / "past_top_innovations.csv"
AWARDED = ("top", "finalist", "pkri")
Text = list[str]
Edit = Callable[[Random, Text, Author], Text]


def sentences(text: Text) -> list[str]:
    return [sentence for section in text for sentence in section.replace(". ", ".|").split("|")]


def in_sections(written: list[str]) -> Text:
    return [" ".join(written[start : start + 12]) for start in range(0, len(written), 12)]


def exact(random: Random, text: Text, author: Author) -> Text:
    return list(text)


def reordered(random: Random, text: Text, author: Author) -> Text:
    written = sentences(text)
    return in_sections(random.sample(written, len(written)))


def replaced(share: float) -> Edit:
    """So many of the words become words of another text."""

    def edit(random: Random, text: Text, author: Author) -> Text:
        others = author.sentence().split() + author.sentence().split()
        return [
            " ".join(random.choice(others) if random.random() < share else word for word in section.split())
            for section in text
        ]

    return edit


def deleted(share: float) -> Edit:
    def edit(random: Random, text: Text, author: Author) -> Text:
        return in_sections([sentence for sentence in sentences(text) if random.random() >= share])

    return edit


def mixed(random: Random, text: Text, author: Author) -> Text:
    """A third of the sentences gone, the rest in another order, every seventh word another."""
    return replaced(0.15)(random, reordered(random, deleted(0.33)(random, text, author), author), author)


def half_own(random: Random, text: Text, author: Author) -> Text:
    """Half is copied, and as much is written anew."""
    kept = deleted(0.5)(random, text, author)
    return kept + author.sections(len(sentences(kept)))


EDITS: dict[str, Edit] = {
    "exact copy": exact,
    "sentences reordered": reordered,
    "10 % of words replaced": replaced(0.10),
    "20 % of words replaced": replaced(0.20),
    "30 % of words replaced": replaced(0.30),
    "20 % deleted": deleted(0.20),
    "50 % deleted": deleted(0.50),
    "half copied, half own": half_own,
    "deleted, reordered, replaced": mixed,
}


def parts(title: str) -> tuple[str, str]:
    """ "GRMS (Government …) Surabaya" → its short name and what it stands for."""
    short, _bracket, rest = title.partition("(")
    return short.strip(" -:"), rest.split(")")[0].strip()


def misspelt(random: Random, title: str) -> str:
    place = random.randrange(1, len(title))
    return title[:place] + random.choice("aeiou") + title[place + 1 :]


def swapped(random: Random, title: str) -> str:
    names = title.split()
    return " ".join(random.sample(names, len(names)))


RENAMES: dict[str, Callable[[Random, str], str]] = {
    "name with an addition": lambda random, title: f"{title} {random.choice(['Plus', '2.0', 'Reborn', 'Jilid II'])}",
    "name with a place": lambda random, title: f"{parts(title)[0]} Kabupaten {random.choice(LISTS['places'])}",
    "short name left out": lambda random, title: parts(title)[1] or f"Aplikasi {title}",
    "turned round": lambda random, title: f"{parts(title)[1] or 'Inovasi'} ({parts(title)[0]})",
    "misspelt": lambda random, title: misspelt(random, title),
    "in front of it": lambda random, title: f"Optimalisasi Pelayanan melalui {parts(title)[0]}",
    "words in another order": swapped,
    "joined and in capitals": lambda random, title: parts(title)[0].replace(" ", "").upper(),
}


class Material:
    """3,500 texts with titles; `copies` maps the number of a copy to the kind and the number it was made from."""

    def __init__(self, random: Random, texts: int, each: int, renamed_each: int) -> None:
        with PAST_AWARDS.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["level"].startswith(AWARDED)]
        self.winners = sorted({row["title"] for row in rows})
        own = texts - each * len(EDITS)
        authors = [Author(random) for _number in range(own)]
        self.texts = [author.sections(random.randint(40, 110)) for author in authors]
        self.titles = [author.title() for author in authors]
        self.copies: dict[int, tuple[str, int]] = {}
        self.renamed: dict[int, tuple[str, int]] = {}
        profiled = random.sample(range(own), own // 10)
        for first, second in zip(profiled[::2], profiled[1::2], strict=False):  # an agency's paragraph on itself
            paragraph = " ".join(authors[first].sentence() for _turn in range(4))
            self.texts[first], self.texts[second] = [paragraph, *self.texts[first]], [paragraph, *self.texts[second]]
        sources = iter(random.sample(range(own), each * len(EDITS)))
        for kind, edit in EDITS.items():
            for source in [next(sources) for _turn in range(each)]:
                author = Author(random)
                self.copies[len(self.texts)] = (kind, source)
                self.texts.append(edit(random, self.texts[source], author))
                self.titles.append(author.title())
        places = iter(random.sample(range(own), renamed_each * len(RENAMES)))
        for kind, rename in RENAMES.items():
            for place in [next(places) for _turn in range(renamed_each)]:
                winner = random.randrange(len(self.winners))
                self.renamed[place] = (kind, winner)
                self.titles[place] = rename(random, self.winners[winner])


def main() -> list[Figure]:
    material = Material(Random(20230502), TEXTS, EACH, RENAMED_EACH)  # noqa: S311
    lengths = sorted(sum(len(section.split()) for section in text) for text in material.texts)
    began = time.perf_counter()
    prints = [similarity.fingerprint(text) for text in material.texts]
    found = Corpus(prints).alike()
    for each in found:
        passages("\n".join(material.texts[each.later]), "\n".join(material.texts[each.earlier]))
    titles = similarity.near_titles([*material.winners, *material.titles])
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure("texts compared", f"{len(material.texts)}, {lengths[len(lengths) // 2]} words in the middle"),
        *_texts(material, Corpus(prints).alike(least=0.05)),
        *_titles(material, similarity.near_titles([*material.winners, *material.titles], least=0.4)),
        Figure("near titles among this year's own", str(sum(pair[1] >= len(material.winners) for pair in titles))),
        Figure("passages of every pair found, for", str(len(found))),
        Figure("whole comparison", f"{seconds:.1f} s in one process", "< 60 s", seconds < 60),
        Figure("memory", f"{memory:.0f} MB", "< 700 MB", memory < 700),
    ]


def _texts(material: Material, pairs: list[Likeness]) -> list[Figure]:
    scored = [(each.later, each.earlier, each.containment) for each in pairs]
    planted = {(copy, source): kind for copy, (kind, source) in material.copies.items()}
    sweep = [each / 100 for each in range(5, 55, 5)]
    return _figures("texts", scored, planted, sorted({*sweep, LIKE_TEXT}), LIKE_TEXT, EACH, least_recall=0.95)


def _titles(material: Material, pairs: list[tuple[int, int, float]]) -> list[Figure]:
    """Only pairs of a past winner and a proposal: what two winners have in common nobody asks about."""
    number = len(material.winners)
    scored = [pair for pair in pairs if pair[1] < number <= pair[0]]
    planted = {(number + place, winner): kind for place, (kind, winner) in material.renamed.items()}
    sweep = [each / 100 for each in range(45, 95, 5)]
    return _figures(
        "titles", scored, planted, sorted({*sweep, LIKE_TITLE}), LIKE_TITLE, RENAMED_EACH, least_recall=0.85
    )


def _figures(
    what: str, scored: list[tuple[int, int, float]], planted: dict[tuple[int, int], str], sweep: list[float],
    chosen: float, each: int, *, least_recall: float,
) -> list[Figure]:  # fmt: skip
    """The sweep, then by kind at the chosen threshold: its recall, and the precision among all pairs that hold one of
    its planted rows."""
    figures = []
    for least in sweep:
        hits = [pair[:2] in planted for pair in scored if pair[2] >= least]
        precision, recall = sum(hits) / max(len(hits), 1), sum(hits) / len(planted)
        words = f"precision {precision:.3f}, recall {recall:.3f}, {len(hits)} pairs"
        if least == chosen:
            ok = precision >= 0.95 and recall >= least_recall
            target = f"precision ≥ 0.95, recall ≥ {least_recall}"
            figures.append(Figure(f"{what} from {least:.2f} (in the code)", words, target, ok))
        else:
            figures.append(Figure(f"{what} from {least:.2f}", words))
    found = [pair[:2] for pair in scored if pair[2] >= chosen]
    right = Counter(planted[pair] for pair in found if pair in planted)
    kind_of = {pair[0]: kind for pair, kind in planted.items()}
    touched = Counter(kind_of[later] for later, _earlier in found if later in kind_of)
    for kind in dict.fromkeys(planted.values()):
        precision = right[kind] / touched[kind] if touched[kind] else 1.0
        figures.append(Figure(f"{what}, {kind}", f"precision {precision:.3f}, recall {right[kind] / each:.3f}"))
    return figures
