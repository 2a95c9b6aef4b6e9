"""One proposal from the list to the receipt, by plain pages without JavaScript."""

import pytest
from django.urls import reverse

from proposals import snapshot
from proposals.models import Proposal, Submission
from tests.proposals.conftest import pdf

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"proposals:{name}", args=args)


def test_from_an_empty_list_to_the_receipt(as_user, year, group, agency, unit, innovator, agency_admin):
    writer = as_user(innovator)
    assert writer.get(url("list")).status_code == 200
    desk = f"{agency.pk}-{unit.pk}"
    new = {"title": "Perahu Sehat", "group": group.pk, "category": year.categories.first().pk, "desk": desk}
    answer = writer.post(url("new"), new)
    proposal = Proposal.objects.get()
    assert answer.url == url("proposal", proposal.code)
    assert "Perahu Sehat" in writer.get(answer.url).content.decode()

    details = {
        "title": "Perahu Sehat", "category": new["category"], "unit": unit.pk, "started_on": "2018-01-02",
        "video_url": "https://youtu.be/abc", "is_application": "no", "sdgs": ["3", "10"], "version": "1",
    }  # fmt: skip
    assert writer.get(url("details", proposal.code)).status_code == 200
    assert writer.post(url("details", proposal.code), details).status_code == 302
    for aspect in group.aspects.all():
        page = url("aspect", proposal.code, aspect.key)
        assert writer.get(page).status_code == 200
        assert writer.post(page, {"text-isi": "Perahu mengantar obat.", "version-isi": "0"}).status_code == 302
    assert writer.get(url("documents", proposal.code)).status_code == 200
    page = url("documents", proposal.code)
    assert writer.post(page, {"requirement": "surat", "file": pdf()}).status_code == 302
    assert b"".join(writer.get(url("document", proposal.code, "surat")).streaming_content).startswith(b"%PDF")

    check = writer.get(url("check", proposal.code)).content.decode()
    assert url("move", proposal.code, "submit") in check
    assert writer.post(url("move", proposal.code, "submit")).url == url("proposal", proposal.code)
    assert writer.get(url("proposal", proposal.code)).status_code == 200

    admin = as_user(agency_admin)
    assert admin.get(url("list")).status_code == 200
    assert admin.get(url("proposal", proposal.code)).status_code == 200
    assert url("move", proposal.code, "send") in admin.get(url("check", proposal.code)).content.decode()
    receipt = admin.post(url("move", proposal.code, "send")).url
    assert receipt == url("receipt", proposal.code)
    sent = Submission.objects.get()
    assert sent.number == "KIPP-2023-000001"
    assert snapshot.is_intact(sent)
    pages = [admin.get(receipt).content, admin.get(receipt).content, writer.get(receipt).content]
    assert all(sent.sha256.encode() in page for page in pages)
    assert admin.get(url("receipt_pdf", proposal.code)).content.startswith(b"%PDF")
    assert admin.post(url("move", proposal.code, "send")).url == receipt
    assert Submission.objects.count() == 1
