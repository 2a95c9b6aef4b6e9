"""What may be attached: the kinds a year's rules name, and the formats each of them is made of."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Format:
    """One format as it is stored: what it is served as and how its names end."""

    label: str
    media_type: str
    extension: str


@dataclass(frozen=True)
class Kind:
    """`named` is what a person reads; `accept` what a browser's file dialogue is told."""

    named: str | Promise
    formats: tuple[str, ...]
    accept: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS = {
    "pdf": Format("PDF", "application/pdf", ".pdf"),
    "jpeg": Format("JPEG", "image/jpeg", ".jpg"),
    "png": Format("PNG", "image/png", ".png"),
    "docx": Format("Word", _OFFICE + "wordprocessingml.document", ".docx"),
    "xlsx": Format("Excel", _OFFICE + "spreadsheetml.sheet", ".xlsx"),
    "pptx": Format("PowerPoint", _OFFICE + "presentationml.presentation", ".pptx"),
}
KINDS = {
    "pdf": Kind(_("PDF"), ("pdf",), ".pdf,application/pdf"),
    # WebP is read and kept as JPEG.
    "image": Kind(_("picture (JPEG, PNG or WebP)"), ("jpeg", "png"), "image/jpeg,image/png,image/webp"),
    "office": Kind(
        _("Word, Excel or PowerPoint file (DOCX, XLSX, PPTX)"), ("docx", "xlsx", "pptx"), ".docx,.xlsx,.pptx"
    ),
}


def named(kinds: Collection[str]) -> str:
    """The accepted kinds as one readable list: "PDF", "PDF / gambar (JPEG, PNG atau WebP)"."""
    return " / ".join(str(kind.named) for kind in _chosen(kinds))


def accepted_by_browsers(kinds: Collection[str]) -> str:
    """The value of a file field's `accept`."""
    return ",".join(kind.accept for kind in _chosen(kinds))


def format_of(media_type: str) -> str:
    return next(key for key, known in FORMATS.items() if known.media_type == media_type)


def is_of(format_key: str, kinds: Collection[str]) -> bool:
    return any(format_key in kind.formats for kind in _chosen(kinds))


def _chosen(kinds: Collection[str]) -> Iterator[Kind]:
    return (kind for key, kind in KINDS.items() if key in kinds)
