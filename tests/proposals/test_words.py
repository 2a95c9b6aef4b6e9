"""Python and the browser count alike."""

import random

import pytest

from proposals.words import count_words

# What people really paste: blanks of all kinds, emoji with joiners, Arabic, Chinese, marks, line ends.
PIECES = [
    "kata", "pelayanan-publik", "1.234,5", "é", "e\u0301", "👩‍👩‍👧‍👦", "🇮🇩", "السلام", "عليكم", "公共服务", "–", "…",
    "'", "<b>", " ", "  ", "\t", "\n", "\r\n", "\r", "\u00a0", "\u2003", "\u2009", "\u200b", "\u2028", "\u2029",
    "\u202f", "\u3000", "\ufeff", "\u0085", "\u001c", "\u000b", "\u000c", "\u1680", "\u205f", "\u200d", "\u2060",
]  # fmt: skip


def texts(number: int = 1500) -> list[str]:
    chance = random.Random(20230506)  # noqa: S311  the same texts in every run
    return ["".join(chance.choices(PIECES, k=chance.randrange(0, 40))) for _each in range(number)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0), ("  \n\t ", 0), ("satu", 1), ("satu dua", 2), ("satu\r\ndua\r\n", 2), ("satu\u00a0dua", 2),
        ("a\u200bb", 2), ("\ufeffsatu", 1), ("👩‍👩‍👧‍👦 🇮🇩", 2), ("السلام عليكم", 2), ("a - b", 3),
    ],
)  # fmt: skip
def test_counting(text, words):
    assert count_words(text) == words


@pytest.mark.browser
def test_the_browser_counts_alike(page, live_server):
    page.goto(f"{live_server.url}/static/js/words.js")
    counted = page.evaluate(
        """async (texts) => {
            const { countWords } = await import("/static/js/words.js");
            return texts.map(countWords);
        }""",
        texts(),
    )
    assert len(counted) >= 1000
    assert counted == [count_words(text) for text in texts()]
