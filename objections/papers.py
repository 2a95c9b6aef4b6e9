"""Evidence for those who may not know who filed it."""

from io import BytesIO

import pikepdf
from django.core.files.storage import default_storage

from files.models import StoredFile


def without_author(stored: StoredFile) -> bytes:
    """The file's bytes; of a PDF without its properties, which often name the author. Pictures were drawn anew when
    they were stored and carry none."""
    with default_storage.open(stored.path) as file:
        content = file.read()
    if stored.media_type != "application/pdf":
        return bytes(content)
    made = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        if "/Metadata" in pdf.Root:
            del pdf.Root.Metadata
        pdf.save(made)
    return made.getvalue()
