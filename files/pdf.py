"""PDFs the portal writes: Typst templates under templates/, data as JSON, tagged for screen readers (PDF/UA-1)."""

import json
from collections.abc import Mapping

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

TEMPLATES = settings.BASE_DIR / "templates"


def render_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Renders `template` (a path under templates/, "proposals/receipt.typ") to a PDF/UA-1 file.

    The template reads its data by `json(bytes(sys.inputs.data))`: it is text there and never Typst code. Files
    outside templates/ cannot be read. The same data gives the same bytes. Raises typst.TypstError when the template
    itself is wrong.
    """
    path = (TEMPLATES / template).resolve()
    if not path.is_relative_to(TEMPLATES.resolve()):
        raise ValueError(f"{template} is not under templates/")
    return typst.compile(
        path,
        root=TEMPLATES,
        format="pdf",
        sys_inputs={"data": json.dumps(data, cls=DjangoJSONEncoder)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
