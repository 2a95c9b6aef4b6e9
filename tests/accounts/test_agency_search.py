import pytest

from accounts.agency_list import load_agencies
from accounts.agency_search import find_agencies


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("banyuwangi", "Pemerintah Kabupaten Banyuwangi"),
        ("Pemkab Banyuwangi", "Pemerintah Kabupaten Banyuwangi"),
        ("Kab. Kulon-Progo", "Pemerintah Kabupaten Kulon Progo"),
        ("Pemprov Jateng", "Pemerintah Provinsi Jawa Tengah"),
        ("pemkot semarang", "Pemerintah Kota Semarang"),
        ("Kemenkes", "Kementerian Kesehatan"),
        ("kementrian agama", "Kementerian Agama"),
        ("Bányuwángi", "Pemerintah Kabupaten Banyuwangi"),
        ("bayuwangi", "Pemerintah Kabupaten Banyuwangi"),  # nothing holds it: the most alike
        ("PLN", "PT Perusahaan Listrik Negara (Persero)"),
    ],
)
def test_finds_what_people_type(db, typed, found):
    load_agencies()
    assert found in [agency.name for agency in find_agencies(typed)]


@pytest.mark.parametrize("typed", ["", "  ", "?!", "xyzzy qwerty", "%", "日本"])
def test_finds_nothing(db, typed):
    load_agencies()
    assert not find_agencies(typed).exists()
