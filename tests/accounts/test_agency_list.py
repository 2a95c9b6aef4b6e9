import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from accounts.agency_list import ADMINISTRATIVE_AREAS, COLUMNS, OFFICIAL_LIST, ZONES, load_agencies, read_rows
from accounts.models import Agency


@pytest.fixture
def official(db):
    return load_agencies()


def test_loads_all_656_once(official):
    assert official == (656, 656)
    assert load_agencies() == (0, 656)
    assert Agency.objects.participating().count() == 650
    assert set(Agency.objects.filter(participates=False).values_list("code", flat=True)) == ADMINISTRATIVE_AREAS


@pytest.mark.parametrize(
    ("code", "parent", "zone"),
    [
        ("KM009", None, "WIB"),  # a central body
        ("BN001", None, "WIB"),  # a state-owned enterprise stands alone
        ("53", None, "WITA"),  # a province
        ("35.10", "35", "WIB"),  # Banyuwangi
        ("96.71", "96", "WIT"),  # Sorong, in the youngest province
        ("31.71", "31", "WIB"),  # an administrative city of Jakarta
        ("BD001", "51", "WITA"),  # an enterprise of a province
        ("BD003", "35", "WIB"),
        ("BD004", "34.01", "WIB"),  # "… Kabupaten Kulon Progo"
    ],
)
def test_parents_and_zones(official, code, parent, zone):
    agency = Agency.objects.select_related("parent").get(code=code)
    assert (agency.parent and agency.parent.code, agency.get_time_zone_display()) == (parent, zone)


def test_every_province_has_a_zone():
    provinces = {row["province"] for row in read_rows(OFFICIAL_LIST)} - {""}
    assert provinces == set(ZONES)
    assert len(provinces) == 38


def test_a_corrected_name_is_taken_over(official, tmp_path):
    Agency.objects.filter(code="35.10").update(name="Salah")
    load_agencies()
    assert Agency.objects.get(code="35.10").name == "Pemerintah Kabupaten Banyuwangi"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["code,name"], "Baris 1"),
        ([",".join(COLUMNS), "1,Satu,province,Aceh,satu", "2,Dua,kampung,Aceh,dua"], "Baris 3"),
        ([",".join(COLUMNS), "1,Satu,province,Atlantis,satu"], "Atlantis"),
        ([",".join(COLUMNS), "1,Satu,province"], "Baris 2"),
    ],
)
def test_a_wrong_line_is_named_and_changes_nothing(db, tmp_path, lines, says):
    path = tmp_path / "agencies.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ValidationError) as refusal:
        load_agencies(path)
    assert says in refusal.value.messages[0]
    assert not Agency.objects.exists()


def test_command(db, capsys):
    call_command("load_agencies")
    assert "656" in capsys.readouterr().out
