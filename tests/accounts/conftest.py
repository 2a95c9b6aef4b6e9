"""Letters, registrations and invitations for the tests of accounts."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import actions
from accounts.models import Invitation, Registration
from files.models import StoredFile


@pytest.fixture(scope="session")
def pdf_bytes() -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(200, 200))
    pdf.save(out)
    return out.getvalue()


@pytest.fixture
def letter(pdf_bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("surat tugas.pdf", pdf_bytes, content_type="application/pdf")


@pytest.fixture
def stored_letter(db) -> StoredFile:
    return StoredFile.objects.create(
        name="surat.pdf", media_type="application/pdf", size=1, sha256="0" * 64, path="00/00/surat"
    )


PERSON = {"name": "Siti Aminah", "phone": "0812 3456 7890", "position": "Kepala Bagian Organisasi"}


@pytest.fixture
def register_for(stored_letter):
    """Registers somebody for an agency, with a confirmed address unless told otherwise."""

    def register(agency, email="siti@example.go.id", *, confirmed=True) -> Registration:
        registration = actions.register(
            agency, letter_number="065/1", letter=stored_letter, email=email, password=None, **PERSON
        )
        if confirmed:
            actions.confirm_email(registration.user)
        return registration

    return register


@pytest.fixture
def registration(agency, register_for) -> Registration:
    return register_for(agency)


@pytest.fixture
def invitation(agency, unit, agency_admin) -> Invitation:
    return actions.invite_innovator(agency, email="budi@example.go.id", name="Budi", unit=unit, by=agency_admin)
