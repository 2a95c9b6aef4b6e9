"""What the scoring page's script is answered, and what happens to what came too late or from two windows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from judging.actions import return_assessment
from judging.models import Assessment, AssessmentVersion, Entry
from judging.scoring import desk
from tests.judging.views.test_desk import typed, url

JSON = {"Accept": "application/json"}


@pytest.fixture
def juror(as_user, sheet):
    return as_user(sheet.juror.user)


@pytest.fixture
def send(juror, sheet):
    """send("a", 1, kebaruan="80"): save number 1 of the open page "a", from the version it knows."""

    def save(writer: str, turn: int, version: int | None = None, **more):
        fields = typed(sheet, writer=writer, turn=str(turn), **more)
        fields["version"] = str(version or sheet.version)
        return juror.post(url(sheet), fields, headers=JSON)

    return save


def test_what_is_good_is_saved_and_what_is_not_yet_is_named(send, sheet):
    answer = send("a", 1, kebaruan="80", dampak="700")
    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    assert "Isi nilai dari 0 sampai 100." in answer.json()["remarks"][0]
    assert answer.json()["saved"] == "Isian lainnya sudah tersimpan."
    assert dict(sheet.scores.values_list("criterion__key", "value")) == {"kebaruan": 80, "dampak": None}


def test_a_final_sheet_has_to_be_good_throughout_and_leads_to_the_next(send, sheet, make_proposal):
    assert send("a", 1, dampak="700", deed="final").status_code == 422
    assert send("a", 2, dampak="", deed="final").json()["code"] == "incomplete"
    entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal("B"))
    following = Assessment.objects.create(entry=entry, juror=sheet.juror, place=2)
    assert send("a", 3, deed="final").json()["next"] == url(following)


def test_the_same_save_asked_again_is_answered_again_and_stored_once(send, sheet):
    assert send("a", 1).json()["version"] == send("a", 1).json()["version"] == 2
    final = [send("a", 2, version=2, deed="final") for _time in range(2)]
    assert [each.status_code for each in final] == [200, 200]
    assert AssessmentVersion.objects.filter(assessment=sheet).count() == 1


def test_a_page_whose_answer_got_lost_goes_on_without_a_conflict_with_itself(send, sheet):
    send("a", 1, kebaruan="80")
    assert send("a", 2, version=1, kebaruan="81").json()["version"] == 3
    assert sheet.scores.get(criterion__key="kebaruan").value == 81


def test_of_two_pages_the_second_gets_both_sides_and_overwrites_nothing(send, sheet):
    send("a", 1, kebaruan="80", comment="Satu")
    answer = send("b", 1, kebaruan="10", comment="Dua")
    assert answer.status_code == 409
    found = {each["name"]: (each["stored"], each["typed"]) for each in answer.json()["fields"]}
    assert found == {"score-kebaruan": ("80", "10"), "comment": ("Satu", "Dua")}
    assert sheet.scores.get(criterion__key="kebaruan").value == 80
    assert send("b", 2, version=answer.json()["version"], kebaruan="10").status_code == 200
    assert send("a", 2, version=2, kebaruan="82").status_code == 409


def test_a_page_left_open_learns_that_its_sheet_was_returned(send, sheet, secretariat):
    send("a", 1, deed="final")
    return_assessment(sheet, reason="Lihat lagi", by=secretariat)
    assert send("a", 2, version=2, kebaruan="11").status_code == 409


def test_a_save_after_the_end_is_refused_with_the_moment_and_noted(send, juror, sheet, move_calendar):
    move_calendar(-30)
    sheet.entry.round.stage.refresh_from_db()
    ended = timezone.localtime(sheet.entry.round.stage.ends_at)
    answer = send("a", 1, kebaruan="33")
    assert answer.json()["code"] == "closed"
    assert f"{ended:%H.%M}" in answer.json()["message"]
    assert Event.objects.get(verb="judging.late_save").data["scores"]["kebaruan"] == "33"
    html = juror.post(url(sheet), typed(sheet, kebaruan="33", comment="Ketikan saya")).content.decode()
    assert "Yang Anda ketik tidak tersimpan" in html
    assert "Ketikan saya" in html
    assert not sheet.scores.exists()


def test_another_person_on_the_same_computer_does_not_save_in_the_juror_s_name(send, sheet):
    assert send("a", 1, reader="orang.lain@example.go.id").status_code == 403
    assert not sheet.scores.exists()


def test_putting_off_keeps_what_was_typed(juror, sheet):
    assert juror.post(url(sheet), typed(sheet, deed="skip", kebaruan="44", dampak="")).status_code == 302
    assert sheet.scores.get(criterion__key="kebaruan").value == 44


def test_putting_off_an_untouched_sheet_does_not_begin_it(juror, sheet):
    juror.post(url(sheet), typed(sheet, deed="skip", kebaruan="", dampak=""))
    sheet.refresh_from_db()
    assert sheet.status == "assigned"


def test_a_short_scale_has_a_button_for_each_step(juror, sheet):
    anchors = [{"from": 0, "to": 0, "text": "Tidak sesuai"}, {"from": 1, "to": 1, "text": "Sesuai benar"}]
    sheet.entry.round.criteria.filter(key="dampak").update(scale_max=1, anchors=anchors)
    juror.post(url(sheet), typed(sheet, dampak="1"))
    html = juror.get(url(sheet)).content.decode()
    assert 'type="radio" name="score-dampak"' in html
    assert 'value="1" checked' in html
    assert "Sesuai benar" in html


def test_time_left_is_told_from_the_juror_s_own_pace_without_breaks(sheet, make_proposal):
    begun = timezone.now() - timedelta(days=2)
    for number, minutes in enumerate([0, 20, 40, 400, 420]):
        entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal(f"B{number}"))
        at = begun + timedelta(minutes=minutes)
        Assessment.objects.create(entry=entry, juror=sheet.juror, place=number + 2, status="final", finalised_at=at)
    progress = desk.progress_of(sheet)
    assert (progress.number, progress.done, progress.count) == (1, 5, 6)
    assert progress.time_left == timedelta(minutes=20)
    assert progress.minutes_left == 20


def test_notes_for_the_panel_never_reach_the_other_jurors_or_the_agency(
    juror, sheet, score, as_user, make_juror, agency_admin, innovator, secretariat
):
    juror.post(url(sheet), typed(sheet, deed="final", panel_note="Catatan rahasia sekali"))
    other = Assessment.objects.create(entry=sheet.entry, juror=make_juror("rekan"), place=1)
    score(other, 50, 50)
    pages = {
        other.juror.user: [url(other), reverse("judging:desk")],
        innovator: [reverse("proposals:proposal", args=[sheet.entry.proposal.code])],
        agency_admin: [reverse("proposals:proposal", args=[sheet.entry.proposal.code])],
    }
    for reader, addresses in pages.items():
        for address in addresses:
            answer = as_user(reader).get(address)
            assert answer.status_code == 200, address
            assert "Catatan rahasia sekali" not in answer.content.decode()
    assert "Catatan rahasia sekali" in as_user(secretariat).get(url(sheet)).content.decode()
