"""The certificate on paper: one page, tagged, its words and its address in it, text never code."""

import io

import pikepdf
import pytest
from django.core.files.storage import default_storage

from awards.exports import certificate_printer, words_of

NASTY = ['#panic("x")', "$x^2$ *b* _i_ `c` <label> @ref", '"); #read("/etc/passwd")', "Perahu 🚤 " + "panjang " * 34]


def opened(certificate) -> pikepdf.Pdf:
    with default_storage.open(certificate.file.path) as file:
        return pikepdf.open(io.BytesIO(file.read()))


def test_each_is_one_tagged_page_with_its_language_and_title(certificates):
    for each in certificates.values():
        with opened(each) as pdf, pdf.open_metadata() as facts:
            assert len(pdf.pages) == 1
            assert float(pdf.pages[0].mediabox[2]) > float(pdf.pages[0].mediabox[3])
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            assert str(pdf.Root.Lang) == "id"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            assert facts["pdfuaid:part"] == "1"
            assert facts["dc:title"] == f"Piagam Penghargaan {each.number} · {each.name}"


def test_the_same_certificate_gives_the_same_file(certificates):
    one = certificates["Antar Obat"]
    with default_storage.open(one.file.path) as file:
        assert certificate_printer()(words_of(one)) == file.read()


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("kind", ["innovation", "agency", "person"])
def test_any_words_are_text_on_one_page(certificates, kind, nasty):
    one = next(each for each in certificates.values() if each.kind == kind)
    one.name = nasty[:300]
    one.facts = one.facts | {"agency": nasty, "unit": nasty, "titles": [nasty] * 10, "title": nasty}
    with pikepdf.open(io.BytesIO(certificate_printer()(words_of(one)))) as pdf:
        assert len(pdf.pages) == 1
