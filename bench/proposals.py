"""The figures of the proposal side: python bench/proposals.py [NAME …]"""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

from figures import Figure, run  # noqa: E402

NAMES = ("lost-updates", "sends", "words", "eligibility", "similarity", "uploads", "pages")


def measured(name: str) -> Sequence[Figure]:
    """The figures of bench/<name>.py, imported only when asked for."""
    figures: Sequence[Figure] = import_module(name.replace("-", "_")).main()
    return figures


if __name__ == "__main__":
    sys.exit(run({name: lambda name=name: measured(name) for name in NAMES}, sys.argv[1:]))
