"""The list of proposals: what each reader sees, and that it costs the same for one row and for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals import actions
from tests.proposals.test_sending import another

pytestmark = pytest.mark.django_db
LIST = reverse("proposals:list")


def queries(browser):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(LIST).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", ["innovator", "agency_admin"])
def test_one_row_costs_as_much_as_three(role, in_review, request, as_user):
    browser = as_user(request.getfixturevalue(role))
    browser.get(LIST)
    once = queries(browser)
    another(in_review, "Kedua")
    another(in_review, "Ketiga")
    assert queries(browser) == once
    assert once <= 15


def test_rows_by_reader(in_review, agency_admin, innovator, outsider, secretariat, as_user):
    people = (innovator, agency_admin, outsider, secretariat)
    seen = [in_review.title in as_user(person).get(LIST).content.decode() for person in people]
    assert seen == [True, True, False, False]
    actions.send(in_review, by=agency_admin)
    seen = [in_review.title in as_user(person).get(LIST).content.decode() for person in people]
    assert seen == [True, True, False, True]


def test_the_status_filters(in_review, agency_admin, as_user):
    browser = as_user(agency_admin)
    assert in_review.title in browser.get(LIST, {"status": "in_review"}).content.decode()
    assert in_review.title not in browser.get(LIST, {"status": "draft"}).content.decode()
    assert in_review.title in browser.get(LIST, {"status": "none such"}).content.decode()


def test_the_task_list_page_does_not_grow_with_the_years(in_review, draft, innovator, as_user):
    browser = as_user(innovator)
    url = reverse("proposals:proposal", args=[draft.code])
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        browser.get(url)
    assert len(captured) <= 40
