"""The figures of judging: python bench/judging.py [NAME …] [--seasons 20]"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

# The root first: this file must not hide the app of its name.
sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

from figures import Figure, run  # noqa: E402

NAMES = {
    "simulate": ("seasons",),
    "assign": ("instances",),
    "board": (),
    "recompute": (),
    "keyboard": (),
    "journey": (),
    "anonymity": (),
}  # and which options a figure takes


def measured(name: str, options: dict[str, int]) -> Sequence[Figure]:
    """The figures of bench/<name>.py, imported only when asked for."""
    wanted = {key: options[key] for key in NAMES[name]}
    figures: Sequence[Figure] = import_module(name.replace("-", "_")).main(**wanted)
    return figures


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seasons", type=int, default=20, help="for simulate")
    parser.add_argument("--instances", type=int, default=1000, help="for assign: how many random ones")
    given = vars(parser.parse_args())
    sys.exit(run({name: lambda name=name: measured(name, given) for name in NAMES}, given["names"]))
