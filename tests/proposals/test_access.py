"""Who sees which page of a draft and of a sent proposal: an invisible row is 404, a forbidden deed 403."""

import pytest
from django.urls import reverse

from proposals import actions
from tests.proposals.conftest import pdf

pytestmark = pytest.mark.django_db

ROLES = ("innovator", "agency_admin", "secretariat", "outsider", "other_admin", "evaluator", None)
PAGES = {
    # page: (args, expected by role for a draft, expected by role for a sent proposal)
    "proposal": ((), (200, 200, 404, 404, 404, 404, 302), (200, 200, 200, 404, 404, 404, 302)),
    "details": ((), (200, 302, 404, 404, 404, 404, 302), (302, 302, 302, 404, 404, 404, 302)),
    "aspect": (("kebaruan",), (200, 302, 404, 404, 404, 404, 302), (302, 302, 302, 404, 404, 404, 302)),
    "documents": ((), (200, 302, 404, 404, 404, 404, 302), (302, 302, 302, 404, 404, 404, 302)),
    "innovation": (("past_innovation",), (200, 302, 404, 404, 404, 404, 302), (302, 302, 302, 404, 404, 404, 302)),
    "check": ((), (200, 302, 404, 404, 404, 404, 302), (302, 302, 302, 404, 404, 404, 302)),
    "receipt": ((), (404, 404, 404, 404, 404, 404, 302), (200, 200, 200, 404, 404, 404, 302)),
    "receipt_pdf": ((), (404, 404, 404, 404, 404, 404, 302), (200, 200, 200, 404, 404, 404, 302)),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_by_role(name, complete, request, as_user):
    args, drafted, sent = PAGES[name]
    people = [request.getfixturevalue(role) if role else None for role in ROLES]
    url = reverse(f"proposals:{name}", args=[complete.code, *args])
    assert tuple(as_user(person).get(url).status_code for person in people) == drafted
    actions.move(complete, "submit", by=people[0])
    actions.send(complete, by=people[1])
    assert tuple(as_user(person).get(url).status_code for person in people) == sent


def test_deeds_by_role(complete, request, as_user):
    people = [request.getfixturevalue(role) if role else None for role in ROLES]
    answers = {}
    for name in ("return", "release_passed", "nonsense"):
        url = reverse("proposals:move", args=[complete.code, name])
        answers[name] = [as_user(person).post(url, {"note": "Catatan."}).status_code for person in people]
    assert answers["return"] == [403, 422, 404, 404, 404, 404, 302]
    assert answers["release_passed"] == answers["nonsense"] == [404] * 6 + [302]
    aspect = reverse("proposals:aspect", args=[complete.code, "kebaruan"])
    wrong = [as_user(person).post(aspect, {"text-isi": "x", "version-isi": "1"}).status_code for person in people[1:]]
    assert wrong == [422, 404, 404, 404, 404, 302]


def test_a_document_is_handed_out_to_its_readers_only(complete, innovator, outsider, as_user):
    requirement = complete.group.documents.get()
    actions.attach_document(complete, requirement, upload=pdf(), by=innovator)
    url = reverse("proposals:document", args=[complete.code, "surat"])
    assert as_user(outsider).get(url).status_code == 404
    answer = as_user(innovator).get(url)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")


def test_only_who_has_a_desk_may_start(year, innovator, agency_admin, secretariat, evaluator, as_user):
    answers = [as_user(person).get(reverse("proposals:new")).status_code for person in
               (innovator, agency_admin, secretariat, evaluator)]  # fmt: skip
    assert answers == [200, 200, 403, 403]


def test_the_secretariat_reads_what_was_withdrawn_and_sent_again(
    complete, innovator, agency_admin, secretariat, as_user
):
    actions.move(complete, "submit", by=innovator)
    actions.send(complete, by=agency_admin)
    actions.move(complete, "withdraw", by=agency_admin, note="Diperbaiki.")
    page = reverse("proposals:proposal", args=[complete.code])
    assert as_user(secretariat).get(page).status_code == 200
    actions.move(complete, "reopen", by=agency_admin)
    assert as_user(secretariat).get(page).status_code == 404
    actions.move(complete, "submit", by=innovator)
    actions.send(complete, by=agency_admin)
    assert as_user(secretariat).get(page).status_code == 200


def test_what_was_edited_after_it_was_sent_and_never_sent_again_is_not_the_secretariats_to_read(
    complete, question, innovator, agency_admin, secretariat, as_user
):
    """Neither the text, the title, nor that it exists, on whichever page, also where it ends withdrawn."""
    actions.move(complete, "submit", by=innovator)
    actions.send(complete, by=agency_admin)
    actions.move(complete, "correct", by=agency_admin, note="Diperbaiki.")
    actions.save_answer(complete, question, text="Rahasia instansi.", base_version=1, by=agency_admin)
    actions.save_details(complete, changes={"title": "Judul yang urung"}, base_version=1, by=agency_admin)
    actions.move(complete, "withdraw", by=agency_admin, note="Batal.")
    clerk = as_user(secretariat)
    for name in ("proposal", "paper", "document_pdf", "receipt", "submissions"):
        assert clerk.get(reverse(f"proposals:{name}", args=[complete.code])).status_code == 404, name
    assert "Judul yang urung" not in clerk.get(reverse("proposals:list")).content.decode()
    own = as_user(agency_admin).get(reverse("proposals:proposal", args=[complete.code])).content.decode()
    assert "Rahasia instansi." in own


def test_who_posts_a_new_proposal_after_closing_is_told_and_keeps_the_title(year, innovator, as_user, move_calendar):
    move_calendar(-25)
    browser, page = as_user(innovator), reverse("proposals:new") + f"?year={year.code}"
    assert browser.get(page).status_code == 200
    data = {"title": "Judul terlambat", "group": year.groups.get().pk, "category": year.categories.first().pk}
    answer = browser.post(page, data | {"desk": browser_desk(innovator)})
    assert answer.status_code == 422
    assert "Judul terlambat" in answer.content.decode()


def browser_desk(person) -> str:
    membership = person.memberships.get()
    return f"{membership.agency_id}-{membership.unit_id}"
