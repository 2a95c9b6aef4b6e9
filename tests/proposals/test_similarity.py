"""Texts and titles compared: what the numbers promise, whatever the texts."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.passages import LEAST_WORDS, passages
from proposals.similarity import (
    LIKE_TITLE,
    SHINGLE,
    Corpus,
    containment,
    fingerprint,
    jaccard,
    names,
    near_titles,
    packed,
    shingles,
    title_likeness,
    unpacked,
    words,
)

VOCABULARY = [f"kata{number}" for number in range(40)]
texts = st.lists(st.sampled_from(VOCABULARY), max_size=120).map(" ".join)
LONG = " ".join(f"kata{number} lain{number * 7 % 90}" for number in range(90))
OTHER = " ".join(f"beda{number} asing{number * 7 % 90}" for number in range(90))


@given(st.text(max_size=200))
def test_words_name_their_places_in_the_text_as_written(text):
    found = words(text)
    assert all(each.start < each.end <= len(text) for each in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


def test_case_accents_and_width_do_not_make_another_word():
    assert [each.text for each in words("Café PÉLÅYANAN ２０２３, dua-tiga")] == [
        "cafe",
        "pelayanan",
        "2023",
        "dua",
        "tiga",
    ]


@given(texts)
def test_there_is_one_shingle_for_every_run_of_words(text):
    plain = [each.text for each in words(text)]
    assert len(shingles(plain)) == max(len(plain) - SHINGLE + 1, 0)


@given(texts, texts)
def test_likeness_is_symmetric_between_0_and_1_and_whole_for_the_same(one, other):
    a, b = fingerprint([one]), fingerprint([other])
    assert 0 <= jaccard(a, b) == jaccard(b, a) <= containment(a, b) == containment(b, a) <= 1
    if len(a):
        assert containment(a, a) == jaccard(a, a) == 1


@given(texts)
def test_a_fingerprint_comes_back_from_the_database_as_it_was(text):
    assert np.array_equal(unpacked(packed(fingerprint([text]))), fingerprint([text]))


def test_a_fingerprint_is_the_same_in_every_process():
    code = "from proposals.similarity import *; print(packed(fingerprint(['satu dua tiga empat lima enam'])).hex())"
    run = [sys.executable, "-c", code]
    outputs = {subprocess.run(run, capture_output=True, text=True, check=True).stdout for _turn in range(2)}
    assert outputs == {packed(fingerprint(["satu dua tiga empat lima enam"])).hex() + "\n"}


def test_a_part_copied_into_a_longer_text_is_found_and_another_text_is_not():
    copied = fingerprint([OTHER, LONG])
    found = Corpus([fingerprint([LONG]), fingerprint(["tidak ada yang sama di sini"]), copied]).alike()
    assert [(each.later, each.earlier) for each in found] == [(2, 0)]
    assert found[0].containment == 1
    assert found[0].jaccard < 0.6


def test_phrases_of_many_texts_say_nothing():
    prints = [fingerprint([LONG, f"{OTHER} {number}"]) for number in range(5)]
    assert len(Corpus(prints).alike()) == 10
    assert Corpus(prints, stock=4).alike() == []


def test_comparing_some_rows_finds_what_comparing_all_finds_about_them():
    prints = [fingerprint([LONG]), fingerprint([OTHER]), fingerprint([LONG]), fingerprint([OTHER, LONG])]
    every = Corpus(prints).alike()
    assert [each for each in every if 1 in (each.later, each.earlier)] == Corpus(prints).alike([1])
    assert Corpus(prints).alike([0, 1, 2, 3]) == every


@pytest.mark.parametrize("empty", [[], [fingerprint([])], [fingerprint([""]), fingerprint(["satu"])]])
def test_nothing_is_like_nothing(empty):
    assert Corpus(empty).alike() == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SI-PANDU", "Sipandu Plus"),
        ("SIPANDU (Sistem Pelayanan Terpadu Dusun)", "Aplikasi Si Pandu"),
        ("GRMS (Government Resource Management System)", "Government Resource Management System Kota Bima"),
        ("Antar Obat ke Pulau", "Antar Obat ke Pulau 2.0"),
        ("Rantang Kasih", "Rantang Kasi"),
    ],
)
def test_the_same_title_in_other_clothes_is_near(one, other):
    assert title_likeness(one, other) >= LIKE_TITLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Inovasi Pelayanan Publik Digital", "Pojok Bisa"),
        ("Surabaya Single Window (SSW)", "GRMS (Government Resource Management System) Surabaya"),
        ("Pojok Bisa", "Banyuwangi Mall"),
        ("", "Banyuwangi Mall"),
    ],
)
def test_another_title_is_not(one, other):
    assert title_likeness(one, other) < LIKE_TITLE


@given(st.lists(st.text(max_size=40), max_size=6))
def test_many_titles_at_once_are_judged_like_two(titles):
    pairs = {(later, earlier): likeness for later, earlier, likeness in near_titles(titles)}
    for later in range(len(titles)):
        for earlier in range(later):
            likeness = title_likeness(titles[later], titles[earlier])
            assert pairs.get((later, earlier), 0.0) == pytest.approx(likeness if likeness >= LIKE_TITLE else 0.0)


def test_a_title_is_known_by_its_parts_but_not_by_the_place_after_it():
    assert names("SSW (Surabaya Single Window) Surabaya")[1:] == ["SSW", "Surabaya Single Window"]


def test_a_passage_holds_the_same_words_in_both_texts_also_where_one_was_changed():
    text = "Kami mendatangi ibu hamil di rumah setiap pekan dengan bidan desa dan kader."
    other = "Sejak lama kami mendatangi ibu hamil di rumah setiap minggu dengan bidan desa dan kader, kata mereka."
    (found,) = passages(text, other)
    assert text[found.start : found.end] == text.rstrip(".")
    assert other[found.other_start : found.other_end] == other[11 : other.index(", kata")]
    assert found.words == 12


@given(texts, texts)
def test_passages_begin_and_end_alike_and_do_not_overlap(text, other):
    found = passages(text, other)
    for each in found:
        here, there = words(text[each.start : each.end]), words(other[each.other_start : each.other_end])
        assert (here[0].text, here[-1].text) == (there[0].text, there[-1].text)
        assert LEAST_WORDS <= each.words <= min(len(here), len(there))
    assert all(first.end <= second.start for first, second in pairwise(found))


def test_a_text_is_one_passage_of_itself():
    (found,) = passages(LONG, LONG)
    assert (found.start, found.end, found.other_start, found.other_end) == (0, len(LONG), 0, len(LONG))
