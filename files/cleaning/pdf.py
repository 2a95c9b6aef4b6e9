"""PDFs: opened and written again without anything that acts by itself."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Stream

from files.cleaning.refusal import Refused

MAX_PAGES = 500
MAX_DRAWING = 40 * 1024 * 1024  # bytes that pages, forms and fonts unfold to: what a reader has to work through
MAX_PICTURE = 100 * 1024 * 1024  # bytes one picture unfolds to: A4 in colour at 600 dots per inch
_STEP = 1024 * 1024

_ACTIVE_KEYS = (
    *("/OpenAction", "/JavaScript", "/XFA", "/NeedsRendering", "/EmbeddedFiles", "/Collection", "/Requirements"),
    *("/RichMediaContent", "/RichMediaSettings", "/Renditions", "/AlternatePresentations"),
)
_ACTIVE_NOTES = {"/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D", "/TrapNet"}
_ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToR", "/GoToE", "/Rendition", "/Movie"),
    *("/Sound", "/Named", "/Hide", "/Thread", "/Trans", "/SetOCGState", "/GoTo3DView", "/RichMediaExecute", "/GoToDp"),
}
_SAFE_ADDRESSES = ("http://", "https://", "mailto:")


def clean(source: Path, target: Path) -> str:
    """Writes the harmless twin of `source` to `target`; the same bytes in give the same bytes out.

    Raises Refused("broken_pdf" | "encrypted_pdf" | "empty_pdf" | "too_many_pages" | "too_heavy").
    """
    _look_at_the_end(source)
    try:
        with pikepdf.open(source) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted_pdf")
            if not len(pdf.pages):
                raise Refused("empty_pdf")
            if len(pdf.pages) > MAX_PAGES:
                raise Refused("too_many_pages")
            holders = list(_holders(pdf))
            _weigh(holders)
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
    return "pdf"


def _look_at_the_end(source: Path) -> None:
    """A cut-off file has none."""
    with source.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 4096))
        if b"%%EOF" not in file.read():
            raise Refused("broken_pdf")


def _holders(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file (also those of streams), each once, however deeply it lies."""
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


def _weigh(holders: list[pikepdf.Object]) -> None:
    """Refuses what would keep a reader's machine busy: streams that unfold to far more than pages need."""
    drawing = 0
    for stream in holders:
        if not isinstance(stream, Stream):
            continue
        filters = _filters(stream)
        if filters.count("/FlateDecode") > 1 or len(filters) > 3:
            raise Refused("too_heavy")
        if filters[:1] != ["/FlateDecode"]:
            continue
        is_picture = str(stream.get("/Subtype", "")) == "/Image"
        size = _unfolded(stream.read_raw_bytes(), MAX_PICTURE if is_picture else MAX_DRAWING - drawing)
        drawing += 0 if is_picture else size


def _filters(stream: pikepdf.Object) -> list[str]:
    named = stream.get("/Filter", Array())
    return [str(each) for each in named] if isinstance(named, Array) else [str(named)]


def _unfolded(packed: bytes, most: int) -> int:
    """The size of the unpacked bytes, counted in small steps and never held; Refused past `most`."""
    size, unpacker, pending = 0, zlib.decompressobj(), packed
    while pending and not unpacker.eof:
        try:
            size += len(unpacker.decompress(pending, _STEP))
        except zlib.error:
            break  # what the reader cannot unpack cannot grow
        if size > most:
            raise Refused("too_heavy")
        pending = unpacker.unconsumed_tail
    return size


def _disarm(holder: pikepdf.Object) -> None:
    """Takes out of one dictionary what would act, run, fetch or carry another file.

    Fonts and pictures stand under names a writer chooses, so short keys go only where the value is what they mean.
    """
    for key in _ACTIVE_KEYS:
        if key in holder:
            del holder[key]
    if isinstance(holder.get("/URI"), Dictionary):  # what every link of the file would begin with
        del holder["/URI"]
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


def _is_safe(action: pikepdf.Object) -> bool:
    """A jump inside the file or a link to a web or mail address, followed by nothing else."""
    if "/Next" in action:
        del action["/Next"]
    if "/URI" in action:
        return str(action["/URI"]).strip().lower().startswith(_SAFE_ADDRESSES)
    return str(action.get("/S", "")) in ("/GoTo", "")


def _is_active_note(note: object) -> bool:
    return not isinstance(note, Dictionary) or str(note.get("/Subtype", "")) in _ACTIVE_NOTES


def _parts(holder: pikepdf.Object) -> list[pikepdf.Object]:
    """The dictionaries directly in a dictionary or array, or the dictionary's own list of one."""
    if isinstance(holder, Array):
        return [child for child in holder if isinstance(child, Dictionary)]
    inner = [child for _key, child in holder.items() if isinstance(child, Dictionary)]
    return [holder, *inner] if isinstance(holder, Dictionary) else []


def _empty(holder: pikepdf.Object) -> None:
    for key in list(holder.keys()):
        if key not in ("/Length", "/Type"):
            del holder[key]
