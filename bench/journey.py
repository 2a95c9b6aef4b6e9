"""The scoring journey as the tests of a real browser live it: without scripts, offline and back, on a telephone."""

import os
import subprocess
import sys
from pathlib import Path

from figures import Figure

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = {
    "with scripts switched off, at 390 px": "tests/judging/test_scoring_browser.py::test_the_journey_without_scripts",
    "with scripts at 390 px": "tests/judging/test_scoring_browser.py::test_the_journey_on_a_telephone",
    "offline and back": "tests/judging/test_offline_browser.py",
    "saved by itself, two tabs, too late": "tests/judging/test_scoring_browser.py",
}


def main() -> list[Figure]:
    """Each of these tests fails on an accessibility violation, a script error or sideways scroll."""
    found = []
    for what, test in JOURNEYS.items():
        command = [sys.executable, "-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", test]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "CI": "true", "DJANGO_SETTINGS_MODULE": "tests.settings"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        words = "passes, 0 axe violations" if done.returncode == 0 else done.stdout.strip().splitlines()[-1]
        found.append(Figure(f"journey {what}", words, "passes", done.returncode == 0))
    return found
