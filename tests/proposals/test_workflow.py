"""Who may make which move from which status, as one table; and when no one may."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.urls import reverse

from audit.models import Event
from notifications.models import Message
from proposals import actions, rules, timeline, workflow
from proposals.models import AnswerVersion, Move, Proposal

pytestmark = pytest.mark.django_db
STATUSES = list(Proposal.Status.values)
CAST = ("innovator", "agency_admin", "secretariat", "outsider", "other_admin", "evaluator")
# move → role → statuses from which it succeeds; everything else is refused
ALLOWED = {
    "submit": {"innovator": {"draft", "returned"}},
    "take_back": {"innovator": {"in_review"}},
    "return": {"agency_admin": {"in_review"}},
    "send": {"agency_admin": {"in_review"}},
    "withdraw": {"innovator": {"draft", "returned"}, "agency_admin": {"draft", "returned", "in_review", "sent"}},
    "correct": {"agency_admin": {"sent"}},
    "reopen": {"innovator": {"withdrawn"}, "agency_admin": {"withdrawn"}},
}


@pytest.mark.parametrize("name", ALLOWED)
def test_the_table_of_moves(name, complete, request):
    people = {role: request.getfixturevalue(role) for role in CAST}
    wrong = []
    for role, person in people.items():
        for status in STATUSES:
            Proposal.objects.filter(pk=complete.pk).update(status=status)
            complete.submissions.update(stands=False)
            try:
                actions.move(complete, name, by=person, note="Karena sesuatu.")
                happened = True
            except (PermissionDenied, ValidationError):
                happened = False
            if happened != (status in ALLOWED[name].get(role, set())):
                wrong.append((role, status, happened))
            complete.refresh_from_db()
            assert complete.status == (workflow.TRANSITIONS[name].target if happened else status)
    assert wrong == []


def test_all_moves_are_in_the_table_above():
    assert set(ALLOWED) | workflow.WITHOUT_BUTTON == set(workflow.TRANSITIONS)


def test_buttons_are_what_the_table_allows(complete, innovator, agency_admin):
    assert [step.name for step in workflow.open_to(rules.standing(innovator, complete))] == ["submit", "withdraw"]
    assert [step.name for step in workflow.open_to(rules.standing(agency_admin, complete))] == ["withdraw"]


def test_an_admin_who_writes_sends_without_handing_over(complete, agency_admin):
    complete.lead = agency_admin
    complete.save()
    assert [step.name for step in workflow.open_to(rules.standing(agency_admin, complete))] == ["send", "withdraw"]
    assert actions.send(complete, by=agency_admin).stands


@pytest.mark.parametrize("name", ["return", "withdraw"])
def test_a_move_that_concerns_others_needs_a_note(name, in_review, agency_admin):
    with pytest.raises(ValidationError) as refused:
        actions.move(in_review, name, by=agency_admin, note="  ")
    assert refused.value.code == "note_required"


def test_a_move_leaves_a_row_a_record_and_a_message(in_review, agency_admin, innovator):
    actions.move(in_review, "return", by=agency_admin, note="Perbaiki dampak.")
    move = Move.objects.get()
    assert (move.name, move.source, move.target, move.note, move.made_by) == (
        "return", "in_review", "returned", "Perbaiki dampak.", agency_admin,
    )  # fmt: skip
    assert Event.objects.filter(verb="proposals.return", object_key=in_review.code, actor=agency_admin).count() == 1
    message = Message.objects.get()
    assert message.recipient == innovator
    assert "Perbaiki dampak." in message.body


def test_an_incomplete_proposal_is_not_handed_over(draft, innovator):
    with pytest.raises(ValidationError) as refused:
        actions.move(draft, "submit", by=innovator)
    codes = {error.code for error in refused.value.error_list}
    assert codes == {"answer:kebaruan/isi", "answer:dampak/isi", "document:surat"}


@pytest.mark.parametrize("name", ["submit", "take_back", "return", "send", "withdraw", "correct", "reopen"])
def test_nothing_moves_after_closing(name, complete, innovator, agency_admin, move_calendar):
    step = workflow.TRANSITIONS[name]
    move_calendar(-25)
    for status in step.sources:
        complete.status = status
        complete.save()
        for person in (innovator, agency_admin):
            if not step.allowed(rules.standing(person, complete)):
                continue
            with pytest.raises(ValidationError) as refused:
                actions.move(complete, name, by=person, note="Terlambat.")
            assert refused.value.code == "closed"
            assert "WIB" in refused.value.messages[0]


def test_results_are_released_only_as_decided(complete, secretariat):
    complete.status = "sent"
    complete.save()
    with pytest.raises(ValidationError) as refused:
        actions.move(complete, "release_passed", by=secretariat)
    assert refused.value.code == "undecided"


def test_notes_written_before_sending_stay_in_the_agency(in_review, innovator, agency_admin, secretariat, as_user):
    steps = [
        ("return", agency_admin, "Jangan dikirim begini."), ("submit", innovator, ""),
        ("withdraw", agency_admin, "Kita simpan dulu."), ("reopen", innovator, ""), ("submit", innovator, ""),
        ("send", agency_admin, ""), ("correct", agency_admin, "Lampiran tertukar."),
        ("withdraw", agency_admin, "Pimpinan keberatan."), ("reopen", innovator, ""), ("submit", innovator, ""),
        ("send", agency_admin, ""),
    ]  # fmt: skip
    for name, person, note in steps:
        actions.move(in_review, name, by=person, note=note)
    url = reverse("proposals:proposal", args=[in_review.code])
    ministry, own = (as_user(each).get(url).content.decode() for each in (secretariat, agency_admin))
    internal = ["Jangan dikirim begini.", "Kita simpan dulu.", "Pimpinan keberatan."]
    assert [note in ministry for note in internal] == [False] * 3
    assert [note in own for note in internal] == [True] * 3
    assert "Lampiran tertukar." in ministry
    happened = [each.past for each in timeline.history(in_review, secretariat)]
    assert happened == [each.past for each in timeline.history(in_review, innovator)]


def test_what_the_admin_edits_stands_in_the_history_once_for_each_sitting(
    complete, question, innovator, agency_admin, secretariat, as_user
):
    actions.save_answer(complete, question, text="Milik penulis.", base_version=1, by=innovator)
    actions.move(complete, "submit", by=innovator)
    for number in (2, 3):
        actions.save_answer(complete, question, text=f"Ubahan {number}.", base_version=number, by=agency_admin)
    actions.save_details(complete, changes={"title": "Judul dari admin"}, base_version=1, by=agency_admin)
    Move.objects.update(made_at=F("made_at") - timedelta(minutes=5))  # one transaction of a test has one moment
    AnswerVersion.objects.filter(saved_by=innovator).update(saved_at=F("saved_at") - timedelta(minutes=9))
    complete.documents.update(attached_at=F("attached_at") - timedelta(minutes=9))
    AnswerVersion.objects.filter(version=4).update(saved_at=F("saved_at") + timedelta(hours=2))
    aspect = question.aspect.name
    told = [each for each in timeline.history(complete, innovator) if each.about]
    assert [(each.by, each.about) for each in told] == [
        (agency_admin.name, (aspect, "Rincian inovasi")), (agency_admin.name, (aspect,)),
    ]  # fmt: skip
    page = as_user(innovator).get(reverse("proposals:proposal", args=[complete.code])).content.decode()
    assert page.count("Diubah saat peninjauan") == 2
    actions.send(complete, by=agency_admin)
    ministry = as_user(secretariat).get(reverse("proposals:proposal", args=[complete.code])).content.decode()
    assert "Diubah saat peninjauan" not in ministry


# --- What is said to whoever comes at the wrong moment ------------------------------------------------------------
def test_the_innovator_is_told_that_the_state_forbids_it_not_their_role(in_review, innovator, evaluator, as_user):
    page = reverse("proposals:move", args=[in_review.code, "withdraw"])
    asked = as_user(innovator).get(page)
    assert asked.status_code == 200
    assert "Diperiksa admin instansi" in asked.context["refusals"][0]
    assert not asked.context["may_try"]
    posted = as_user(innovator).post(page, {"note": "Batal."})
    assert posted.status_code == 422
    assert "Diperiksa admin instansi" in posted.context["refusals"][0]
    assert as_user(innovator).get(reverse("proposals:move", args=[in_review.code, "return"])).status_code == 403


def test_a_step_made_twice_says_that_it_was_made_before(in_review, agency_admin, as_user):
    page = reverse("proposals:move", args=[in_review.code, "return"])
    for words in ("Dikembalikan kepada inovator", "sudah dilakukan"):
        answer = as_user(agency_admin).post(page, {"note": "Perbaiki."}, follow=True)
        assert words in " ".join(map(str, answer.context["messages"]))
    assert Move.objects.count() == 1


def test_whoever_withdraws_is_led_to_correcting_and_warned_before_reopening(in_review, agency_admin, as_user):
    client = as_user(agency_admin)
    actions.send(in_review, by=agency_admin)
    page = client.get(reverse("proposals:move", args=[in_review.code, "withdraw"])).content.decode()
    assert reverse("proposals:move", args=[in_review.code, "correct"]) in page
    actions.move(in_review, "withdraw", by=agency_admin, note="Salah lampiran.")
    page = client.get(reverse("proposals:move", args=[in_review.code, "reopen"])).content.decode()
    assert "setelah inovator menyerahkannya kembali kepada admin instansi" in page


def test_what_was_never_sent_is_cancelled_not_withdrawn(draft, innovator, as_user):
    client, page = as_user(innovator), reverse("proposals:move", args=[draft.code, "withdraw"])
    assert "Batalkan proposal ini" in client.get(reverse("proposals:proposal", args=[draft.code])).content.decode()
    assert "Tarik proposal" not in client.get(page).content.decode()
    done = client.post(page, {"note": "Tidak jadi."}, follow=True)
    assert "Dibatalkan sebelum dikirim." in [str(each) for each in done.context["messages"]]
    assert [each.past for each in timeline.history(draft, innovator)] == ["Dibatalkan sebelum dikirim"]


def test_handing_over_and_sending_are_two_words(complete, innovator, agency_admin, as_user):
    page, check = (reverse(f"proposals:{name}", args=[complete.code]) for name in ("proposal", "check"))
    texts = [as_user(innovator).get(url).content.decode() for url in (page, check)]
    assert "Siap diserahkan" in texts[0]
    assert "Serahkan kepada admin instansi" in texts[1]
    assert "Dengan menyerahkannya" in texts[1]
    complete.lead = agency_admin
    complete.save()
    texts = [as_user(agency_admin).get(url).content.decode() for url in (page, check)]
    assert "Siap dikirim" in texts[0]
    assert "Dengan mengirim" in texts[1]
