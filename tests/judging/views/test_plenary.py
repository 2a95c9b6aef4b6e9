"""The pages around a plenary: who may see and do what, what is said when it goes wrong, how much is asked."""

from io import BytesIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judging import actions
from judging.models import Assessment, Attendance, Disqualification, Entry, PlenaryMove, Scenario, Selection
from judging.ranking.places import rank
from judging.ranking.selecting import Move

ROUND = ("2023", "umum", "desk")
MINUTES = {"minutes_number": "B/1/2023", "minutes": "Sidang pleno."}


def at(name: str) -> str:
    return reverse(f"judging:{name}", args=ROUND)


@pytest.fixture
def office(as_user, secretariat):
    return as_user(secretariat)


def test_a_panelist_present_is_led_to_the_moves_and_confirms(scored, as_user, secretariat, panelist):
    desk_round, first = scored(), Entry.objects.get(proposal__title="Proposal 0").proposal
    actions.prepare_move(desk_round, proposal=first, put_in=False, reason="Temuan lapangan", by=secretariat)
    reader = as_user(panelist)
    assert reader.get(at("plenary_confirm")).status_code == 403
    assert at("plenary_confirm") not in reader.get(reverse("judging:desk")).content.decode()
    actions.note_present(desk_round, people=[panelist], guests=[], by=secretariat)
    assert at("plenary_confirm") in reader.get(reverse("judging:desk")).content.decode()
    assert "Temuan lapangan" in reader.get(at("plenary_confirm")).content.decode()
    assert reader.get(at("plenary")).status_code == 403
    reader.post(at("plenary_confirm"), {"proposal": [first.code]})
    assert PlenaryMove.objects.get().confirmed_by == panelist


def test_the_list_of_those_present_keeps_what_was_typed(office, desk_round):
    answer = office.post(at("present"), {"guests": "x" * 200 + ", Inspektorat"})
    assert answer.status_code == 422
    assert "x" * 200 in answer.content.decode()
    office.post(at("present"), {"guests": "Siti Rahma, Inspektorat"})
    row = Attendance.objects.get()
    assert office.post(at("present"), {"remove": "x"}).status_code == 404
    office.post(at("present"), {"remove": row.pk})
    assert not Attendance.objects.exists()


def test_a_scenario_is_kept_compared_and_followed(office, scored, desk_round):
    scored()
    keys = list(desk_round.criteria.order_by("order").values_list("key", flat=True))
    typed = {"name": "Bobot lain", "ties": "heaviest", f"weight-{keys[0]}": "50", f"weight-{keys[1]}": "40"}
    answer = office.post(at("scenarios"), typed)
    assert answer.status_code == 422
    assert "Bobot lain" in answer.content.decode()
    office.post(at("scenarios"), typed | {f"weight-{keys[1]}": "50"})
    kept = Scenario.objects.get()
    assert kept.options["weights"] == {keys[0]: "50", keys[1]: "50"}
    assert office.post(at("scenarios"), typed | {f"weight-{keys[1]}": "50"}).status_code == 422  # the name is taken
    page = reverse("judging:scenario", args=[kept.code])
    assert office.get(page, {"with": "tidak-ada"}).status_code == 200
    assert office.post(page, {"reason": " "}).status_code == 422
    assert office.post(page, {"reason": "Kehendak sidang"}).url == at("plenary")


SHOWN_AT = ("ranking", "plenary")


def test_a_proposal_is_disqualified_by_two_on_one_page(office, scored, as_user, clerk):
    scored()
    page = reverse("judging:disqualify", args=[Entry.objects.get(proposal__title="Proposal 0").proposal.code])
    assert office.post(page, {"reason": " "}).status_code == 422
    office.post(page, {"reason": "Data palsu"})
    assert "tetap dalam kompetisi sampai orang kedua" in office.get(page).content.decode()
    assert all("menunggu konfirmasi orang kedua" in office.get(at(name)).content.decode() for name in SHOWN_AT)
    assert page in office.get(reverse("proposals:proposal", args=[page.split("/")[-2]])).content.decode()
    assert office.post(page, {"deed": "confirm"}).status_code == 422
    as_user(clerk).post(page, {"deed": "confirm"})
    assert Disqualification.objects.get().confirmed_by == clerk
    assert "telah keluar dari kompetisi" in office.get(page).content.decode()
    assert not any("menunggu konfirmasi orang kedua" in office.get(at(name)).content.decode() for name in SHOWN_AT)


def test_a_fixed_list_is_opened_and_corrected_in_the_browser(office, scored, hold, secretariat, clerk, as_user):
    desk_round = hold(scored())
    first = actions.freeze_selection(desk_round, by=secretariat, **MINUTES)
    page = reverse("judging:correction", args=[first.code])
    assert office.get(at("plenary")).url == reverse("judging:selection", args=[first.code])
    assert office.post(page, {"reason": " "}).status_code == 422
    assert office.post(page, {"reason": "Salah hitung"}).url == at("plenary")
    assert "Salah hitung" in office.get(at("plenary")).content.decode()
    hold(desk_round, Move(rank(desk_round).places[0].proposal, True, "x"))
    answer = office.post(at("freeze"), MINUTES | {"deed": "review"})
    assert answer.status_code == 200
    confirm = MINUTES | {"deed": "freeze", "digest": answer.context["digest"]}
    assert office.post(at("freeze"), confirm).status_code == 422  # who opened the correction
    assert as_user(clerk).post(at("freeze"), confirm).status_code == 302
    second = Selection.objects.of(desk_round)
    assert second.supersedes == first
    for each in (first, second):
        text = office.get(reverse("judging:selection", args=[each.code]), {"check": "1"}).content.decode()
        assert "Baru saja dihitung ulang" in text
        pdf = pikepdf.open(BytesIO(office.get(reverse("judging:minutes_pdf", args=[each.code])).content))
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("id")


@pytest.mark.parametrize("name", ["ranking", "plenary", "plenary_confirm", "scenarios", "present"])
def test_the_pages_ask_the_same_for_few_and_many(office, scored, secretariat, desk_round, name):
    counts = []
    for marks in ((90, 85, 80), (79, 78, 77, 76, 75, 74)):
        scored(marks)
        for place in rank(desk_round).places[:2]:
            proposal = Entry.objects.get(proposal__code=place.proposal).proposal
            actions.prepare_move(desk_round, proposal=proposal, put_in=True, reason="x", by=secretariat)
        actions.run_calibration(desk_round, by=secretariat)
        actions.note_present(desk_round, people=[], guests=[(f"Tamu {len(marks)}", "")], by=secretariat)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(at(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_correcting_weights_says_what_stays_and_shows_what_was_published(office, desk_round):
    aspect = desk_round.criteria.get(key="dampak").aspect
    desk_round.criteria.filter(key="dampak").update(weight=55)
    text = office.get(at("weights")).content.decode()
    assert "Hanya babak ini yang berubah" in text
    assert f"Bobot aspek yang diumumkan: {aspect.weight:.0f}%" in text
    assert 'value="55"' in text


def test_who_crosses_the_line_by_other_weights_is_foretold(office, scored, make_proposal, make_juror, score):
    desk_round, juror = scored((90, 85, 80)), make_juror("cici")
    for title, marks in {"Lama": (79, 60), "Baru": (60, 79)}.items():
        entry = Entry.objects.create(round=desk_round, proposal=make_proposal(title))
        score(Assessment.objects.create(entry=entry, juror=juror, place=1), *marks)
    first, second = desk_round.criteria.order_by("order").values_list("key", flat=True)
    typed = {f"weight-{first}": "40", f"weight-{second}": "60", "letter_number": "S/9", "reason": "Salah ketik"}
    page = office.post(at("weights"), typed).context
    foretold = page["changes"]
    assert [each.title for each in (*foretold.entering, *foretold.leaving)] == ["Baru", "Lama"]
    assert [each.key for each in page["counted_in"]] == [
        each.key for each in desk_round.group.rounds.order_by("order") if "desk" in each.shares and each.key != "desk"
    ]
    mended = office.post(at("weights"), typed | {"deed": "mend"})
    assert (mended.status_code, mended.context["form"]["reason"].value()) == (200, "Salah ketik")
    assert desk_round.criteria.get(key=first).weight == 60
    came = office.post(at("weights"), typed | {"deed": "correct", "seen": page["seen"]}, follow=True).context["changes"]
    assert came == foretold
    assert office.post(at("weights"), typed).status_code == 422  # these are its weights now


def test_weights_that_miss_a_hundred_name_what_they_add_up_to(office, desk_round):
    data = {"weight-kebaruan": "60", "weight-dampak": "45,5", "letter_number": "B/2", "reason": "Salah ketik"}
    answer = office.post(at("weights"), data)
    assert answer.status_code == 422
    assert "105,50 persen" in answer.content.decode()
