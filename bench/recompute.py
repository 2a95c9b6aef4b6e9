"""A list of 2,135 proposals is fixed here and computed again from its raw scores in a fresh process."""

import os
import subprocess
import sys
import time
from pathlib import Path

from figures import Figure
from scratch import begin, database

SIZE = 2135
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"


def main() -> list[Figure]:
    begin()
    with database():
        from judged_round import begin_round

        from judging.models import Score

        selection = _fixed(begin_round("hitung-ulang", SIZE))
        answer, seconds = _again(selection.code)
        same = answer.returncode == 0 and selection.input_sha256 in answer.stdout
        found = [
            Figure(f"differences of {SIZE} places computed again in a fresh process",
                   "0" if same else answer.stderr.strip()[-200:], "0, the same digest", same),
            Figure("digest of the inputs", selection.input_sha256[:16]),
            Figure("seconds of that process", f"{seconds:.1f}"),
        ]  # fmt: skip
        score = Score.objects.order_by("pk")[SIZE]
        Score.objects.filter(pk=score.pk).update(value=score.value - 1 if score.value else 1)
        answer, _seconds = _again(selection.code)
        seen = answer.returncode != 0 and "DOES NOT HOLD" in answer.stdout
        found.append(Figure("one raw score changed by a point", "detected" if seen else "missed", "detected", seen))
    return found


def _fixed(judging_round: object) -> object:
    from judged_round import clerks

    from judging import actions

    one, two = clerks()
    actions.note_present(judging_round, people=[one, two], guests=[], by=one)
    actions.draw_from_tie(judging_round, reason="Undian", by=one)
    drawn = [move.proposal for move in actions.prepared_moves(judging_round)]
    actions.confirm_moves(judging_round, proposals=drawn, by=two)
    return actions.freeze_selection(judging_round, minutes_number="BA/1", minutes="Sidang pleno.", by=one)


def _again(code: str) -> tuple[subprocess.CompletedProcess[str], float]:
    from django.db import connection

    environment = os.environ | {"DATABASE_NAME": str(connection.settings_dict["NAME"]), "PYTHONUTF8": "1"}
    began = time.monotonic()
    command = [sys.executable, str(MANAGE), "verify_selection", code]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    return answer, time.monotonic() - began
