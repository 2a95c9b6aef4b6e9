"""Files of a proposal through its page: with scripts (one section back) and without (the whole page)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competitions.models import DocumentRequirement
from files.models import StoredFile
from proposals.models import Document
from tests.files import hostile_images, hostile_office
from tests.proposals.conftest import pdf


def address(proposal) -> str:
    return reverse("proposals:documents", args=[proposal.code])


def attach(client, proposal, file, **more):
    return client.post(address(proposal), {"requirement": "surat", "file": file, **more})


def test_without_scripts_a_file_is_attached_and_the_page_shown_again(draft, innovator, as_user):
    response = attach(as_user(innovator), draft, pdf())
    assert response.status_code == 302
    assert Document.objects.get().file.name == "surat.pdf"


def test_with_scripts_the_section_comes_back(draft, innovator, as_user):
    response = attach(as_user(innovator), draft, pdf(), part="yes")
    text = response.content.decode()
    assert response.status_code == 200
    assert text.strip().startswith("<section")
    assert "Berkas sudah terlampir." in text


def test_sent_twice_it_is_one_file_and_one_deed(draft, innovator, as_user):
    same = pdf().read()
    for _ in range(2):
        attach(as_user(innovator), draft, SimpleUploadedFile("surat.pdf", same), part="yes")
    assert StoredFile.objects.count() == Document.objects.count() == 1


@pytest.mark.parametrize("part", [{}, {"part": "yes"}])
def test_a_refused_file_says_why_and_leaves_what_was_attached(draft, innovator, as_user, part):
    attach(as_user(innovator), draft, pdf())
    response = attach(as_user(innovator), draft, SimpleUploadedFile("a.pdf", b"<html>"), **part)
    assert response.status_code == 422
    assert "bukan jenis yang diterima" in response.content.decode()
    assert Document.objects.get().file.name == "surat.pdf"


@pytest.mark.parametrize("part", [{}, {"part": "yes"}])
def test_a_scanner_that_is_away_is_said_and_may_be_tried_again(draft, innovator, as_user, settings, part):
    settings.CLAMAV_URL, settings.CLAMAV_TIMEOUT = "tcp://127.0.0.1:1", 1
    response = attach(as_user(innovator), draft, pdf(), **part)
    assert response.status_code == 503
    assert "Pemeriksa virus tidak dapat dihubungi" in response.content.decode()
    assert not Document.objects.exists()


def test_an_empty_file_and_none_at_all_are_said(draft, innovator, as_user):
    assert "kosong" in attach(as_user(innovator), draft, SimpleUploadedFile("a.pdf", b"")).content.decode()
    response = as_user(innovator).post(address(draft), {"requirement": "surat"})
    assert (response.status_code, "Pilih berkasnya" in response.content.decode()) == (422, True)


def test_the_year_says_which_kinds_are_taken(draft, innovator, as_user, group):
    group.documents.update(accepts=["pdf", "image"])
    page = as_user(innovator).get(address(draft)).content.decode()
    assert "PDF / gambar (JPEG, PNG atau WebP)" in page
    assert "image/webp" in page
    attach(as_user(innovator), draft, SimpleUploadedFile("foto.webp", hostile_images.picture("WEBP")))
    assert Document.objects.get().file.media_type == "image/jpeg"
    response = attach(as_user(innovator), draft, SimpleUploadedFile("a.docx", hostile_office.office()))
    assert response.status_code == 422


@pytest.mark.parametrize("name", ["../../a\x00\r\nb\u202efdp.exe", "CON.pdf", "x" * 300 + ".pdf", 'a";b.pdf'])
def test_a_crooked_name_is_made_safe(draft, innovator, as_user, name):
    attach(as_user(innovator), draft, SimpleUploadedFile(name, pdf().read()))
    response = as_user(innovator).get(reverse("proposals:document", args=[draft.code, "surat"]))
    response.close()
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_others_neither_read_nor_change(draft, innovator, outsider, other_admin, as_user):
    attach(as_user(innovator), draft, pdf())
    for person in (outsider, other_admin):
        assert as_user(person).get(reverse("proposals:document", args=[draft.code, "surat"])).status_code == 404
        assert attach(as_user(person), draft, pdf(2)).status_code == 404
    assert as_user(None).get(reverse("proposals:document", args=[draft.code, "surat"])).status_code == 302
    assert StoredFile.objects.count() == 1


def test_too_late_is_said_and_nothing_is_stored(draft, innovator, as_user, move_calendar):
    move_calendar(-21)
    response = attach(as_user(innovator), draft, pdf(), part="yes")
    assert response.status_code == 422
    assert not StoredFile.objects.exists()


def test_a_proposals_day_has_a_limit(draft, innovator, as_user, settings):
    settings.UPLOAD_MB_PER_DAY = settings.UPLOAD_MB_PER_DAY | {"proposal": 0}
    assert "paling banyak" in attach(as_user(innovator), draft, pdf()).content.decode()


def test_the_page_asks_as_much_for_many_files_as_for_one(draft, innovator, as_user, group):
    client, asked = as_user(innovator), []
    for number in (2, 3, 4):
        client.get(address(draft))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(draft))
        asked.append(len(queries))
        DocumentRequirement.objects.create(group=group, key=f"surat-{number}", name="Surat", order=number)
    assert len(set(asked)) == 1
