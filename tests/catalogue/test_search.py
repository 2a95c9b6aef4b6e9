"""What a search text means: affixes, mistakes, stop words, synonyms; and the order of what is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.actions import record_award
from catalogue.models import Innovation
from catalogue.search import understand
from catalogue.words import allowed_mistakes, ideas, mistakes, plain, stop_words, synonyms

LETTERS = st.text("abcdk", max_size=6)


@pytest.fixture
def titles(agency):
    def add(*names: str, summary: str = "") -> None:
        for name in names:
            record_award(title=name, agency=agency, year=2019, tier="winner", label="Top 45", summary=summary)

    return add


def found(text: str) -> list[str]:
    return [each.title for each in Innovation.objects.search(text)]


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Mempercepat Perizinan", "percepatan izin"),
        ("Pengobatan Keliling", "obat berobat"),
        ("Pembelajaran Jarak Jauh", "belajar"),
        ("Library Café", "CAFE"),
        ("PeduliLindungi", "peduli lindungi"),
        ("PeduliLindungi", "pedulilindungi"),
        ("Puskesmas Terapung", "pusat kesehatan masyarakat"),
        ("Pusat Kesehatan Masyarakat Terapung", "puskesmas"),
        ("Puskesmas Terapung", "puskemas"),
        ("Ambulans Laut", "ambualns"),
        ("Ambulans Laut", "ambul"),
        ("Ambulans Laut", "yang di laut"),
        ("Ambulans Laut", "ambulans laut xyzzy"),
        ("Bank Sampah Digital", "limbah"),
    ],
)
def test_a_title_is_found_by(titles, title, asked):
    titles(title, "Sekolah Sungai")
    assert found(asked)[0] == title


@pytest.mark.parametrize("text", ["", "   ", "!?", "xyzzy", "' OR 1=1 --", "& | ! <-> :*", "\\", "%", "a" * 5000])
def test_nonsense_is_answered(titles, text):
    titles("Ambulans Laut")
    assert found(text) == ([] if text.strip() else ["Ambulans Laut"])


def test_the_very_word_in_a_title_comes_before_a_synonym_and_that_before_a_mention(titles):
    titles("Kampung Bersih", summary="Tentang sampah.")
    titles("Limbah Tahu", "Olah Sampah")
    assert found("sampah") == ["Olah Sampah", "Limbah Tahu", "Kampung Bersih"]


def test_only_where_nobody_holds_all_words_some_are_enough(titles):
    titles("Ambulans Laut", "Kapal Laut", "Ambulans Desa")
    assert found("ambulans laut") == ["Ambulans Laut"]
    assert not understand("ambulans laut").some
    assert understand("kapal desa").some
    assert found("kapal desa") == ["Ambulans Desa", "Kapal Laut"]


def test_what_was_put_right_is_said(titles):
    titles("Ambulans Laut")
    wanted = understand("ambulasn xyzzy")
    assert (wanted.meant, wanted.ignored) == ({"ambulasn": "ambulans"}, ["xyzzy"])


def test_a_former_title_and_the_agency_s_province_are_found(titles, agency):
    titles("Ambulans Laut")
    Innovation.objects.update(former_titles=["Perahu Sehat"])
    assert found("perahu") == found("sulawesi contoh") == ["Ambulans Laut"]


def test_no_spelling_is_in_two_groups_of_one_line_and_no_synonym_is_a_stop_word():
    for spelling, means in synonyms().items():
        assert len(set(means)) == len(means) > 1
        assert not set(spelling) <= stop_words(), spelling


def test_the_longest_spelling_is_one_idea():
    assert [idea[0] for idea in ideas(plain("antrean rumah sakit umum daerah"))] == [
        "antrean",
        "rumah sakit umum daerah",
    ]


@given(LETTERS, LETTERS)
def test_mistakes_count_the_same_from_both_sides(one, other):
    assert mistakes(one, other) == mistakes(other, one)
    assert (mistakes(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= mistakes(one, other) <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("typed", "meant", "number"), [("obta", "obat", 1), ("kesehtan", "kesehatan", 1), ("gzi", "gizi", 1)]
)
def test_mistakes_of_the_fingers(typed, meant, number):
    assert mistakes(typed, meant) == number


@pytest.mark.parametrize(
    ("word", "number"), [("rt", 0), ("ktp", 0), ("obat", 1), ("sampah", 1), ("sekolah", 2), ("2019", 0)]
)
def test_short_words_forgive_less(word, number):
    assert allowed_mistakes(word) == number
