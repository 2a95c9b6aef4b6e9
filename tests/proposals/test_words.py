"""Python and the browser count alike."""

import json

import pytest

from proposals.words import clean, count_words
from tests.proposals.pasted_texts import texts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0), ("  \n\t ", 0), ("satu", 1), ("satu dua", 2), ("satu\r\ndua\r\n", 2), ("satu\u00a0dua", 2),
        ("a\u200bb", 2), ("\ufeffsatu", 1), ("👩‍👩‍👧‍👦 🇮🇩", 2), ("السلام عليكم", 2), ("a - b", 3),
    ],
)  # fmt: skip
def test_counting(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ("satu\r\ndua\rtiga\x0bempat", "satu\ndua\ntiga\nempat"), ("a\u00a0b\u2003c\u200bd", "a b c d"),
        ("ber\u00adman\u2060faat", "bermanfaat"), ("\u202eterbalik\u202c\u200f", "terbalik"), ("a\x00\x07b", "ab"),
        ("\ud83d", "\ufffd"), ("👩‍👩‍👧‍👦 “kutip” – é", "👩‍👩‍👧‍👦 “kutip” – é"), ("می‌خواهم", "می‌خواهم"),
    ],
)  # fmt: skip
def test_cleaning(pasted, cleaned):
    assert clean(pasted) == cleaned


def test_cleaning_again_changes_nothing():
    assert all(clean(clean(text)) == clean(text) for text in texts())


@pytest.mark.browser
def test_the_browser_cleans_and_counts_alike(page, live_server):
    given = texts()
    page.goto(f"{live_server.url}/static/js/words.js")
    answered = page.evaluate(
        """async (texts) => {
            const { clean, countWords } = await import("/static/js/words.js");
            return JSON.parse(texts).map((text) => [countWords(text), clean(text)]);
        }""",
        json.dumps(given),
    )
    assert answered == [[count_words(text), clean(text)] for text in given]
