"""Runs a test of the real browser for a figure, from a fresh clone; without a browser it counts as failed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*chosen: str) -> tuple[bool, str]:
    """Whether the chosen tests all passed, and what was printed."""
    done = subprocess.run(  # noqa: S603  our own tests
        [sys.executable, "-m", "pytest", "-q", "-s", "--tb=line", *chosen], cwd=ROOT,
        env={**os.environ, "CI": "true", "DJANGO_SETTINGS_MODULE": "tests.settings"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode == 0, done.stdout.strip()
