"""Every page of the proposal side, as its reader sees it: axe, width, weight, strangers, and forms without scripts.

The list below is held against the URL map: an address of the proposal side that is neither in PAGES nor in NO_PAGES
fails the figure. The year is lived in a scratch database by the steps of the demonstration; the pages come from a
real server with the static files as in production.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread

import scratch

scratch.begin()

from django.conf import settings  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from figures import Figure  # noqa: E402
from pages_season import Scene, lived  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from accounts.models import User  # noqa: E402
from proposals import urls  # noqa: E402
from sinovik import translations  # noqa: E402
from tests import chromium  # noqa: E402
from tests.pictures import cookies_of, sideways, violations  # noqa: E402

LARGEST = 120 * 1024  # bytes of a first visit
WIDTHS = (1280, 320)


Parts = Callable[[Scene], list[str]]
AT_DESK = "?year=seleksi"


def own(scene: Scene) -> list[str]:
    return [scene.draft.code]


# address name → each (role, what stands in the address, what follows it)
PAGES: dict[str, list[tuple[str, Parts, str]]] = {
    "list": [("innovator", lambda _: [], ""), ("admin", lambda _: [], "")],
    "new": [("innovator", lambda _: [], ""), ("admin", lambda _: [], "")],
    "proposal": [
        ("innovator", own, ""), ("admin", lambda s: [s.in_review.code], ""), ("clerk", lambda s: [s.item.code], ""),
    ],
    "earlier": [("former_admin", lambda _: ["ajuan"], "")],
    "copy": [("former_admin", lambda s: ["ajuan", s.former.code], "")],
    "carried": [("former_admin", lambda s: [s.copied.code], "")],
    "objection": [("former_admin", lambda s: [s.failed.code], ""), ("clerk", lambda s: [s.objected.code], "")],
    "correction": [("mender", lambda s: [s.mended.code], "")],
    "screening_heads": [("clerk", lambda _: [], AT_DESK)],
    "screening_release": [("clerk", lambda _: [], AT_DESK)],
    "screening_clean": [("clerk", lambda _: [], AT_DESK)],
    "screening_figures": [("clerk", lambda _: [], AT_DESK)],
    "screening_reasons": [("clerk", lambda _: [], AT_DESK)],
    "screening_new_reason": [("clerk", lambda _: [], AT_DESK)],
    "screening_reason": [("clerk", lambda s: [s.reason.code], "")],
    "screening_objections": [("clerk", lambda _: [], "?year=lama")],
    "screening_objection": [("clerk", lambda s: [s.objected.code], "")],
    "remind_all": [("admin", lambda _: [], "?year=ajuan")],
    "order": [("admin", lambda _: [], "?year=ajuan")],
    "send_many": [("admin", lambda _: [], "?year=ajuan")],
    "batch": [("admin", lambda s: [str(s.batch.key)], "")],
    "team": [("innovator", own, ""), ("admin", lambda s: [s.in_review.code], "")],
    "comments": [("innovator", own, ""), ("admin", lambda s: [s.in_review.code], "")],
    "paper": [("innovator", own, ""), ("clerk", lambda s: [s.item.code], "")],
    "submissions": [("sender", lambda s: [s.sent.code], "")],
    "receipt_of": [("sender", lambda s: [s.sent.code, "1"], "")],
    "export": [("innovator", lambda _: [], "")],
    "screening_resemblance": [("clerk", lambda s: [s.item.code, str(s.resemblance.pk)], "")],
    "details": [("innovator", own, "")],
    "details_versions": [("innovator", own, "")],
    "innovation": [("innovator", lambda s: [s.draft.code, "past_innovation"], "?q=layanan")],
    "aspect": [("innovator", lambda s: [s.draft.code, s.aspect], "")],
    "versions": [("innovator", lambda s: [s.draft.code, s.aspect], "")],
    "version": [("innovator", lambda s: [s.draft.code, s.aspect, s.question, "1"], "")],
    "documents": [("innovator", own, "")],
    "check": [("innovator", own, ""), ("admin", lambda s: [s.in_review.code], "")],
    "move": [("innovator", lambda s: [s.draft.code, "submit"], ""), ("admin", lambda s: [s.in_review.code, "send"], "")],  # noqa: E501
    "receipt": [("sender", lambda s: [s.sent.code], "")],
    "screening": [("clerk", lambda _: [], AT_DESK)],
    "screening_item": [("clerk", lambda s: [s.item.code], ""), ("clerk", lambda s: [s.claimed.code], "")],
}  # fmt: skip
# What has no page of its own: forms' targets, answers to scripts, files.
NO_PAGES = {
    "remind", "auto_send", "team_lead", "team_end",
    "resolve_comment", "document_pdf", "receipt_pdf_of", "export_file",
    "objection_file", "screening_look", "screening_look_next", "screening_give_back_look",
    "screening_settle", "screening_undo_batch", "screening_figures_csv", "signed_in",
    "presence", "document", "receipt_pdf", "screening_next",
    "screening_claim", "screening_give_back", "screening_reopen",
}  # fmt: skip


@dataclass
class Seen:
    """What was found wrong, by figure, as "page: what"."""

    runs: int = 0
    pages: int = 0
    heaviest: tuple[int, str] = (0, "")
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def note(self, figure: str, where: str, what: str) -> None:
        self.wrong.setdefault(figure, []).append(f"{where}: {what}")
        print(f"  {figure}: {where}: {what}", file=sys.stderr, flush=True)


@contextmanager
def served() -> Iterator[str]:
    """The portal at an address of its own, with collected and compressed static files."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_said: object) -> None:
        pass


def reader(scene: Scene, role: str) -> User:
    """A person of the scene by name, or whoever is behind one of its proposals."""
    behind = {"sender": scene.sent.lead, "mender": scene.mended.agency.admin}
    return behind.get(role) or getattr(scene, role)


def look(page: Page, address: str, where: str, seen: Seen) -> None:
    """One page at both widths; the first opening is the first visit, with nothing in the browser's cache."""
    weight = [0]
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: weight.append(int(event["encodedDataLength"])))
    page.on("request", lambda asked: is_strange(asked.url, address) and seen.note("strangers", where, asked.url))
    page.on("console", lambda line: seen.note("console", where, line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: seen.note("console", where, str(error)))
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200 or urlsplit(page.url).path != urlsplit(address).path:
        seen.note("opened", where, f"{answer.status if answer else '?'} at {page.url}")
        return
    seen.heaviest = max(seen.heaviest, (sum(weight), where))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        seen.runs += 1
        if found := sideways(page):
            seen.note("sideways", f"{where} at {width}", found)


def examine(page: Page, where: str, seen: Seen) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for found in violations(page):
            seen.note("axe", f"{where} at {width}", found)


# Without scripts a form needs a button that sends it and can be pressed.
_UNUSABLE = """() => [...document.querySelectorAll('form')].filter(form => ![...form.elements].some(each =>
  (each.type === 'submit' || each.type === 'image') && !each.disabled)).map(form => form.outerHTML.slice(0, 120))"""


def is_strange(url: str, address: str) -> bool:
    return urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != urlsplit(address).netloc


def visit(browser: Browser, base: str, scene: Scene) -> Seen:
    seen = Seen()
    for name, visits in PAGES.items():
        for role, parts, query in visits:
            address = base + reverse(f"proposals:{name}", args=parts(scene)) + query
            seen.pages += 1
            cookies = cookies_of(reader(scene, role).email, base)
            with_scripts(opened(browser, cookies), address, f"{name} ({role}, scripts on)", seen)
            without_scripts(browser, cookies, address, f"{name} ({role}, scripts off)", seen)
    return seen


def opened(browser: Browser, cookies: list[dict[str, str]], *, scripts: bool = True) -> Page:
    context = browser.new_context(java_script_enabled=scripts, locale="id-ID", timezone_id="Asia/Jakarta")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    return context.new_page()


def with_scripts(page: Page, address: str, where: str, seen: Seen) -> None:
    look(page, address, where, seen)
    examine(page, where, seen)
    page.context.close()


def without_scripts(browser: Browser, cookies: list[dict[str, str]], address: str, where: str, seen: Seen) -> None:
    """In a browser that runs none; axe, which is a script itself, sees the page with only the page's own withheld."""
    page = opened(browser, cookies, scripts=False)
    look(page, address, where, seen)
    for form in page.evaluate(_UNUSABLE):
        seen.note("forms", where, form)
    page.context.close()
    page = opened(browser, cookies)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(address)
    examine(page, where, seen)
    page.context.close()


def unlisted() -> list[str]:
    """Addresses of the proposal side that nobody put into the list above, and listed ones that are gone."""
    there = {pattern.name for pattern in urls.urlpatterns}
    return sorted(str(name) for name in there ^ (set(PAGES) | NO_PAGES))


def main() -> list[Figure]:
    if not (path := chromium.find()):
        return [Figure("pages", chromium.MISSING, "a browser", False)]
    for app in translations.local_apps():
        translations.compile_catalogue(app)
    with scratch.collected(), override_settings(SESSION_COOKIE_SECURE=False), scratch.database():
        there = lived()
        with served() as base, sync_playwright() as playwright:
            settings.ALLOWED_HOSTS.append("127.0.0.1")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            seen = visit(browser, base, there)
            browser.close()
        end_other_sessions()
    return figures(seen)


def end_other_sessions() -> None:
    """A request that its browser left half-way keeps its connection, and the scratch database could not be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def figures(seen: Seen) -> list[Figure]:
    weight, heaviest = seen.heaviest
    missing = unlisted()
    rows = {
        "opened": "pages that did not open", "axe": "axe violations", "sideways": "pages that scroll sideways",
        "strangers": "requests to other hosts", "console": "complaints of the browser's console",
        "forms": "forms that need scripts",
    }  # fmt: skip
    counted = {name: len(seen.wrong.get(name, [])) for name in rows}
    return [
        Figure("pages, and runs over widths and scripts", f"{seen.pages} and {seen.runs}"),
        Figure("addresses nobody listed", ", ".join(missing) or "0", "0", not missing),
        *(Figure(what, str(counted[name]), "0", not counted[name]) for name, what in rows.items()),
        Figure(
            "heaviest first visit", f"{weight / 1024:.0f} KB ({heaviest})", f"≤ {LARGEST // 1024} KB", weight <= LARGEST
        ),
    ]
