"""An agency admin on a telephone without scripts sends several proposals in one confirmed step."""

import pytest

from proposals.models import Submission
from tests.browser.conftest import give_password
from tests.proposals.conftest import fill
from tests.proposals.test_sending import another

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def has_scripts() -> bool:
    return False


def test_the_good_go_and_the_incomplete_one_is_named(meet, draft, agency_admin):
    in_review = fill(draft)
    in_review.status = "in_review"
    in_review.save()
    another(in_review, "Perahu Kedua")
    bare = another(in_review, "Belum Lengkap")
    bare.answers.all().delete()
    give_password(agency_admin)
    admin = meet(agency_admin.email)
    admin.logs_in()
    admin.opens("/proposals/")
    for title in (in_review.title, "Perahu Kedua", "Belum Lengkap"):
        admin.content.get_by_label(f"Pilih “{title}”").check()
    admin.clicks("Periksa dan kirim yang dipilih")
    admin.sees("1 belum dapat dikirim")
    staying = admin.content.locator("section", has_text="belum dapat dikirim")
    assert "Belum Lengkap" in staying.inner_text()
    admin.looks_over_the_page()
    admin.clicks("Kirim 2 proposal ke Kementerian")
    for sent in Submission.objects.all():
        admin.sees(sent.number)
        admin.sees(sent.proposal.title)
    assert set(Submission.objects.values_list("proposal__title", flat=True)) == {in_review.title, "Perahu Kedua"}
    admin.looks_over_the_page()
