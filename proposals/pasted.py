"""What pasting does to a text and cleaning cannot mend: damaged characters, and a word processor's own code.

Such a text is stored all the same, because nothing typed may be lost; its writer is told, with an example.
"""

import re

from django.utils.translation import gettext as _

# U+FFFD is what could not be read; the others are UTF-8 that somebody read as Windows-1252: â€œ for “, Ã© for é.
DAMAGED = re.compile(r"\S{0,12}(?:\ufffd|â€|Ã[\u0080-\u00BF©¨¡³]|Â[\u00A0-\u00BF])\S{0,12}")
MARKUP = re.compile(
    r"<!--\[if\b.{0,20}|</?(?:o|w|m|v):\w+.{0,20}|class=\"?Mso\w+|\bmso-[a-z-]+:|\{\\rtf1", re.IGNORECASE
)


def remarks(text: str) -> list[str]:
    """What the writer should look at, in whole sentences."""
    found = []
    if damaged := DAMAGED.search(text):
        words = _("Some characters arrived damaged, for example in “%(sample)s”. Please correct them.")
        found.append(words % {"sample": damaged[0]})
    if markup := MARKUP.search(text):
        words = _("The text contains code of a word processor, for example “%(sample)s”. Please remove it.")
        found.append(words % {"sample": markup[0]})
    return found
