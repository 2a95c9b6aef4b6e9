"""One check: reads SOURCE, writes its harmless twin to TARGET, prints "ok FORMAT" or "no REASON".

A process of its own with hard limits on memory and computing time, because a file of a few kilobytes can unfold into
gigabytes, and because readers of foreign formats have faults: what goes wrong here ends here. The limits hold before
the libraries are loaded. A process that is killed by them prints nothing.
"""

import resource
import signal
from pathlib import Path

from files.cleaning.refusal import Refused

MEMORY = 150 * 1024 * 1024  # bytes of data; with the libraries' own pages the process stays under 200 MB
LARGEST_TARGET = 120 * 1024 * 1024  # bytes


def main(source: str, target: str, kinds: str, seconds: str) -> None:
    """`kinds` with commas between them, `seconds` of computing time."""
    _limit(float(seconds))
    try:
        print("ok", check(Path(source), Path(target), kinds.split(",")))
    except Refused as refused:
        print("no", refused.args[0])
    except (MemoryError, RecursionError, OverflowError):
        print("no too_heavy")


def check(source: Path, target: Path, kinds: list[str]) -> str:
    """The format that was written. Raises Refused, also when the format is sound but of a kind not asked for."""
    with source.open("rb") as file:
        head = file.read(64)
    kind = _kind(head)
    if kind not in kinds:
        old = "office" in kinds and head.startswith(b"\xd0\xcf\x11\xe0")
        raise Refused("old_office" if old else "wrong_kind")
    if kind == "pdf":
        from files.cleaning.pdf import clean
    elif kind == "image":
        from files.cleaning.image import clean
    else:
        from files.cleaning.office import clean
    return clean(source, target)


def _kind(head: bytes) -> str:
    """By how the file begins. Text before %PDF is forgiven by readers, which is how a web page travels as a PDF."""
    if head.lstrip(b"\xef\xbb\xbf\r\n\t \0").startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    return "office" if head.startswith(b"PK\x03\x04") else ""


def _limit(seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_TARGET, LARGEST_TARGET))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends the process; whole seconds would be too coarse
