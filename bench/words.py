"""Do the browser and the server count the same words, and clean a text alike, whatever is pasted?"""

import json
import shutil
import subprocess
from pathlib import Path

from figures import Figure

from proposals.words import clean, count_words
from tests.proposals.pasted_texts import texts

TEXTS = 5000
SCRIPT = Path(__file__).resolve().parent.parent / "static" / "js" / "words.js"
COUNT = """
import { clean, countWords } from WORDS;
let given = "";
process.stdin.on("data", (part) => { given += part; });
process.stdin.on("end", () => {
  const answer = JSON.parse(given).map((text) => [countWords(text), clean(text)]);
  process.stdout.write(JSON.stringify(answer).replace(/[\\u007f-\\uffff]/g, (sign) =>
    "\\\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0")));
});
"""


def in_javascript(given: list[str]) -> list[tuple[int, str]]:
    """What static/js/words.js makes of them, in Node or, where there is none, in Chromium."""
    if node := shutil.which("node"):
        script = COUNT.replace("WORDS", json.dumps(f"data:text/javascript,{_quoted(SCRIPT.read_text())}"))
        asked = subprocess.run(  # noqa: S603  our own script
            [node, "--input-type=module", "-e", script], input=json.dumps(given), capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return [(words, text) for words, text in json.loads(asked.stdout)]
    return _in_chromium(given)


def _in_chromium(given: list[str]) -> list[tuple[int, str]]:
    from playwright.sync_api import sync_playwright

    from tests import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        answer = browser.new_page().evaluate(
            """async ([address, texts]) => {
                const { clean, countWords } = await import(address);
                return JSON.parse(texts).map((text) => [countWords(text), clean(text)]);
            }""",
            [f"data:text/javascript,{_quoted(SCRIPT.read_text())}", json.dumps(given)],
        )
        browser.close()
    return [(words, text) for words, text in answer]


def _quoted(source: str) -> str:
    from urllib.parse import quote

    return quote(source)


def main() -> list[Figure]:
    given = texts(TEXTS)
    here = [(count_words(text), clean(text)) for text in given]
    there = in_javascript(given)
    counts = sum(mine[0] != its[0] for mine, its in zip(here, there, strict=True))
    cleaned = sum(mine[1] != its[1] for mine, its in zip(here, there, strict=True))
    again = sum(clean(text) != text or count_words(text) != words for words, text in here)
    return [
        Figure(f"texts of {len(given)} counted differently", f"{counts}", "0", counts == 0 and len(given) >= 1000),
        Figure("texts cleaned differently", f"{cleaned}", "0", cleaned == 0),
        Figure("cleaned texts that cleaning changes again", f"{again}", "0", again == 0),
    ]
