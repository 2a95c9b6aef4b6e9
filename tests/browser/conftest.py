"""Who lives the year in the browser: each with a window of their own, on a telephone without scripts or a desk with."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from accounts.models import Agency, Membership, Unit, User
from proposals.models import Proposal
from tests.browser.people import PASSWORD, Person
from tests.proposals.conftest import fill

Meet = Callable[[str], Person]
WITHOUT_SCRIPTS = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}
WITH_SCRIPTS = {"java_script_enabled": True, "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def has_scripts(request) -> bool:
    return request.param


@pytest.fixture
def meet(new_context, live_server, has_scripts) -> Meet:
    """A person who opens the portal in a browser nobody used before: meet("name@example.go.id")."""

    looked_over: set[str] = set()

    def come(email: str) -> Person:
        settings = WITH_SCRIPTS if has_scripts else WITHOUT_SCRIPTS
        page = new_context(base_url=live_server.url, **settings).new_page()
        page.set_default_timeout(60_000)
        return Person(page, email, has_scripts=has_scripts, looked_over=looked_over)

    return come


@pytest.fixture
def clerk_at_work(meet, secretariat, year) -> Person:
    """Somebody of the secretariat, logged in."""
    give_password(secretariat)
    clerk = meet(secretariat.email)
    clerk.logs_in()
    return clerk


@pytest.fixture
def letter(tmp_path) -> Path:
    path = tmp_path / "surat.pdf"
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(path)
    return path


@pytest.fixture
def rival(year, group, other_agency: Agency, other_admin: User, outsider: User) -> Proposal:
    """The complete draft of another agency, so that there is something to rank."""
    unit = Unit.objects.create(agency=other_agency, name="Dinas Kota Lain")
    Membership.objects.filter(user=outsider).update(unit=unit)
    return fill(
        Proposal.objects.create(
            competition=year, group=group, category=year.categories.first(), agency=other_agency, unit=unit,
            lead=outsider, title="Loket Keliling", started_on="2016-03-04", video_url="https://youtu.be/loket",
        )
    )  # fmt: skip


def give_password(user: User) -> None:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
