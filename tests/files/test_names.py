import pytest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from files.names import LONGEST, clean_name


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Surat Pernyataan.pdf", "Surat Pernyataan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Budi\\surat.PDF", "surat.pdf"),
        ("surat\u202efdp.exe", "suratfdp.exe.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie_ x.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("", "dokumen.pdf"),
        ("...", "dokumen.pdf"),
        (".pdf", "dokumen.pdf"),
        ("  banyak   spasi .pdf", "banyak spasi.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("é" * 300 + ".pdf", "é" * (LONGEST - 4) + ".pdf"),
        ("Kepulauan Riau – 𝟚.pdf", "Kepulauan Riau – 𝟚.pdf"),
    ],
)
def test_names_people_send(written, clean):
    assert clean_name(written) == clean


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one_and_stays_it(written):
    name = clean_name(written)
    assert len(name) <= LONGEST
    assert name.endswith(".pdf")
    assert not set(name) & set('/\\\0\r\n<>:"|?*\u202e\u200f')
    assert clean_name(name) == name


def test_a_small_size_has_the_sign_the_larger_ones_have():
    with override("id"):
        assert [filesizeformat(size) for size in (590, 2048)] == ["590\xa0B", "2,0\xa0KB"]
