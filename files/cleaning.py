"""Opens a PDF nobody trusts and writes it again without anything that acts by itself.

Runs in a process of its own (`python cleaning.py SOURCE TARGET`) with hard limits on memory and time, because a file
of a few kilobytes can unfold into gigabytes. Knows nothing of Django. Prints one word: "ok" or the reason.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

MAX_PAGES = 500
MAX_MEMORY = 400 * 1024 * 1024  # bytes of data a single file may need
MAX_SECONDS = 15

_ACTIVE_KEYS = ("/AA", "/OpenAction", "/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/AF", "/Collection", "/Ref")
_ACTIVE_NOTES = {"/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D", "/TrapNet"}
_SAFE_ACTIONS = {"/GoTo", "/URI"}
_SAFE_ADDRESSES = ("http://", "https://", "mailto:")


class Refused(Exception):
    """The file is not taken; the argument is the reason's code."""


def clean(source: Path, target: Path) -> None:
    """Writes the harmless twin of `source` to `target`; the same bytes in give the same bytes out.

    Raises Refused("not_a_pdf" | "broken_pdf" | "encrypted_pdf" | "empty_pdf" | "too_many_pages").
    """
    import pikepdf  # here, so that the limits of `main` hold while the library loads

    _look_at_the_ends(source)
    try:
        with pikepdf.open(source) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted_pdf")
            if not len(pdf.pages):
                raise Refused("empty_pdf")
            if len(pdf.pages) > MAX_PAGES:
                raise Refused("too_many_pages")
            for holder in _holders(pdf):
                _disarm(holder)
            pdf.remove_unreferenced_resources()
            pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError:
        raise Refused("encrypted_pdf") from None
    except (pikepdf.PdfError, RuntimeError, TypeError, ValueError, KeyError, AttributeError):
        # pikepdf answers nonsense inside the file with any of these.
        raise Refused("broken_pdf") from None


def _look_at_the_ends(source: Path) -> None:
    """Readers forgive text before %PDF, which is how a web page travels as a PDF; and a cut-off file has no end."""
    with source.open("rb") as file:
        if not file.read(64).lstrip(b"\xef\xbb\xbf\r\n\t \0").startswith(b"%PDF-"):
            raise Refused("not_a_pdf")
        size = file.seek(0, 2)
        file.seek(max(0, size - 4096))
        if b"%%EOF" not in file.read():
            raise Refused("broken_pdf")


def _holders(pdf: object) -> Iterator:
    """Every dictionary of the file (also the dictionaries of streams), each once, however deeply they lie."""
    import pikepdf

    pending = [*pdf.objects, pdf.trailer]  # type: ignore[attr-defined]
    while pending:
        thing = pending.pop()
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            pending.extend(child for _, child in thing.items() if _is_direct(child))
        elif isinstance(thing, pikepdf.Array):
            pending.extend(child for child in thing if _is_direct(child))


def _is_direct(child: object) -> bool:
    import pikepdf

    return isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect


def _disarm(holder) -> None:  # type: ignore[no-untyped-def]
    import pikepdf

    for key in _ACTIVE_KEYS:
        if key in holder:
            del holder[key]
    if isinstance(holder, pikepdf.Stream) and "/F" in holder:
        del holder["/F"]  # a stream kept in another file
    for key in ("/A", "/PA"):
        if key in holder and isinstance(holder[key], pikepdf.Dictionary) and not _is_safe(holder[key]):
            del holder[key]
    if isinstance(holder.get("/Annots"), pikepdf.Array):
        holder["/Annots"] = pikepdf.Array(note for note in holder["/Annots"] if not _is_active_note(note))


def _is_safe(action) -> bool:  # type: ignore[no-untyped-def]
    """A jump inside the file or a link to a web or mail address, followed by nothing else."""
    if "/Next" in action:
        del action["/Next"]
    kind = str(action.get("/S", ""))
    return kind == "/GoTo" or (
        kind == "/URI" and str(action.get("/URI", "")).strip().lower().startswith(_SAFE_ADDRESSES)
    )


def _is_active_note(note) -> bool:  # type: ignore[no-untyped-def]
    import pikepdf

    return not isinstance(note, pikepdf.Dictionary) or str(note.get("/Subtype", "")) in _ACTIVE_NOTES


def main(source: str, target: str) -> str:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        clean(Path(source), Path(target))
    except Refused as refused:
        return str(refused.args[0])
    except (MemoryError, RecursionError):
        return "too_heavy"
    return "ok"


if __name__ == "__main__":
    print(main(*sys.argv[1:3]))
