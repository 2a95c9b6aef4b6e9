from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Registration
from audit.models import Event
from files.cleanup import forget_unused, unused
from files.models import StoredFile, Usage
from proposals.models import Document, Submission


@pytest.fixture
def old(db):
    """Makes a stored file of two days ago: old("name", content)."""

    def make(name: str, content: bytes = b"isi") -> StoredFile:
        path = f"te/st/{content.hex()}"
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(content))
        return StoredFile.objects.create(
            name=name, media_type="application/pdf", size=3, sha256=content.hex().ljust(64, "0"), path=path,
            uploaded_at=timezone.now() - timedelta(days=2),
        )  # fmt: skip

    return make


def test_what_nobody_refers_to_goes_with_its_bytes_and_is_recorded(old):
    file = old("tinggal.pdf", b"tinggal")
    assert forget_unused() == 1
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(file.path)
    event = Event.objects.get(verb="files.forget")
    assert (event.actor_id, event.data["sha256"]) == (None, file.sha256)
    assert forget_unused() == 0


def test_todays_uploads_stay(old):
    file = old("baru.pdf", b"baru")
    StoredFile.objects.filter(pk=file.pk).update(uploaded_at=timezone.now() - timedelta(hours=23))
    assert forget_unused() == 0


def test_whatever_a_row_refers_to_stays(old, draft, group, innovator, agency):
    attached, sent, letter, replaced = (old(f"{n}.pdf", f"isi {n}".encode()) for n in range(4))
    Document.objects.create(proposal=draft, requirement=group.documents.get(), file=attached, attached_by=innovator)
    submission = Submission.objects.create(
        proposal=draft, sequence=1, number="K-1", payload={}, sha256="0" * 64, sent_at=timezone.now(), sent_by=innovator
    )
    submission.files.add(sent)
    Registration.objects.create(agency=agency, user=innovator, letter_number="1", letter=letter)
    assert list(unused()) == [replaced]
    assert forget_unused() == 1


def test_bytes_another_row_shares_stay(old, draft, group, innovator):
    alone, kept = old("a.pdf", b"sama"), old("b.pdf", b"sama")
    Document.objects.create(proposal=draft, requirement=group.documents.get(), file=kept, attached_by=innovator)
    assert forget_unused() == 1
    assert not StoredFile.objects.filter(pk=alone.pk).exists()
    assert default_storage.exists(kept.path)


def test_counts_of_old_days_go(db):
    today = timezone.localdate()
    Usage.objects.create(account="user:1", day=today - timedelta(days=9))
    Usage.objects.create(account="user:1", day=today)
    forget_unused()
    assert Usage.objects.get().day == today


def test_looking_for_unused_files_takes_one_query(old, django_assert_num_queries):
    old("a.pdf", b"a")
    old("b.pdf", b"b")
    with django_assert_num_queries(1):
        assert len(unused()) == 2
