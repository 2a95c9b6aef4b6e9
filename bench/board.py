"""The ranking board of 20 and of 2,135 proposals: the same number of queries, and how long it takes."""

import time

from figures import Figure
from scratch import begin, database

SIZES = (20, 2135)


def main() -> list[Figure]:
    begin()
    with database():
        from judged_round import begin_round, office

        client, counts, seconds, found = office(), [], 0.0, []
        for size in SIZES:
            judging_round = begin_round(f"papan-{size}", size)
            queries, seconds = _open(client, judging_round)
            counts.append(queries)
            found.append(Figure(f"seconds for the board of {size} proposals", f"{seconds:.2f}"))
    text = " = ".join(map(str, counts))
    same = len(set(counts)) == 1
    found.append(Figure(f"queries at {SIZES[0]} and {SIZES[1]} proposals", text, "equal", same))
    return found


def _open(client: object, judging_round: object) -> tuple[int, float]:
    """Queries and seconds of one page, once it is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from judged_round import address

    from judging.actions import run_calibration

    run_calibration(judging_round, by=None)
    for _warm in range(2):
        with CaptureQueriesContext(connection) as queries:
            began = time.monotonic()
            answer = client.get(address("ranking", judging_round))
            seconds = time.monotonic() - began
    if answer.status_code != 200:
        raise RuntimeError(f"The board answered {answer.status_code} {answer.headers.get('Location', '')}")
    return len(queries), seconds
