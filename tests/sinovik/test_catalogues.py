"""All catalogues are one at run time: Django takes the first translation it finds of an English text."""

from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


def test_one_english_text_has_one_translation():
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in ROOT.glob("*/locale/id/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="id"):
                english = message.id if isinstance(message.id, str) else message.id[0]
                words = message.string if isinstance(message.string, str) else message.string[0]
                if english:
                    found[message.context or "", english].add(words)
    assert {key: words for key, words in found.items() if len(words) > 1} == {}
