"""Every page of one proposal asks the database at most 15 times, for its writer, its admin and the secretariat."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.models import Award, Innovation
from proposals import actions
from proposals.models import AnswerVersion, Proposal
from tests.proposals.conftest import pdf

pytestmark = pytest.mark.django_db
BUDGET = 15
PLAIN = (
    "proposal",
    "team",
    "comments",
    "carried",
    "details",
    "details_versions",
    "documents",
    "check",
    "paper",
    "submissions",
)


def pages(proposal: Proposal) -> dict[str, str]:
    aspect, found = proposal.group.aspects.first(), {name: [] for name in PLAIN}
    found |= {"aspect": [aspect.key], "versions": [aspect.key], "innovation": ["past_innovation"]}
    found |= {"version": [aspect.key, aspect.questions.get().key, AnswerVersion.objects.first().version]}
    found |= {"receipt": [], "move": ["withdraw"]}
    return {name: reverse(f"proposals:{name}", args=[proposal.code, *rest]) for name, rest in found.items()}


@pytest.fixture
def lived(complete, question, innovator, agency_admin, colleague):
    """A draft with a file, versions, comments and a team."""
    actions.attach_document(complete, complete.group.documents.get(), upload=pdf(), by=innovator)
    version = complete.answers.get(question=question).version
    actions.save_answer(complete, question, text="Baru.", base_version=version, by=innovator)
    actions.save_details(complete, changes={"title": "Antar Obat Cepat"}, base_version=1, by=colleague)
    actions.comment(complete, question, text="Tambahkan angka.", by=agency_admin)
    return complete


STATES = {
    "draft": [],
    "in_review": ["submit"],
    "sent": ["submit", "send"],
    "again": ["submit", "send", "correct", "send"],
    "withdrawn": ["submit", "send", "withdraw"],
}


@pytest.fixture
def winners(agency):
    """Earlier winners of the agency, about which its people are asked."""
    for year, title in ((2019, "Antar Obat ke Pulau"), (2021, "Antar Obat ke Pulau Terluar")):
        innovation = Innovation.objects.create(title=title, agency=agency, agency_name=str(agency))
        Award.objects.create(innovation=innovation, year=year, tier="finalist", label="Top 99")


@pytest.mark.usefixtures("winners")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ["innovator", "colleague", "agency_admin", "secretariat"])
def test_no_page_asks_more_than_its_budget(lived, state, role, request, as_user, agency_admin, innovator):
    for name in STATES[state]:
        actions.move(lived, name, by=innovator if name == "submit" else agency_admin, note="Karena.")
    browser = as_user(request.getfixturevalue(role))
    browser.get("/")
    counts = {}
    for name, url in pages(lived).items():
        with CaptureQueriesContext(connection) as asked:
            status = browser.get(url).status_code
        if status == 200:
            counts[name] = len(asked)
    assert {name: count for name, count in counts.items() if count > BUDGET} == {}
