"""Do 60 queries with mistakes, affixes and synonyms find the past winners they mean? And are facet counts right?"""

import statistics
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from random import Random

import scratch

scratch.begin()

from catalogue_rows import fill  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import QueryDict  # noqa: E402
from figures import Figure  # noqa: E402

from catalogue.asking import Asked  # noqa: E402
from catalogue.facets import Found  # noqa: E402
from catalogue.models import Innovation  # noqa: E402

QUERIES = Path(__file__).with_name("search_queries.txt")
FIRST, ROWS, ASKINGS = 10, 1500, 25


def queries() -> Iterator[tuple[str, list[str]]]:
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            query, _bar, titles = line.partition("|")
            yield query.strip(), [title.strip() for title in titles.split(";")]


def main() -> list[Figure]:
    with scratch.database():
        call_command("load_agencies", verbosity=0, stdout=scratch_out())
        call_command("load_awards", verbosity=0, stdout=scratch_out())
        found = _found()
        fill(ROWS, seed=5)
        return [*found, *_counts()]


def scratch_out() -> object:
    import io

    return io.StringIO()


def _found() -> list[Figure]:
    recalls, first, seconds = [], 0, []
    titles = list(Innovation.objects.values_list("title", flat=True))
    for query, meant in queries():
        assert all(any(title.startswith(each) for title in titles) for each in meant), (query, meant)  # noqa: S101
        began = time.perf_counter()
        shown = [each.title for each in Innovation.objects.awarded().search(query)[:FIRST]]
        seconds.append(time.perf_counter() - began)
        hits = [any(title.startswith(each) for title in shown) for each in meant]
        recalls.append(sum(hits) / len(hits))
        first += bool(shown) and any(shown[0].startswith(each) for each in meant)
        if not all(hits):
            print(f"  not found: {query}: {[each for each, hit in zip(meant, hits, strict=True) if not hit]}")
    recall = statistics.mean(recalls)
    return [
        Figure("queries", str(len(recalls)), "60", len(recalls) == 60),
        Figure(f"recall@{FIRST}", f"{recall:.3f}", "≥ 0.9", recall >= 0.9),
        Figure("queries whose first answer is one of those meant", f"{first} of {len(recalls)}"),
        Figure("one search, in the middle", f"{statistics.median(seconds) * 1000:.0f} ms"),
    ]


def _counts() -> list[Figure]:
    """Each number beside each value of each facet, against the length of the list it stands for."""
    random, wrong, compared = Random(11), 0, 0  # noqa: S311
    for _turn in range(ASKINGS):
        asked = _asking(random)
        for facet in Found(asked).facets:
            for choice in random.sample(facet.choices, min(4, len(facet.choices))):
                alone = Asked(asked.q, {**asked.picked, facet.name: (choice.value,)}, asked.order)
                compared += 1
                wrong += choice.count != Found(alone).innovations.count()
    return [Figure(f"facet counts of {compared} that are not the length of their list", str(wrong), "0", not wrong)]


def _asking(random: Random) -> Asked:
    query = QueryDict(mutable=True)
    query["q"] = random.choice(["", "layanan", "sampah", "desa"])
    every = list(chain.from_iterable(((f.name, c.value) for c in f.choices) for f in Found(Asked()).facets))
    for name, value in random.sample(every, random.randint(0, 3)):
        query.appendlist(name, value)
    return Asked.of(query)
