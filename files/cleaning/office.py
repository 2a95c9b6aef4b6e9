"""Word, Excel and PowerPoint files: bounded as ZIPs, searched part by part, packed again from what was found sound.

Unlike a PDF, nothing is cut out of them: a part that acts is a reason to refuse, since the file would look damaged
without it. What is packed again holds the known parts only, so nothing hides before, between or after them.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from files.cleaning.refusal import Refused

MAX_PARTS = 2_000
MAX_UNPACKED = 60 * 1024 * 1024  # bytes, all parts together
MAX_RATIO = 150  # of a part larger than a megabyte; a table of numbers packs about 20 times
SMALL = 1024 * 1024
MAX_DEPTH = 200  # of elements in one another

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
_XML = {".xml", ".rels", ".vml"}
_PICTURES = {
    ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8\xff",), ".jpeg": (b"\xff\xd8\xff",), ".jfif": (b"\xff\xd8\xff",),
    ".gif": (b"GIF8",), ".bmp": (b"BM",), ".tif": (b"II", b"MM"), ".tiff": (b"II", b"MM"), ".wdp": (b"II\xbc",),
    ".emf": (b"\x01\0\0\0",), ".wmf": (b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0"),
}  # fmt: skip
_FONTS = {".odttf", ".fntdata"}
_MACROS = re.compile(r"vba(project|data)|macrosheets|/intlmacrosheets|dialogsheets|attachedtoolbars|customui", re.I)
_CONTROLS = re.compile(r"activex|/ctrlprops|webextension|/externallinks|/querytables|connections\.xml", re.I)
_SAFE_ADDRESSES = ("http://", "https://", "mailto:", "#")
_EMBEDDED = {"oleObject", "OLEObject", "control", "ocx", "ddeLink", "oleLink", "externalData", "altChunk", "subDoc"}
# Names of elements cannot be written in two ways: a part with none of these needs no search, only a sound structure.
_WORTH_A_LOOK = re.compile(
    rb"\0|instrText|fldSimple|definedName|formula|<(\w+:)?f[\s/>]|" + "|".join(sorted(_EMBEDDED)).encode()
)
_QUOTED = re.compile(r'"[^"]*"')
_FIELDS = re.compile(r"\b(dde|ddeauto|includetext|includepicture|link|import|quote)\b", re.I)
_FORMULAS = re.compile(r"\b(webservice|importdata|call|register(\.id)?|exec|filterxml|rtd)\s*\(|\|\s*'", re.I)


def clean(source: Path, target: Path) -> str:
    """Packs the sound parts into `target` and returns "docx", "xlsx" or "pptx".

    Raises Refused("broken_office" | "not_office" | "encrypted_office" | "macros" | "embedded_files" |
    "external_parts" | "too_heavy").
    """
    try:
        with zipfile.ZipFile(source) as package:
            parts = package.infolist()
            _bound(parts, size=source.stat().st_size)
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names:
                raise Refused("encrypted_office" if "EncryptedPackage" in names else "not_office")
            written = _format(package.read("[Content_Types].xml"))
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as twin:
                for part in parts:
                    if not part.is_dir():
                        _copy(part.filename, package.read(part), twin)
            return written
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, UnicodeError, ValueError):
        raise Refused("broken_office") from None
    except (RuntimeError, KeyError, OSError, expat.ExpatError):  # RuntimeError: a part behind a password
        raise Refused("broken_office") from None


def _bound(parts: list[zipfile.ZipInfo], *, size: int) -> None:
    """By what the archive says of itself. More than it says is never unpacked: the reader stops there and complains."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused("too_heavy")
    if sum(part.compress_size for part in parts) > size:  # parts that lie over one another
        raise Refused("too_heavy")
    if any(part.file_size > max(SMALL, part.compress_size * MAX_RATIO) for part in parts):
        raise Refused("too_heavy")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused("encrypted_office")
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names) or any(_is_crooked(name) for name in names):
        raise Refused("broken_office")


def _is_crooked(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in PurePosixPath(name).parts


def _format(types: bytes) -> str:
    """What the package says its main part is; a file with macros says something else."""
    found: list[str] = []

    def started(_tag: str, attributes: dict[str, str]) -> None:
        declared = attributes.get("ContentType", "")
        if "macroEnabled" in declared or "vbaProject" in declared:
            raise Refused("macros")
        if declared in _MAIN:
            found.append(_MAIN[declared])

    _read(types, started=started)
    if len(set(found)) != 1:
        raise Refused("not_office")
    return found[0]


def _copy(name: str, content: bytes, twin: zipfile.ZipFile) -> None:
    """Searches one part and packs it, always under the same date, so that equal contents stay equal."""
    ending = "." + name.lower().rpartition(".")[2]
    if _MACROS.search(name):
        raise Refused("macros")
    if _CONTROLS.search(name):
        raise Refused("external_parts")
    if ending in _XML:
        _search(name, content)
    elif ending in _PICTURES:
        if not content.startswith(_PICTURES[ending]) and not (ending == ".emf" or not content):
            raise Refused("embedded_files")
    elif ending == ".svg":
        _read(content, started=_refuse_scripts)
    elif not (ending in _FONTS or "printersettings" in name.lower()):
        raise Refused("embedded_files")
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    twin.writestr(info, content)


def _search(name: str, content: bytes) -> None:
    """Looks for what acts in one XML part: links to other files, objects, fields and formulas that fetch or run."""
    if name.endswith(".rels"):
        _read(content, started=_refuse_foreign_parts)
        return
    if not _WORTH_A_LOOK.search(content):
        _read(content)
        return
    fields: list[str] = []
    inside: list[str] = []

    def started(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local in _EMBEDDED:
            raise Refused("embedded_files")
        inside.append(local)
        if len(inside) > MAX_DEPTH:
            raise Refused("too_heavy")
        if local == "fldSimple":
            fields.append(next((text for key, text in attributes.items() if key.endswith("instr")), "") + "\n")

    def ended(_tag: str) -> None:
        if inside.pop() == "f":
            fields.append("\n")

    def told(text: str) -> None:
        if inside[-1] in ("instrText", "f", "definedName", "formula1", "formula2"):
            fields.append(text)

    _read(content, started=started, ended=ended, told=told)
    said = "".join(fields)
    if name.lower().startswith("xl/"):
        if _FORMULAS.search(said):
            raise Refused("external_parts")
    elif _FIELDS.search(_QUOTED.sub("", said)):
        raise Refused("external_parts")


def _refuse_foreign_parts(_tag: str, attributes: dict[str, str]) -> None:
    kind, address = attributes.get("Type", ""), attributes.get("Target", "").strip().lower()
    if "vbaProject" in kind:
        raise Refused("macros")
    if kind.endswith(("/oleObject", "/package", "/control", "/aFChunk")):
        raise Refused("embedded_files")
    if attributes.get("TargetMode", "").lower() != "external":
        if "://" in address or address.startswith(("\\\\", "file:")):
            raise Refused("external_parts")
        return
    if not kind.endswith("/hyperlink") or not address.startswith(_SAFE_ADDRESSES):
        raise Refused("external_parts")


def _refuse_scripts(tag: str, attributes: dict[str, str]) -> None:
    values = "".join(attributes.values()).lower().replace(" ", "")
    if tag.rpartition(":")[2].lower() in ("script", "foreignobject") or "javascript:" in values:
        raise Refused("embedded_files")
    if any(key.lower().startswith("on") for key in attributes):
        raise Refused("embedded_files")


def _read(
    content: bytes,
    *,
    started: Callable[[str, dict[str, str]], None] | None = None,
    ended: Callable[[str], None] | None = None,
    told: Callable[[str], None] | None = None,
) -> None:
    """Parses XML without a document type, which is where entities that unfold or fetch are declared."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = told
    parser.Parse(content, True)


def _refuse_doctype(*_declared: object) -> None:
    raise Refused("external_parts")
