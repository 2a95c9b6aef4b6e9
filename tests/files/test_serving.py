import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from files.models import StoredFile
from files.serving import respond


@pytest.fixture
def stored(db) -> StoredFile:
    path = default_storage.save("ab/cd/abcd", ContentFile(b"%PDF-1.7 isi"))
    return StoredFile.objects.create(
        name="Surat – “Kota Ünik”.pdf", media_type="application/pdf", size=12, sha256="ab" * 32, path=path
    )


def test_a_file_is_a_download_no_browser_runs(stored):
    response = respond(stored)
    assert b"".join(response) == b"%PDF-1.7 isi"
    response.close()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Surat%20")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_name_cannot_break_the_header(stored):
    stored.name = 'a"; filename=evil.html.pdf'
    response = respond(stored)
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="a\\"; filename=evil.html.pdf"'
