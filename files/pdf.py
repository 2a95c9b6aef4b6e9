"""PDFs the portal writes: Typst templates under templates/, data as JSON, tagged for screen readers (PDF/UA-1)."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import cast

import segno
import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

TEMPLATES = settings.BASE_DIR / "templates"
_FOREIGN = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\u024f\u2010-\u2026\u20ac\u2190-\u2193]")


Printer = Callable[[Mapping[str, object]], bytes]


def render_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Renders `template` (a path under templates/, "proposals/receipt.typ") to a PDF/UA-1 file.

    The template reads its data by `json(bytes(sys.inputs.data))`: it is text there and never Typst code. Files
    outside templates/ cannot be read. The same data gives the same bytes. Signs no font of the portal has (a PDF for
    screen readers may not hold them) are written as their code, [U+1F6A4]. Raises typst.TypstError when the template
    itself is wrong.
    """
    return printer(template)(data)


def printer(template: str) -> Printer:
    """`render_pdf` for many documents of one template: the second and all others take a few milliseconds. What it
    returns belongs to one thread."""
    path = (TEMPLATES / template).resolve()
    if not path.is_relative_to(TEMPLATES.resolve()):
        raise ValueError(f"{template} is not under templates/")
    compiler = typst.Compiler(path, root=TEMPLATES, ignore_system_fonts=True)

    def rendered(data: Mapping[str, object]) -> bytes:
        text = json.dumps(data, cls=DjangoJSONEncoder)
        try:
            return _compiled(compiler, text)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
        return _compiled(compiler, json.dumps(_spelled(json.loads(text))))

    return rendered


def qr_svg(address: str) -> str:
    """The address as a QR code, for a template to draw."""
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, omitsize=True, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


def _compiled(compiler: typst.Compiler, data: str) -> bytes:
    compiled = compiler.compile(format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1")
    return cast("bytes", compiled)  # one document


def _spelled(value: object) -> object:
    """The same data with every sign outside Latin writing and its punctuation spelled as its code."""
    if isinstance(value, dict):
        return {name: _spelled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_spelled(each) for each in value]
    return _FOREIGN.sub(_code, value) if isinstance(value, str) else value


def _code(sign: re.Match[str]) -> str:
    return "" if unicodedata.category(sign[0])[0] == "C" or sign[0] == "\ufe0f" else f"[U+{ord(sign[0]):04X}]"
