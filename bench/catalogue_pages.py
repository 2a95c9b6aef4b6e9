"""The catalogue with 10,000 innovations, as its visitors see it: queries, weight, axe, width, scripts off, keyboard.

The static files are collected and compressed as in production; the pages come from a real server.
"""

import os

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread

import scratch

scratch.begin()

import io  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402

from catalogue_rows import fill  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from figures import Figure  # noqa: E402
from pages import Seen, end_other_sessions, opened, served, with_scripts, without_scripts  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from catalogue.models import Innovation  # noqa: E402
from sinovik import translations  # noqa: E402
from tests import chromium  # noqa: E402

FEW, MANY, LARGEST, MOST_QUERIES = 300, 10_000, 150 * 1024, 15
ADDRESSES = {
    "list": "/catalogue/",
    "search": "/catalogue/?q=layanan+sampah",
    "mistake": "/catalogue/?q=laynan+smapah",
    "facets": "/catalogue/?year=2019&year=2020&tier=winner&province=Jawa+Timur&agency_type=regency",
    "both": "/catalogue/?q=desa&category=Kesehatan&sdg=3&order=title",
    "nothing": "/catalogue/?q=xyzzyqq",
}


def main() -> list[Figure]:
    if not (path := chromium.find()):
        return [Figure("pages", chromium.MISSING, "a browser", False)]
    for app in translations.local_apps():
        translations.compile_catalogue(app)
    with scratch.collected(), override_settings(SESSION_COOKIE_SECURE=False), scratch.database():
        call_command("load_agencies", stdout=io.StringIO())
        settings.ALLOWED_HOSTS += ["127.0.0.1", "testserver"]
        fill(FEW, seed=1)
        few = _queries()
        fill(MANY - FEW, seed=2)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        figures = [*_answers(few), *_seen(path)]
        end_other_sessions()
    return figures


def _pages() -> dict[str, str]:
    code = Innovation.objects.order_by("pk").values_list("code", flat=True)[7]
    return {**ADDRESSES, "innovation": f"/catalogue/{code}/"}


def _queries() -> dict[str, int]:
    client, counts = Client(), {}
    for name, address in _pages().items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address  # noqa: S101
        counts[name] = len(captured)
    return counts


def _answers(few: dict[str, int]) -> list[Figure]:
    many, client = _queries(), Client()
    changed = [f"{name}: {few[name]} → {many[name]}" for name in few if few[name] != many[name]]
    figures = [
        Figure("innovations", str(Innovation.objects.count()), str(MANY), Innovation.objects.count() == MANY),
        Figure(f"pages whose queries grow from {FEW} on", ", ".join(changed) or "0", "0", not changed),
        Figure(
            "most queries of a page", str(max(many.values())), f"≤ {MOST_QUERIES}", max(many.values()) <= MOST_QUERIES
        ),
    ]
    for name, address in _pages().items():
        seconds = []
        for _turn in range(5):
            began = time.perf_counter()
            client.get(address)
            seconds.append(time.perf_counter() - began)
        figures.append(Figure(f"answering {name}", f"{statistics.median(seconds) * 1000:.0f} ms"))
    return figures


def _seen(path: str) -> list[Figure]:
    seen = Seen()
    with served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, address in _pages().items():
            seen.pages += 1
            with_scripts(opened(browser, []), base + address, f"{name}, scripts on", seen)
            without_scripts(browser, [], base + address, f"{name}, scripts off", seen)
        steps = [_by_keyboard(browser, base), _without_scripts(browser, base)]
        browser.close()
    weight, heaviest = seen.heaviest
    wrong = {
        name: len(seen.wrong.get(name, [])) for name in ("opened", "axe", "sideways", "strangers", "console", "forms")
    }
    words = {
        "opened": "pages that did not open", "axe": "axe violations", "sideways": "pages that scroll sideways",
        "strangers": "requests to other hosts", "console": "complaints of the browser's console",
        "forms": "forms that need scripts",
    }  # fmt: skip
    return [
        Figure("pages, and runs over widths and scripts", f"{seen.pages} and {seen.runs}"),
        *(Figure(words[name], str(number), "0", number == 0) for name, number in wrong.items()),
        Figure("heaviest first visit", f"{weight / 1024:.0f} KB ({heaviest})", "≤ 150 KB", weight <= LARGEST),
        *steps,
    ]


def _by_keyboard(browser: Browser, base: str) -> Figure:
    """A search typed, a province taken on the map, the first innovation opened: with keys alone, focus always seen."""
    page = opened(browser, [])
    page.goto(f"{base}/catalogue/")
    page.focus("#q")
    page.keyboard.type("desa")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=desa**")
    done = ["search"]
    for what, selector in [("province", "a.tile"), ("innovation", ".catalogue-list a")]:
        if what == "province":
            page.focus(".province-map > summary")
            page.keyboard.press("Enter")
        for _press in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                before = page.url
                page.keyboard.press("Enter")
                page.wait_for_url(lambda url, before=before: url != before)
                done.append(what)
                break
    page.context.close()
    return Figure("steps done with keys alone", ", ".join(done), "search, province, innovation", len(done) == 3)


def _without_scripts(browser: Browser, base: str) -> Figure:
    """Two filters ticked and applied, one taken away by its pill, the next page: as a browser without scripts does."""
    page = opened(browser, [], scripts=False)
    page.goto(f"{base}/catalogue/")
    page.check("#year-2019")
    page.check("#tier-winner")
    page.click(".facets__apply button")
    done = ["apply"] if "year=2019" in page.url and "tier=winner" in page.url else []
    page.click(".filter-pills li:first-child a")
    done += ["take away"] if "tier=winner" not in page.url and "year=2019" in page.url else []
    page.click(".pagination-bar a[rel=next]")
    done += ["next page"] if "page=2" in page.url and "year=2019" in page.url else []
    page.context.close()
    return Figure("steps done without scripts", ", ".join(done), "apply, take away, next page", len(done) == 3)
