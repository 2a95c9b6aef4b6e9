"""Opens a PDF nobody trusts and writes it again without anything that acts by itself.

Runs in a process of its own (`python cleaning.py SOURCE TARGET`) with hard limits on memory and time, because a file
of a few kilobytes can unfold into gigabytes. Knows nothing of Django. Prints one word: "ok" or the reason.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

MAX_PAGES = 500
MAX_MEMORY = 300 * 1024 * 1024  # bytes of data a single file may need
MAX_SECONDS = 15

_ACTIVE_KEYS = ("/OpenAction", "/JavaScript", "/XFA", "/EmbeddedFiles", "/Collection", "/RichMediaContent")
_ACTIVE_NOTES = {"/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D", "/TrapNet"}
_ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToR", "/GoToE", "/Rendition", "/Movie"),
    *("/Sound", "/Named", "/Hide", "/Thread", "/Trans", "/SetOCGState", "/GoTo3DView", "/RichMediaExecute", "/GoToDp"),
}
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
            holders = list(_holders(pdf))
            for holder in holders:
                _disarm(holder)
            for holder in holders:  # afterwards, since triggers are known by the actions in them
                if str(holder.get("/S", "")) in _ACTIONS:
                    _empty(holder)
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


def _holders(pdf: "pikepdf.Pdf") -> Iterator["pikepdf.Object"]:
    """Every dictionary of the file (also those of streams), each once, however deeply it lies."""
    from pikepdf import Array, Dictionary, Stream

    pending = [*pdf.objects, pdf.trailer]
    while pending:
        thing = pending.pop()
        if isinstance(thing, Dictionary | Stream):
            yield thing
            children = [child for _key, child in thing.items()]
        elif isinstance(thing, Array):
            children = list(thing)
        else:
            continue
        pending.extend(child for child in children if isinstance(child, Dictionary | Array) and not child.is_indirect)


def _disarm(holder: "pikepdf.Object") -> None:
    """Takes out of one dictionary what would act, run, fetch or carry another file.

    Fonts and pictures stand under names a writer chooses, so short keys go only where the value is what they mean.
    """
    from pikepdf import Array, Dictionary, Stream

    for key in _ACTIVE_KEYS:
        if key in holder:
            del holder[key]
    for key in ("/A", "/PA"):
        if isinstance(holder.get(key), Dictionary) and not _is_safe(holder[key]):
            del holder[key]
    if isinstance(triggers := holder.get("/AA"), Dictionary) and any("/S" in action for action in _parts(triggers)):
        del holder["/AA"]
    if "/AF" in holder and any({"/EF", "/F", "/UF"} & set(part.keys()) for part in _parts(holder["/AF"])):
        del holder["/AF"]
    if isinstance(holder.get("/EF"), Dictionary) and {"/F", "/UF", "/Type"} & set(holder.keys()):
        del holder["/EF"]
    if isinstance(holder, Stream):
        for key in ("/F", "/Ref"):  # bytes, or a page, kept in another file
            if key in holder:
                del holder[key]
    if isinstance(notes := holder.get("/Annots"), Array):
        holder["/Annots"] = Array(note for note in notes if not _is_active_note(note))


def _is_safe(action: "pikepdf.Object") -> bool:
    """A jump inside the file or a link to a web or mail address, followed by nothing else."""
    if "/Next" in action:
        del action["/Next"]
    if "/URI" in action:
        return str(action["/URI"]).strip().lower().startswith(_SAFE_ADDRESSES)
    return str(action.get("/S", "")) in ("/GoTo", "")


def _is_active_note(note: object) -> bool:
    from pikepdf import Dictionary

    return not isinstance(note, Dictionary) or str(note.get("/Subtype", "")) in _ACTIVE_NOTES


def _parts(holder: "pikepdf.Object") -> list["pikepdf.Object"]:
    """The dictionaries directly in a dictionary or array, or the dictionary's own list of one."""
    from pikepdf import Array, Dictionary

    if isinstance(holder, Array):
        return [child for child in holder if isinstance(child, Dictionary)]
    inner = [child for _key, child in holder.items() if isinstance(child, Dictionary)]
    return [holder, *inner] if isinstance(holder, Dictionary) else []


def _empty(holder: "pikepdf.Object") -> None:
    for key in list(holder.keys()):
        if key not in ("/Length", "/Type"):
            del holder[key]


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
