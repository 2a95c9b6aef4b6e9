"""The scoring journey lived in a real browser: without scripts, offline and back, on a telephone.

Each of these tests fails on an accessibility violation, an error in the console or sideways scroll.
"""

import browser_test
from figures import Figure

SCORING, OFFLINE = "tests/judging/test_scoring_browser.py", "tests/judging/test_offline_browser.py"
JOURNEYS = {
    "with JavaScript off, at 390 px": [f"{SCORING}::test_the_journey_on_a_telephone", "-k", "without"],
    "with JavaScript, at 390 px, 0 axe violations": [
        f"{SCORING}::test_the_journey_on_a_telephone",
        "-k",
        "not without",
    ],
    "offline and back, 0 axe violations": [OFFLINE],
    "saved by itself, in two tabs, too late": [SCORING, "-k", "not telephone"],
}


def main() -> list[Figure]:
    found = []
    for what, chosen in JOURNEYS.items():
        passed, said = browser_test.run(*chosen)
        found.append(Figure(what, "passes" if passed else said.splitlines()[-1], "passes", passed))
    return found
