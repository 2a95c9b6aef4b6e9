import io
import zipfile
from decimal import Decimal

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from files.models import StoredFile
from files.storing import store, verdict_on
from tests.files import hostile, hostile_images, hostile_office

TABLES = {"pdf": hostile, "image": hostile_images, "office": hostile_office}


def cases(table: str) -> list[tuple[str, str]]:
    """(kind, name) of every file of that table, over all kinds."""
    return [(kind, name) for kind, module in TABLES.items() for name in getattr(module, table, {})]


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
    stored = store(upload(hostile.plain(2)), kinds=["pdf"], by=innovator, max_mb=1)
    content = bytes_of(stored)
    assert (stored.name, stored.media_type, stored.uploaded_by) == ("surat.pdf", "application/pdf", innovator)
    assert stored.size == len(content)
    assert stored.path.endswith(stored.sha256)
    assert "surat" not in stored.path
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 2


def test_equal_contents_share_their_bytes(innovator, outsider, monkeypatch):
    first = store(upload(hostile.plain(), "a.pdf"), kinds=["pdf"], by=innovator, max_mb=1)
    monkeypatch.setattr("files.storing._checked_before", lambda *_: None)
    again = store(upload(hostile.plain(), "b.pdf"), kinds=["pdf"], by=outsider, max_mb=1)
    assert (again.sha256, again.path) == (first.sha256, first.path)
    assert (first.name, again.name) == ("a.pdf", "b.pdf")
    assert StoredFile.objects.count() == 2


def test_what_was_cleaned_before_is_not_cleaned_again(innovator, outsider, monkeypatch):
    first = store(upload(hostile.plain()), kinds=["pdf"], by=innovator, max_mb=1)
    monkeypatch.setattr("files.storing.verdict_on", lambda *_: pytest.fail("cleaned again"))
    again = store(upload(hostile.plain(), "b.pdf"), kinds=["pdf"], by=outsider, max_mb=1)
    assert again.pk != first.pk
    assert (again.path, again.name, again.uploaded_by) == (first.path, "b.pdf", outsider)


def test_a_large_upload_on_disk_is_read_in_pieces(innovator):
    with TemporaryUploadedFile("besar.pdf", "application/pdf", 0, None) as file:
        file.write(hostile.plain(40))
        file.size = file.tell()
        file.seek(0)
        assert store(file, kinds=["pdf"], by=innovator, max_mb=1).size


@pytest.mark.parametrize(("kind", "name"), cases("REFUSED"))
def test_what_is_not_sound_is_refused_in_words_that_say_what_to_do(db, kind, name):
    content, code = TABLES[kind].REFUSED[name]
    with pytest.raises(ValidationError) as refusal:
        store(upload(content), kinds=[kind], by=None, max_mb=5)
    assert refusal.value.code == code
    said = refusal.value.messages[0]
    assert any(word in said.lower() for word in ("simpan", "lampirkan", "ganti", "putuskan", "cetak"))
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("kind", "name"), cases("SOUND"))
def test_what_is_sound_is_taken_and_taking_it_again_changes_nothing(db, kind, name):
    stored = store(upload(TABLES[kind].SOUND[name]), kinds=["pdf", "image", "office"], by=None, max_mb=1)
    again = store(upload(bytes_of(stored)), kinds=[kind], by=None, max_mb=5)
    assert again.media_type == stored.media_type
    if kind != "image":  # a JPEG drawn again is the same picture in other bytes
        assert again.sha256 == stored.sha256


@pytest.mark.parametrize("name", hostile.BOMBS)
def test_a_bomb_is_stopped(db, name):
    assert len(hostile.BOMBS[name]) < 1_000_000
    with pytest.raises(ValidationError) as refusal:
        store(upload(hostile.BOMBS[name]), kinds=["pdf"], by=None, max_mb=5)
    assert refusal.value.code in ("too_heavy", "broken_pdf")  # whichever notices first: the limit or the reader


def test_a_kind_that_is_not_asked_for_is_named_with_those_that_are(db):
    with pytest.raises(ValidationError, match=r"PDF / gambar \(JPEG, PNG atau WebP\)"):
        store(upload(hostile_office.office()), kinds=["pdf", "image"], by=None, max_mb=1)


def test_a_known_file_is_not_taken_where_its_kind_is_not_asked_for(db):
    store(upload(hostile_images.picture()), kinds=["image"], by=None, max_mb=1)
    with pytest.raises(ValidationError) as refusal:
        store(upload(hostile_images.picture()), kinds=["pdf"], by=None, max_mb=1)
    assert refusal.value.code == "wrong_kind"


def test_memory_and_time_end_the_check_and_not_the_portal(tmp_path, settings):
    source = tmp_path / "source"
    source.write_bytes(hostile.plain(400))
    settings.UPLOAD_CHECK_SECONDS = 0.02
    assert verdict_on(source, tmp_path / "target", ["pdf"]) == ""
    source.write_bytes(hostile_images.picture(size=(9000, 9000), progressive=True))  # 240 MB of coefficients
    settings.UPLOAD_CHECK_SECONDS = 5
    assert verdict_on(source, tmp_path / "target", ["image"]) in ("no too_heavy", "no broken_image")


@pytest.mark.parametrize("name", hostile_images.CLEANED)
def test_a_picture_keeps_nothing_but_what_is_seen(db, name):
    content = bytes_of(store(upload(hostile_images.CLEANED[name]), kinds=["image"], by=None, max_mb=1))
    assert b"EVIL" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_telephones_picture_stands_upright(db):
    stored = store(upload(hostile_images.from_a_telephone(), "foto.JPEG"), kinds=["image"], by=None, max_mb=1)
    assert (stored.name, stored.media_type) == ("foto.jpg", "image/jpeg")
    with Image.open(io.BytesIO(bytes_of(stored))) as picture:
        assert picture.size == (20, 40)


def test_a_packed_document_hides_nothing_between_its_parts(db):
    content = hostile_office.SOUND["a Word file with links"] + b"EVIL"
    stored = store(upload(content, "laporan.docx"), kinds=["office"], by=None, max_mb=1)
    assert stored.name == "laporan.docx"
    assert b"EVIL" not in bytes_of(stored)
    with zipfile.ZipFile(io.BytesIO(bytes_of(stored))) as package:
        assert package.namelist()[0] == "[Content_Types].xml"


@pytest.mark.parametrize(
    ("size", "max_mb", "code"), [(0, 1, "empty"), (1048577, 1, "too_large"), (600_000, 0.5, "too_large")]
)
def test_size_is_looked_at_first(db, size, max_mb, code):
    with pytest.raises(ValidationError) as refusal:
        store(upload(b"x" * size), kinds=["pdf"], by=None, max_mb=Decimal(str(max_mb)))
    assert refusal.value.code == code


@pytest.mark.parametrize("attack", hostile.ACTIVE, ids=lambda attack: attack.__name__)
def test_nothing_active_is_left(db, attack):
    before = hostile.with_page(attack)
    assert b"EVIL" in unfolded(before)
    after = unfolded(bytes_of(store(upload(before), kinds=["pdf"], by=None, max_mb=1)))
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

    stored = store(upload(hostile.with_page(harmless)), kinds=["pdf"], by=None, max_mb=1)
    with pikepdf.open(io.BytesIO(bytes_of(stored))) as pdf:
        page = pdf.pages[0]
        assert [str(note.A.S) for note in page.Annots] == ["/URI", "/GoTo"]
        assert page.Contents.read_bytes() == b"BT /AA 12 Tf (Isi surat) Tj ET"
        assert sorted(page.Resources.Font.keys()) == ["/AA", "/AF", "/EF", "/JS", "/S"]
        assert str(pdf.docinfo["/Title"]) == "Surat Pernyataan"


def test_an_attack_tail_after_the_end_is_dropped(db):
    stored = store(upload(hostile.plain() + b"PK\x03\x04 EVIL"), kinds=["pdf"], by=None, max_mb=1)
    assert b"EVIL" not in bytes_of(stored)


def test_the_same_file_sent_again_by_the_same_person_is_the_same_row(innovator, outsider):
    first = store(upload(hostile.plain()), kinds=["pdf"], by=innovator, max_mb=1)
    assert store(upload(hostile.plain()), kinds=["pdf"], by=innovator, max_mb=1) == first
    assert store(upload(hostile.plain()), kinds=["pdf"], by=outsider, max_mb=1) != first
    assert store(upload(hostile.plain(), "lain.pdf"), kinds=["pdf"], by=innovator, max_mb=1) != first
