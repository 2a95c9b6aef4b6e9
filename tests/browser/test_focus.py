"""Whoever works with the keyboard always sees where they are: a ring, and nothing over it (WCAG 2.4.7 and 2.4.11)."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import give_password
from tests.browser.people import PASSWORD
from tests.proposals.conftest import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROUND = 200  # tabs; no page of these has more to stop at

# Of the element that has the focus: what it is, whether it or the box drawn for it is ringed, and whether it can be
# seen where it stands. Null when the focus has left the page.
LOOK = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ringed = (each) => { const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2; };
  const around = one.closest(".file-box"), box = one.getClientRects()[0];  // of a link that breaks, its first line
  const shown = [0.5, 0.1, 0.9].some((x) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height / 2);
    return top && (one.contains(top) || top.closest("label")?.control === one);
  });
  return { what: one.outerHTML.slice(0, 160), ringed: ringed(one) || Boolean(around && ringed(around)), shown };
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_focus_is_ringed_and_never_hidden(new_context, live_server, draft, innovator, width):
    give_password(innovator)
    fill(draft)
    # Without movement: a page that glides to the element has not arrived when it is looked at.
    screen = {"width": width, "height": 700}
    page = new_context(base_url=live_server.url, viewport=screen, reduced_motion="reduce").new_page()
    faults, stops = walk(page, "/accounts/login/")
    page.fill("input[name=login]", innovator.email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    pages = ["/", reverse("proposals:list")]
    pages += [reverse(f"proposals:{name}", args=[draft.code]) for name in ("details", "documents")]
    for address in pages:
        found, count = walk(page, address)
        faults += found
        stops += count
    assert faults == []
    assert stops > 100


def walk(page: Page, address: str) -> tuple[list[str], int]:
    """Tabs through the whole page; what is wrong with a stop, and how many there were."""
    page.goto(address)
    faults = []
    for step in range(ROUND):
        page.keyboard.press("Tab")
        seen = page.evaluate(LOOK)
        if seen is None:
            return faults, step
        faults += [f"{address}: not {what}: {seen['what']}" for what in ("ringed", "shown") if not seen[what]]
    raise AssertionError(f"{address}: the focus never leaves the page")
