"""Model letters to fill in, as Word documents: the least a word processor asks for, written without one."""

import tomllib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FILE = Path(__file__).with_name("model_letters.toml")
SIGNED = ["……………………, ……………………", "Jabatan,", "", "", "(tanda tangan dan cap)", "", "Nama: ……………………", "NIP: ……………………"]
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
LINKS = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
A4 = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"/></w:sectPr>'
)
A_WHILE_AGO = (2023, 1, 1, 0, 0, 0)  # the same letter is the same bytes


@dataclass(frozen=True)
class ModelLetter:
    key: str
    name: str
    hint: str
    body: str

    def as_docx(self) -> bytes:
        lines = [self.name.upper(), "", *self.body.strip().splitlines(), "", *SIGNED]
        paragraphs = "".join(_paragraph(line, bold=place == 0) for place, line in enumerate(lines))
        text = f'{HEAD}<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}{A4}</w:body></w:document>'
        made = BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED) as packed:
            for name, part in (("[Content_Types].xml", TYPES), ("_rels/.rels", LINKS), ("word/document.xml", text)):
                packed.writestr(ZipInfo(name, A_WHILE_AGO), part)
        return made.getvalue()


@cache
def model_letters() -> dict[str, ModelLetter]:
    """By key, in the order in which they are needed."""
    return {row["key"]: ModelLetter(**row) for row in tomllib.loads(FILE.read_text())["letters"]}


def _paragraph(line: str, *, bold: bool) -> str:
    placed = '<w:pPr><w:jc w:val="center"/></w:pPr>' if bold else ""
    look = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="24"/><w:lang w:val="id-ID"/></w:rPr>'
    return f'<w:p>{placed}<w:r>{look}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
