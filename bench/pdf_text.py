"""The words of a PDF, by its fonts' own maps, and its metadata: enough to search it. No line breaks are kept."""

import re
from io import BytesIO

import pikepdf

_HEX = re.compile(r"<([0-9A-Fa-f ]+)>")
_CHAR = re.compile(r"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGE = re.compile(r"beginbfrange(.*?)endbfrange", re.DOTALL)
_ONE_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[(.*?)\])", re.DOTALL)


def words_of(content: bytes) -> str:
    with pikepdf.open(BytesIO(content)) as pdf:
        found = [str(value) for value in pdf.docinfo.values()]
        with pdf.open_metadata(set_pikepdf_as_editor=False) as facts:
            found += [str(value) for value in facts.values()]
        for page in pdf.pages:
            fonts = page.get("/Resources", {}).get("/Font", {})
            maps = {name: _map(font) for name, font in fonts.items() if "/ToUnicode" in font}
            found.append(_page(page, maps))
        return "\n".join(found)


def _map(font: pikepdf.Object) -> dict[bytes, str]:
    text = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found = {}
    for part in _CHAR.findall(text):
        codes = [bytes.fromhex(each.replace(" ", "")) for each in _HEX.findall(part)]
        found |= {code: sign.decode("utf-16-be", "replace") for code, sign in zip(codes[::2], codes[1::2], strict=True)}
    for part in _RANGE.findall(text):
        for low, high, first, listed in _ONE_RANGE.findall(part):
            size, start = len(low) // 2, int(low, 16)
            signs = _HEX.findall(listed)
            for number in range(int(high, 16) - start + 1):
                sign = signs[number] if signs else f"{int(first, 16) + number:0{len(first)}x}"
                found[(start + number).to_bytes(size, "big")] = bytes.fromhex(sign).decode("utf-16-be", "replace")
    return found


def _page(page: pikepdf.Page, maps: dict[str, dict[bytes, str]]) -> str:
    found, signs = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            signs = maps.get(str(operands[0]), {})
        elif str(operator) in ("Tj", "TJ", "'", '"'):
            given = operands[-1]
            for each in given if isinstance(given, pikepdf.Array) else [given]:
                if isinstance(each, pikepdf.String):
                    raw = bytes(each)
                    found += [signs.get(raw[at : at + 2], "") for at in range(0, len(raw), 2)]
        elif str(operator) == "ET":
            found.append(" ")
    return "".join(found)
