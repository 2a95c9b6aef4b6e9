import io
import time
from decimal import Decimal

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from files.models import StoredFile
from files.storing import store_pdf
from tests.files import hostile


def upload(content: bytes, name: str = "surat.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def bytes_of(stored: StoredFile) -> bytes:
    with default_storage.open(stored.path) as file:
        return file.read()


def unfolded(content: bytes) -> bytes:
    """The file with every stream and object readable, as a viewer would see it."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
        )
    return target.getvalue()


def test_a_pdf_is_stored_with_its_facts(innovator):
    stored = store_pdf(upload(hostile.plain(2)), by=innovator, max_mb=1)
    content = bytes_of(stored)
    assert (stored.name, stored.media_type, stored.uploaded_by) == ("surat.pdf", "application/pdf", innovator)
    assert stored.size == len(content)
    assert stored.path.endswith(stored.sha256)
    assert "surat" not in stored.path
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 2


def test_equal_contents_share_their_bytes(innovator, outsider, monkeypatch):
    first = store_pdf(upload(hostile.plain(), "a.pdf"), by=innovator, max_mb=1)
    monkeypatch.setattr("files.storing._cleaned_before", lambda source: None)
    again = store_pdf(upload(hostile.plain(), "b.pdf"), by=outsider, max_mb=1)
    assert (again.sha256, again.path) == (first.sha256, first.path)
    assert (first.name, again.name) == ("a.pdf", "b.pdf")
    assert StoredFile.objects.count() == 2


def test_what_was_cleaned_before_is_not_cleaned_again(innovator, outsider, monkeypatch):
    first = store_pdf(upload(hostile.plain()), by=innovator, max_mb=1)
    monkeypatch.setattr("files.storing._verdict", lambda source, target: pytest.fail("cleaned again"))
    again = store_pdf(upload(hostile.plain(), "b.pdf"), by=outsider, max_mb=1)
    assert again.pk != first.pk
    assert (again.path, again.name, again.uploaded_by) == (first.path, "b.pdf", outsider)


def test_a_large_upload_on_disk_is_read_in_pieces(innovator):
    with TemporaryUploadedFile("besar.pdf", "application/pdf", 0, None) as file:
        file.write(hostile.plain(40))
        file.size = file.tell()
        file.seek(0)
        assert store_pdf(file, by=innovator, max_mb=1).size


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_what_is_not_a_sound_pdf_is_refused_in_words(db, name):
    content, code = hostile.REFUSED[name]
    with pytest.raises(ValidationError) as refusal:
        store_pdf(upload(content), by=None, max_mb=5)
    assert refusal.value.code == code
    assert len(refusal.value.messages[0]) > 20
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("size", "max_mb", "code"), [(0, 1, "empty"), (1048577, 1, "too_large"), (600_000, 0.5, "too_large")]
)
def test_size_is_looked_at_first(db, size, max_mb, code):
    with pytest.raises(ValidationError) as refusal:
        store_pdf(upload(b"x" * size), by=None, max_mb=Decimal(str(max_mb)))
    assert refusal.value.code == code


@pytest.mark.parametrize("attack", hostile.ACTIVE, ids=lambda attack: attack.__name__)
def test_nothing_active_is_left(db, attack):
    before = hostile.with_page(attack)
    assert b"EVIL" in unfolded(before)
    after = unfolded(bytes_of(store_pdf(upload(before), by=None, max_mb=1)))
    assert b"EVIL" not in after
    for word in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/AA", b"/EmbeddedFile", b"/XFA", b"/RichMedia"):
        assert word not in after


def test_what_is_harmless_stays(db):
    def harmless(pdf, page):
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://youtu.be/inovasi"))
        jump = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([page.obj, pikepdf.Name.Fit]))
        notes = [hostile.note(pdf, Subtype=pikepdf.Name.Link, A=action) for action in (link, jump)]
        page.obj.Annots = pikepdf.Array(notes)
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(AA=font, AF=font, EF=font, JS=font, S=font))
        page.obj.Contents = pdf.make_stream(b"BT /AA 12 Tf (Isi surat) Tj ET")
        pdf.docinfo["/Title"] = "Surat Pernyataan"

    stored = store_pdf(upload(hostile.with_page(harmless)), by=None, max_mb=1)
    with pikepdf.open(io.BytesIO(bytes_of(stored))) as pdf:
        page = pdf.pages[0]
        assert [str(note.A.S) for note in page.Annots] == ["/URI", "/GoTo"]
        assert page.Contents.read_bytes() == b"BT /AA 12 Tf (Isi surat) Tj ET"
        assert sorted(page.Resources.Font.keys()) == ["/AA", "/AF", "/EF", "/JS", "/S"]
        assert str(pdf.docinfo["/Title"]) == "Surat Pernyataan"


def test_an_attack_tail_after_the_end_is_dropped(db):
    stored = store_pdf(upload(hostile.plain() + b"PK\x03\x04 EVIL"), by=None, max_mb=1)
    assert b"EVIL" not in bytes_of(stored)


def test_a_bomb_is_stopped_by_its_limits(db):
    bomb = hostile.object_bomb()
    assert len(bomb) < 1_000_000
    started = time.monotonic()
    with pytest.raises(ValidationError) as refusal:
        store_pdf(upload(bomb), by=None, max_mb=5)
    assert refusal.value.code in ("too_heavy", "broken_pdf")  # whichever notices first: the limit or the reader
    assert time.monotonic() - started < 30
