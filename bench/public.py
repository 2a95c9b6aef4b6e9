"""The figures of what the public sees: python bench/public.py [NAME …]"""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

# The root first: the figures must not hide the apps of their names.
sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

from figures import Figure, run  # noqa: E402

# Name → the module of this folder that measures it.
MODULES = {
    "embargo": "embargo",
    "import": "imports",
    "search": "searches",
    "certificates": "certificates",
    "api": "open_data",
    "catalogue": "catalogue_pages",
}


def measured(name: str) -> Sequence[Figure]:
    """The figures of one name, imported only when asked for."""
    figures: Sequence[Figure] = import_module(MODULES[name]).main()
    return figures


if __name__ == "__main__":
    sys.exit(run({name: lambda name=name: measured(name) for name in MODULES}, sys.argv[1:]))
