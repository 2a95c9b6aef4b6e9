"""File names as people wrote them, made safe to store, show and send back."""

import re
import unicodedata

from django.utils.translation import ngettext_lazy

_PATH = re.compile(r"[\\/]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_KNOWN = re.compile(r"(?i)\.(pdf|jpe?g|png|webp|docx|xlsx|pptx)$")  # the stored format gives the ending
# Django's words for the size of a small file, so that this catalogue says "590 B" where the larger ones say "KB".
SMALL_SIZE = ngettext_lazy("%(size)d byte", "%(size)d bytes")
LONGEST = 120  # characters, extension included


def clean_name(name: str, *, extension: str = ".pdf") -> str:
    """The last path part without control and direction marks, at most 120 characters, ending in `extension`."""
    last = _PATH.split(name)[-1]
    visible = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem = _FORBIDDEN.sub("_", " ".join(visible.split()))
    stem = _KNOWN.sub("", stem)
    stem = stem[: LONGEST - len(extension)].strip(" .") or "dokumen"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return stem + extension
