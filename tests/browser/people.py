"""A person before a browser of their own: what they can do there reads as a sentence."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core import mail
from playwright.sync_api import Locator, Page, expect

from notifications.delivery import deliver_due
from tests.pictures import AXE

expect.set_options(timeout=30_000)
PASSWORD = "perahu biru menyeberang pagi"
ONE_OF_MANY = re.compile(r"\b([0-9A-Z]{6,12}|[\w:-]{20,}|(?i:desk|panel|interview))\b")  # codes, tokens, rounds
LINK = re.compile(r"^https?://[^/\s]+(/\S+)$", re.MULTILINE)


class Person:
    """`complaints` gathers what the browser's console reported: script errors and what the page's policy refused.

    `looked_over` holds the kinds of pages somebody examined already: one sheet, one juror stands for all.
    """

    def __init__(self, page: Page, email: str, *, has_scripts: bool, looked_over: set[str]) -> None:
        self.page, self.email, self.has_scripts, self.looked_over = page, email, has_scripts, looked_over
        self.complaints: list[str] = []
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def content(self) -> Locator:
        """The page without its head and foot."""
        return self.page.locator("main")

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def clicks(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        """The button or link of that name, and waits for the page it leads to."""
        button, link = (self.content.get_by_role(role, name=name, exact=exact) for role in ("button", "link"))
        with self.page.expect_navigation():
            button.or_(link).first.click()

    def goes_to(self, name: str) -> None:
        """An entry of the main navigation, which on a telephone is behind a button."""
        if (menu := self.page.get_by_role("button", name="Menu", exact=True)).is_visible():
            menu.click()
        with self.page.expect_navigation():
            self.page.get_by_role("navigation", name="Navigasi utama").get_by_role("link", name=name).click()

    def field(self, label: str, *, exact: bool = False) -> Locator:
        """What a label names that begins so, or (`exact`) says no more than that."""
        return self.content.get_by_label(re.compile(rf"^\s*{re.escape(label)}" + (r"\s*\*?\s*$" if exact else "")))

    def writes(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def picks(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def ticks(self, label: str, *, exact: bool = False) -> None:
        self.field(label, exact=exact).check()

    def attaches(self, label: str, file: Path) -> None:
        self.field(label).set_input_files(file)

    def downloads(self, name: str) -> bytes:
        """The file behind that link, whether a browser would show it or keep it."""
        address = self.content.get_by_role("link", name=name).get_attribute("href")
        assert address
        answer = self.page.request.get(address)
        assert answer.ok, answer.status
        return answer.body()

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.content).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.content).not_to_contain_text(text)

    def is_at(self, heading: str | re.Pattern[str]) -> None:
        """The page of that main heading, and it is well made."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.looks_over_the_page()

    def looks_over_the_page(self) -> None:
        """The browser complains of nothing; on a kind of page not seen yet nothing scrolls sideways, and axe finds no
        barrier."""
        assert not self.complaints, f"{self.page.url}: {self.complaints}"
        heading = self.page.get_by_role("heading", level=1).inner_text()
        kind = ONE_OF_MANY.sub("…", f"{urlsplit(self.page.url).path} {heading}")
        if kind in self.looked_over:
            return
        self.looked_over.add(kind)
        root = "document.documentElement"
        wide, shown = self.page.evaluate(f"() => [{root}.scrollWidth, {root}.clientWidth]")
        assert wide <= shown, f"{self.page.url} scrolls sideways: {wide} px on {shown}"
        if self.has_scripts:
            barriers = [(each["id"], each["nodes"][0]["html"][:200]) for each in barriers_on(self.page)]
            assert not barriers, f"{self.page.url}: {barriers}"

    def logs_in(self) -> None:
        self.opens("/accounts/login/")
        self.writes("E-mail", self.email)
        self.writes("Kata sandi", PASSWORD)
        self.clicks("Masuk", exact=True)

    def follows_the_link_in(self, subject: str) -> None:
        """Opens the newest letter to this person with that in its subject, and goes where its link leads."""
        deliver_due()
        letters = [each for each in mail.outbox if each.to == [self.email] and subject in str(each.subject)]
        assert letters, f"no letter “{subject}” to {self.email} in {[(each.to, each.subject) for each in mail.outbox]}"
        found = LINK.search(str(letters[-1].body))
        assert found, letters[-1].body
        self.opens(found[1])


def barriers_on(page: Page) -> list[dict]:
    from axe_playwright_python.sync_playwright import Axe

    return Axe().run(page, options=AXE).response["violations"]
