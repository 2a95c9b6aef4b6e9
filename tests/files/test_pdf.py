import io
from datetime import UTC, datetime
from decimal import Decimal

import pikepdf
import pytest
import typst

from files.pdf import render_pdf

SPECIMEN = {
    "lang": "id",
    "title": "Bukti kirim proposal",
    "kind": "Bukti kirim",
    "number": "KIPP-2023-000123",
    "kicker": "KIPP 2023",
    "notice": "",
    "verification": "Periksa keaslian dokumen ini di https://portal.example.go.id/verify/",
    "number_label": "Nomor bukti kirim",
    "rows": [["Judul", "Antar Obat ke Pulau"], ["Instansi", "Pemerintah Kabupaten Contoh"], ["Diterima", "2 Mei 2023"]],
    "digest_label": "Sidik isi (SHA-256)",
    "digest": "0123456789abcdef" * 4,
    "list_label": "Daftar",
    "headers": ["Peringkat", "Judul", "Instansi", "Nilai"],
    "entries": [[str(n), f"Inovasi ke-{n}", "Pemerintah Kota Contoh", f"{99 - n},50"] for n in range(1, 41)],
    "place": "Jakarta, 2 Mei 2023",
    "office": "Ketua Tim Panel Independen",
    "name": "Prof. Contoh",
}


def rendered(**changes: object) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(render_pdf("files/specimen.typ", SPECIMEN | changes)))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_pdf_is_tagged_titled_and_speaks_its_language(lang):
    with rendered(lang=lang) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == lang
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as facts:
            assert facts["dc:title"] == "Bukti kirim proposal · KIPP-2023-000123"
            assert facts["pdfuaid:part"] == "1"
        assert len(pdf.pages) == 2


def test_the_same_data_gives_the_same_bytes():
    assert render_pdf("files/specimen.typ", SPECIMEN) == render_pdf("files/specimen.typ", SPECIMEN)


@pytest.mark.parametrize(
    "nasty", ['#panic("x")', "$x^2$ *b* _i_ `c` <label> @ref", '"); #read("/etc/passwd")', "\\ \n #"]
)
def test_data_is_never_code(nasty):
    with rendered(title=nasty, rows=[[nasty, nasty]], entries=[[nasty] * 4]) as pdf:
        assert len(pdf.pages) == 1


def test_dates_and_decimals_may_be_given():
    facts = [["Nilai", Decimal("91.50")], ["Pada", datetime(2023, 5, 2, tzinfo=UTC)]]
    with rendered(rows=facts) as pdf:
        assert len(pdf.pages) == 2


@pytest.mark.parametrize("path", ["../manage.py", "/etc/passwd", "files/../../pyproject.toml"])
def test_only_templates_are_rendered(path):
    with pytest.raises(ValueError, match="not under templates"):
        render_pdf(path, {})


def test_a_template_reads_nothing_outside(tmp_path, monkeypatch):
    monkeypatch.setattr("files.pdf.TEMPLATES", tmp_path)
    (tmp_path / "spy.typ").write_text('#set document(title: "x")\n#read("../../../../etc/hostname")')
    with pytest.raises(typst.TypstError):
        render_pdf("spy.typ", {})


@pytest.mark.parametrize("text", ["Perahu 🚤 cepat", "漢字", "tanda \x01 kendali", "bendera 🇮🇩 dan ❤️"])
def test_a_sign_no_font_has_is_spelled_and_not_an_error_page(text):
    from files.pdf import _spelled

    content = {"lang": "id", "title": text, "kind": "", "number": "1", "competition": "", "notice": ""}
    empty = {
        "verification": "",
        "receipt": None,
        "details_label": "-",
        "details": [],
        "aspects": [],
        "files_label": "-",
    }
    assert render_pdf("proposals/document.typ", content | empty | {"files": [], "no_files": "-"}).startswith(b"%PDF")
    assert "🚤" not in str(_spelled(content))
