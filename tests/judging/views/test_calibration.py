"""The pages of advice: for the secretariat alone, in words, without ever moving a rank."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judging import actions
from judging.calibration.borderline import Budget
from judging.models import Anchor, Assessment, CalibrationRun, Entry, Score
from judging.ranking.places import rank

ROUND = ("2023", "umum", "desk")


def at(name: str, *more: str) -> str:
    return reverse(f"judging:{name}", args=[*ROUND, *more])


@pytest.fixture
def office(as_user, secretariat):
    return as_user(secretariat)


def test_computing_shows_the_fit_in_words_the_jurors_and_that_it_is_advice(office, read_round):
    assert "Belum dihitung" in office.get(at("calibration")).content.decode()
    assert office.post(at("calibration"), {"percent": 20, "waves": 2}).status_code == 302
    text = office.get(at("calibration")).content.decode()
    for words in ("Kalibrasi aktif", "Nilai resmi tetap", "Penilai 0", "lebih ketat daripada rata-rata", "Alfa"):
        assert words in text
    assert 'class="interval"' in text
    advice = office.get(at("ranking")).context["advice"]
    assert advice.sure_in + advice.uncertain + advice.sure_out + advice.unknown == read_round.entries.count()
    assert "nan" not in text.lower().split()


def test_a_run_of_an_earlier_state_says_so(office, read_round):
    office.post(at("calibration"), {"percent": 20, "waves": 2})
    Assessment.objects.final().first().scores.update(value=1)
    assert "sudah berubah" in office.get(at("calibration")).content.decode()


def test_switched_off_it_gives_its_reason_and_no_severity(office, read_round, make_juror):
    """Every proposal read by two of its own group of jurors: no link between the groups."""
    jurors = [make_juror(f"lain-{number}") for number in range(5)]
    lone = Entry.objects.filter(round=read_round)[:10]
    for sheet in Assessment.objects.filter(entry__in=list(lone)).select_related("juror__user"):
        number = int(sheet.juror.user.email[8])
        Assessment.objects.filter(pk=sheet.pk).update(juror=jurors[number])
    office.post(at("calibration"), {"percent": 20, "waves": 2})
    text = office.get(at("calibration")).content.decode()
    assert "Kalibrasi mematikan diri" in text
    assert "tidak membaca satu pun proposal bersama" in text
    assert "Keketatan dan konsistensi" not in text


def test_wrong_numbers_come_back_with_words(office, read_round):
    answer = office.post(at("calibration"), {"percent": 101, "waves": ""})
    assert answer.status_code == 422
    assert not CalibrationRun.objects.exists()
    Assessment.objects.all().update(status="draft")
    answer = office.post(at("calibration"), {"percent": 10, "waves": 3})
    assert answer.status_code == 422
    assert "belum cukup" in answer.content.decode()


def test_readings_are_released_in_part_once_and_never_from_an_old_list(office, read_round, secretariat):
    assert "Hitung kalibrasi lebih dulu" in office.get(at("readings")).content.decode()
    run = actions.run_calibration(read_round, by=secretariat, budget=Budget(20, 1))
    text = office.get(at("readings")).content.decode()
    first = run.results["readings"][0]["proposal"]
    assert text.count('name="proposal"') == 4
    assert office.post(at("readings"), {"run": "LAMA", "proposal": first}).status_code == 302
    assert office.post(at("readings"), {"run": run.code}).status_code == 302
    assert not Assessment.objects.open().exists()
    asked = office.post(at("readings"), {"run": run.code, "proposal": first})
    assert [count for _juror, count in asked.context["people"]] == [1]
    assert not Assessment.objects.open().exists()
    for _twice in range(2):
        office.post(at("readings"), {"run": run.code, "proposal": first, "deed": "release"})
    assert Assessment.objects.open().count() == 1
    text = office.get(at("readings")).content.decode()
    assert text.count('name="proposal"') == 3
    assert "Sudah dibagikan" in text
    assert "Tidak ada yang baru dibagikan" in text  # the second press


@pytest.mark.django_db(transaction=True)  # the correction has a later moment than the run
def test_readings_of_an_older_state_warn_and_those_of_older_weights_are_refused(office, read_round, secretariat):
    keys = list(read_round.criteria.order_by("order").values_list("key", flat=True))
    Score.objects.filter(criterion__key=keys[0]).update(value=50)
    run = actions.run_calibration(read_round, by=secretariat, budget=Budget(20, 1))
    sure = "bobot telah berubah sejak kalibrasi dihitung"
    assert sure not in office.get(at("readings")).content.decode()
    turned = dict(zip(keys, (Decimal(30), Decimal(70)), strict=True))
    actions.revise_weights(
        read_round, weights=turned, letter_number="B/2", reason="Salah ketik",
        seen=rank(read_round).input_sha256, by=secretariat,
    )  # fmt: skip
    assert sure in office.get(at("readings")).content.decode()
    data = {"run": run.code, "proposal": run.results["readings"][0]["proposal"]}
    assert sure in office.post(at("readings"), data).content.decode()
    said = office.post(at("readings"), data | {"deed": "release"}, follow=True).content.decode()
    assert "Bobot dikoreksi setelah kalibrasi ini" in said
    assert not Assessment.objects.open().exists()


def test_anchors_are_chosen_agreed_on_and_given_through_pages(office, read_round, secretariat):
    codes = list(Entry.objects.filter(round=read_round).values_list("proposal__code", flat=True)[:3])
    answer = office.post(at("anchors"), {"codes": codes[0] + ", salah"})
    assert answer.status_code == 422
    assert "SALAH" in answer.content.decode()
    assert office.post(at("anchors"), {"codes": " ".join(codes).lower()}).status_code == 302
    page = at("anchor", codes[0])
    assert office.post(page, {"score-kebaruan": "200", "score-dampak": ""}).status_code == 422
    for code in codes:
        assert office.post(at("anchor", code), {"score-kebaruan": "80,5", "score-dampak": "70"}).status_code == 302
    assert Anchor.objects.filter(scores__value=Decimal("80.5")).count() == 3
    assert "76,30" in office.get(at("anchors")).content.decode()
    office.post(at("anchors"), {"deed": "give"})
    assert Assessment.objects.filter(is_anchor_only=True).count() == 9  # three jurors had not read each
    assert office.get(at("anchor", "TIDAKADA")).status_code == 404


def test_looking_at_readings_before_they_go_asks_the_same_for_one_and_four(office, read_round, secretariat):
    run = actions.run_calibration(read_round, by=secretariat, budget=Budget(20, 1))
    every = [each["proposal"] for each in run.results["readings"]]
    counts = []
    for chosen in (every[:1], every[:4]):
        with CaptureQueriesContext(connection) as queries:
            assert office.post(at("readings"), {"run": run.code, "proposal": chosen}).status_code == 200
        counts.append(len(queries))
    assert len(every) == 4
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["calibration", "readings", "anchors"])
def test_nobody_but_the_secretariat_sees_them(name, read_round, as_user, innovator, agency_admin, evaluator, panelist):
    for user in (innovator, agency_admin, evaluator, panelist):
        assert as_user(user).get(at(name)).status_code == 403
        assert as_user(user).post(at(name)).status_code == 403
    assert as_user(None).get(at(name)).status_code == 302


def test_a_juror_s_desk_tells_only_their_own_measure(read_round, as_user, secretariat):
    mine = Assessment.objects.filter(juror__user__email="penilai-0@example.go.id").select_related("entry__proposal")
    codes = [sheet.entry.proposal.code for sheet in mine]
    for anchor in actions.choose_anchors(read_round, codes=codes, by=secretariat):
        actions.agree_on_anchor(anchor, scores={"kebaruan": Decimal(75), "dampak": Decimal(75)}, by=secretariat)
    own, other = mine[0].juror.user, Assessment.objects.exclude(juror=mine[0].juror).first().juror.user
    text = as_user(own).get(reverse("judging:desk")).content.decode()
    assert "Ukuran Anda sendiri" in text
    assert other.name not in text
    actions.give_anchors(read_round, by=secretariat)
    assert "Ukuran Anda sendiri" not in as_user(other).get(reverse("judging:desk")).content.decode()


def test_the_pages_ask_the_same_number_of_questions_however_large_the_round(office, read_round, secretariat):
    actions.run_calibration(read_round, by=secretariat, budget=Budget(5, 1))
    codes = list(Entry.objects.filter(round=read_round).values_list("proposal__code", flat=True))
    actions.choose_anchors(read_round, codes=codes[:1], by=secretariat)
    pages = [at(name) for name in ("calibration", "readings", "anchors")]
    few = [_queries(office, page) for page in pages]
    actions.run_calibration(read_round, by=secretariat, budget=Budget(50, 1))
    actions.choose_anchors(read_round, codes=codes[:3], by=secretariat)
    assert [_queries(office, page) for page in pages] == few
    assert max(few) <= 15


def _queries(client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(page).status_code == 200
    return len(seen)
