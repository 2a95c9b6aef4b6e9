"""Texts as they arrive from word processors, telephones and broken encodings; also what bench/words.py counts."""

import json
import random

# What people really paste: blanks of all kinds, emoji with joiners, Arabic, Chinese, marks of direction, soft hyphens,
# line ends of all systems, halves of characters, what a word processor leaves behind.
PIECES = [
    "kata", "pelayanan-publik", "1.234,5", "é", "e\u0301", "👩‍👩‍👧‍👦", "🇮🇩", "السلام", "عليكم", "公共服务", "–", "…",
    "“kutip”", "'", "<b>", "<o:p></o:p>", "â€œ", " ", "  ", "\t", "\n", "\r\n", "\r", "\u00a0", "\u2003", "\u2009",
    "\u200b", "\u200c", "\u200d", "\u2028", "\u2029", "\u202f", "\u3000", "\ufeff", "\u0085", "\u001c", "\u000b",
    "\u000c", "\u1680", "\u205f", "\u2060", "\u00ad", "\u200e", "\u200f", "\u061c", "\u202a", "\u202e", "\u2066",
    "\u2069", "\u0000", "\u0007", "\u007f", "\u009f", "\ufffd", "\ufffe", "\uffff", "\ud800", "\udc00", "\ufff9",
]  # fmt: skip


def texts(number: int = 1500) -> list[str]:
    """The same in every run; a tenth of them any signs at all. Two halves that meet are one character, as in JSON."""
    chance = random.Random(20230506)  # noqa: S311  not a secret
    pasted = ["".join(chance.choices(PIECES, k=chance.randrange(40))) for _each in range(number - number // 10)]
    wild = ["".join(map(chr, chance.choices(range(0x10000), k=60))) for _each in range(number // 10)]
    whole: list[str] = json.loads(json.dumps(pasted + wild))
    return whole
