"""How many keys a sheet takes beyond its digits, pressed before the real page in a real browser."""

import re

import browser_test
from figures import Figure

TEST = "tests/judging/test_scoring_browser.py::test_a_sheet_is_scored_by_keys_alone"
MORE = 3


def main() -> list[Figure]:
    passed, said = browser_test.run(TEST)
    counted = re.search(r"presses=(\d+) criteria=(\d+)", said)
    if not passed or not counted:
        return [Figure("a sheet scored by keys alone", said.splitlines()[-1], "passes", ok=False)]
    presses, criteria = map(int, counted.groups())
    most = criteria + MORE
    what = f"key presses beyond the digits, {criteria} criteria"
    return [Figure(what, str(presses), f"<= {most}", presses <= most)]
