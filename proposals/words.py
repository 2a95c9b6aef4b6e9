"""One definition of a word, the same in Python and in the browser (static/js/words.js).

A word is an unbroken run of characters that are not blank. Python's and JavaScript's own ideas of white space differ
(U+001C to U+001F, U+0085 and U+FEFF), so both files spell the class out; a test compares them in a real browser.
"""

import re

BLANK = (
    r"\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF"  # in words.js too
)
_WORD = re.compile(f"[^{BLANK}]+")


def count_words(text: str) -> int:
    """How many words the text has; 0 for a text of blanks only."""
    return sum(1 for _ in _WORD.finditer(text))
