"""Pictures of pages as a role sees them, with what a machine can judge of them.

    python tests/pictures.py --base http://localhost:8000 --as secretariat /screening/ /registrations/

Opens each path in Chromium at 1280 and 390 px, saves full pictures to var/pictures/, and reports for each page: the
answer, sideways scroll at 320 px, accessibility violations (axe) and errors in the console (a refused inline style is
one). `--as` is public, a role (innovator, agency_admin, secretariat, evaluator, panelist, admin: the first such person
in the database) or an e-mail address; the session is opened in the database, so no password is needed. Exits 1 when
something was found.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sinovik.settings")

ROLES = {
    "innovator": {"memberships__role": "innovator", "memberships__ended_at": None},
    "agency_admin": {"memberships__role": "admin", "memberships__ended_at": None},
    "secretariat": {"is_secretariat": True},
    "evaluator": {"juror_roles__kind": "evaluator", "juror_roles__left_at": None},
    "panelist": {"juror_roles__kind": "panelist", "juror_roles__left_at": None},
    "admin": {"is_superuser": True},
}
# Contrast is judged where it is drawn; these are all rules axe has for WCAG 2.2 A and AA, and its good practice.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def cookies_of(who: str, base: str) -> list[dict[str, str]]:
    """A session for that person, written to the database the portal uses."""
    if who == "public":
        return []
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User

    people = User.objects.filter(email=who) if "@" in who else User.objects.filter(**ROLES[who])
    user = people.order_by("pk").first()
    if user is None:
        sys.exit(f"There is no {who} in the database.")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": base}]


def sideways(page: object) -> str:
    """What is wider than the window, if the page can be scrolled sideways."""
    return page.evaluate(
        "() => { const w = document.documentElement.clientWidth;"
        " if (document.documentElement.scrollWidth <= w) return '';"
        " const e = [...document.querySelectorAll('main *, header *, footer *')].find(e =>"
        " e.getBoundingClientRect().right > w + 1 && !e.closest('.table-scroll'));"
        " return 'page ' + document.documentElement.scrollWidth + ' px: ' + (e ? e.outerHTML.slice(0, 120) : '?'); }"
    )


def violations(page: object) -> list[str]:
    """What axe finds on the page as it is shown now."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{broken['id']} ({len(broken['nodes'])}×): {broken['help']}: {broken['nodes'][0]['html'][:160]}"
        for broken in Axe().run(page, options=AXE).response["violations"]
    ]


def examine(page: object, url: str, name: Path, widths: list[int]) -> list[str]:
    """Take the pictures of one page and say what is wrong with it."""
    found: list[str] = []
    page.on("console", lambda line: found.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(url)
        page.screenshot(path=f"{name}-{width}.png", full_page=True)
        if width == widths[0] and answer is not None and answer.status >= 400:
            found.append(f"answered {answer.status}")
        if width == widths[0] and "/accounts/login/" in page.url and "/accounts/login/" not in url:
            found.append("asks to sign in")
    page.set_viewport_size({"width": 320, "height": 700})
    if too_wide := sideways(page):
        found.append(f"scrolls sideways at 320: {too_wide}")
    for size in ({"width": 1280, "height": 900}, {"width": 320, "height": 700}):
        page.set_viewport_size(size)
        found += [f"axe at {size['width']}: {each}" for each in violations(page)]
    return list(dict.fromkeys(found))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--base", default="http://localhost:8000")
    parser.add_argument("--as", dest="who", default="public")
    parser.add_argument("--widths", type=int, nargs="+", default=[1280, 390])
    parser.add_argument("--language", default="id")
    parser.add_argument("--no-js", action="store_true")
    chosen = parser.parse_args()
    folder = ROOT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    cookies = cookies_of(chosen.who, chosen.base)
    cookies.append({"name": "django_language", "value": chosen.language, "url": chosen.base})
    from playwright.sync_api import sync_playwright

    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(java_script_enabled=not chosen.no_js, locale="id-ID")
        context.add_cookies(cookies)
        for path in chosen.paths:
            slug = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
            page = context.new_page()
            found = examine(page, chosen.base + path, folder / f"{chosen.who}-{slug}", chosen.widths)
            page.close()
            wrong += bool(found)
            print(f"{'wrong' if found else 'fine '} {chosen.who:12} {path}")
            for line in found:
                print(f"      {line}")
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
