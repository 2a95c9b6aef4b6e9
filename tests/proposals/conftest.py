"""Drafts that are written to the end, and a small real PDF."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership
from files.models import StoredFile
from proposals.models import Answer, Document, TeamMember
from tests.conftest import person


def pdf(pages: int = 1, name: str = "surat.pdf") -> SimpleUploadedFile:
    file = pikepdf.new()
    for _page in range(pages):
        file.add_blank_page()
    buffer = io.BytesIO()
    file.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="application/pdf")


def fill(proposal):
    """Everything a draft of the small year needs, written directly."""
    proposal.is_application = False
    proposal.sdgs = [3]
    proposal.save()
    for aspect in proposal.group.aspects.all():
        for question in aspect.questions.all():
            text = "Obat diantar dengan perahu."
            Answer.objects.create(proposal=proposal, question=question, text=text, words=4, saved_by=proposal.lead)
    for requirement in proposal.group.documents.all():
        stored = StoredFile.objects.create(
            name="surat.pdf", media_type="application/pdf", size=100, sha256="0" * 64, path="00/00/none"
        )
        Document.objects.create(proposal=proposal, requirement=requirement, file=stored, attached_by=proposal.lead)
    return proposal


@pytest.fixture
def complete(draft):
    """The innovator's draft with nothing left to do."""
    return fill(draft)


@pytest.fixture
def in_review(complete, agency_admin):
    complete.status = "in_review"
    complete.save()
    return complete


@pytest.fixture
def question(group):
    return group.aspects.first().questions.get()


@pytest.fixture
def colleague(agency, unit, draft):
    """Sari, who writes in the draft beside its lead."""
    user = person("sari")
    Membership.objects.create(user=user, agency=agency, unit=unit, role=Membership.Role.INNOVATOR)
    TeamMember.objects.create(proposal=draft, user=user, email=user.email, added_by=draft.lead)
    return user
