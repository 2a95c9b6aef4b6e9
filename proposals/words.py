"""One definition of a clean text and of a word, the same in Python and in the browser (static/js/words.js).

What is pasted from elsewhere is cleaned before it is counted and stored: line ends become one sign; blanks of all kinds
(also those of no width) become a plain one; signs nobody sees (control signs, soft hyphens, marks of writing direction)
go; half of a character becomes U+FFFD, which `pasted.py` then points out. Joiners inside emoji and Arabic stay.

A word is an unbroken run of characters that are not blank. Python's and JavaScript's own ideas of white space differ
(U+001C to U+001F, U+0085 and U+FEFF), so both files spell the classes out; a test compares them in a real browser.
"""

import re

LONGEST_TEXT = 60_000  # characters of one answer

# Each in words.js too.
LINE_END = re.compile(r"\r\n|[\r\u000B\u000C\u0085\u2028\u2029]")
BLANK = re.compile(r"[\u001C-\u001F\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000\uFEFF]")
UNSEEN = re.compile(
    r"[\u0000-\u0008\u000E-\u001B\u007F-\u009F\u00AD\u061C\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069"
    r"\uFFF9-\uFFFB\uFFFE\uFFFF]"
)
HALF = re.compile(r"[\uD800-\uDFFF]")
WORD = re.compile(r"[^\t\n ]+")


def clean(text: str) -> str:
    """The text as it is counted and stored; cleaning it again changes nothing."""
    text = BLANK.sub(" ", LINE_END.sub("\n", text))
    return UNSEEN.sub("", HALF.sub("\ufffd", text))  # in this order: two halves that meet would be a character


def one_line(text: str) -> str:
    """A clean text without line ends and without blanks at its ends."""
    return " ".join(clean(text).split())


def count_words(text: str) -> int:
    """How many words the text has; 0 for a text of blanks only."""
    return sum(1 for _ in WORD.finditer(clean(text)))
