"""Past awards: what a level means, which agency a name means, and that a second load adds nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import Agency
from catalogue.loading import COLUMNS, LEVELS, AgencyMatcher, load_awards
from catalogue.models import IMPLIED, Award, Innovation
from catalogue.querysets import award_history
from competitions.models import AWARD_TIERS

HEAD = ",".join(COLUMNS)


@pytest.fixture
def load(tmp_path, db):
    def load_rows(*rows: str, head: str = HEAD):
        path = tmp_path / "awards.csv"
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return load_awards(path)

    return load_rows


def test_the_years_and_the_catalogue_name_the_same_tiers():
    assert set(AWARD_TIERS) == set(Award.Tier.values)


def test_the_real_file_loads_twice_alike(db):
    first, second = load_awards(), load_awards()
    assert (first.rows, first.innovations, first.skipped) == (81, 77, 4)
    assert (second.innovations, second.awards) == (0, 0)
    assert Award.objects.filter(tier="winner").count() == 44
    assert Award.objects.filter(tier="winner", year=2014).count() == 9


def test_agencies_loaded_later_are_found_by_a_second_load(load, agency):
    row = f"2019,Antar Obat,{agency.name} (Puskesmas Contoh),regency,top99,Kesehatan,no,berita"
    agency_name = agency.name
    agency.delete()
    load(row)
    found = Innovation.objects.get()
    assert (found.agency, found.agency_name) == (None, f"{agency_name} (Puskesmas Contoh)")
    again = Agency.objects.create(code="76.01", name=agency_name, slug="kab-contoh", type="regency")
    load(row)
    found.refresh_from_db()
    assert found.agency == again


@pytest.mark.parametrize("level", [level for level, (tier, _) in LEVELS.items() if tier in IMPLIED])
def test_a_winner_was_a_finalist_of_the_same_year(load, level):
    load(f"2019,Antar Obat,Kota Lain,city,{level},Kesehatan,no,berita")
    innovation = Innovation.objects.get()
    assert [(award.tier, award.year) for award in award_history(innovation)] == [("winner", 2019), ("finalist", 2019)]
    assert [award.label for award in innovation.distinctions] == [LEVELS[level][1]]


def test_a_finalist_of_two_years_counts_twice(load):
    load(
        "2017,Antar Obat,Kota Lain,city,top99,Kesehatan,no,berita",
        "2019,Antar Obat,Kota Lain,city,top99,Kesehatan,no,berita",
    )
    history = award_history(Innovation.objects.get())
    assert [(award.tier, award.year) for award in history] == [("finalist", 2017), ("finalist", 2019)]
    assert award_history(None) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Pemerintah Provinsi Jawa Timur", "Pemerintah Provinsi Jawa Timur"),
        ("Pemerintah Provinsi Jawa Timur (RSJ Menur)", "Pemerintah Provinsi Jawa Timur"),
        ("pemerintah  provinsi jawa timur", "Pemerintah Provinsi Jawa Timur"),
        ("Pemerintah Provinsi DKI Jakarta (RSUD Koja)", "Pemerintah Provinsi Daerah Khusus Ibukota Jakarta"),
        ("PT Jamkrida Bali Mandara (Perseroda)", "PT Jamkrida Bali Mandara (Perseroda)"),
        ("Kementerian Hukum dan HAM", None),
    ],
)
def test_which_agency_a_name_means(db, name, found):
    for number, known in enumerate(
        [
            "Pemerintah Provinsi Jawa Timur",
            "Pemerintah Provinsi Daerah Khusus Ibukota Jakarta",
            "PT Jamkrida Bali Mandara (Perseroda)",
            "Kementerian Hukum",
        ]
    ):
        Agency.objects.create(code=f"X{number}", name=known, slug=f"x{number}", type="province")
    agency = AgencyMatcher().find(name)
    assert (agency.name if agency else None) == found


@pytest.mark.parametrize(
    "row",
    [
        "2019,Antar Obat,Kota Lain,city,top98,Kesehatan,no,berita",
        "1999,Antar Obat,Kota Lain,city,top99,Kesehatan,no,berita",
        "2019,,Kota Lain,city,top99,Kesehatan,no,berita",
        "2019,Antar Obat,Kota Lain,city,top99,Kesehatan,no,berita, dari koran",
        "2019,Antar Obat,Kota Lain",
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_loaded(load, row):
    with pytest.raises(ValidationError) as refusal:
        load("2019,Benar,Kota Lain,city,top99,Kesehatan,no,berita", row)
    assert [error.code for error in refusal.value.error_list] == ["row"]
    assert "3" in refusal.value.messages[0]
    assert not Innovation.objects.exists()


def test_a_file_with_other_columns_is_refused(load):
    with pytest.raises(ValidationError) as refusal:
        load("2019,Antar Obat", head="tahun,judul")
    assert refusal.value.code == "columns"


def test_the_command(tmp_path, db, capsys):
    call_command("load_awards")
    assert "77 innovations" in capsys.readouterr().out
    with pytest.raises(CommandError, match="tidak-ada"):
        call_command("load_awards", tmp_path / "tidak-ada.csv")
