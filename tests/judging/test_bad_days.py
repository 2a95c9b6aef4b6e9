"""The bad days of judging, each lived through its pages from end to end: a screen that says what happens, a reason, a
trace in the record, and no published number that changes by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from announcements.actions import draft_announcement, schedule, send_feedback
from announcements.models import Announcement
from audit.models import Event
from competitions.models import Round, Stage
from judging import actions
from judging.models import Assessment, AssessmentVersion, Entry, FeedbackLetter, Selection
from judging.plenary.verifying import verify
from judging.ranking.places import rank
from notifications.models import Message
from tests.judging.views.test_desk import typed, url

MINUTES = {"minutes_number": "B/1/2023", "minutes": "Sidang pleno."}


def trace(verb: str) -> Event:
    """The one record of that deed."""
    return Event.objects.get(verb=f"judging.{verb}")


def page(client, name: str, *parts: object, status: int = 200) -> str:
    answer = client.get(reverse(f"judging:{name}", args=parts), follow=True)
    assert answer.status_code == status
    return answer.content.decode()


def published(judging_round: Round, by) -> Announcement:
    found = draft_announcement(
        judging_round.group.competition, kind="selection", number="B/9", title="Nominasi", body="Ditetapkan.",
        selections=[Selection.objects.of(judging_round)], by=by,
    )  # fmt: skip
    return schedule(found, revision=found.revision, publish_at=None, by=by)


def announced(client, notice: Announcement) -> str:
    """What the public reads, without the page around it."""
    return client.get(notice.get_absolute_url()).content.decode().partition("<main")[2].partition("</main")[0]


def numbers(selection: Selection) -> list[tuple]:
    return list(selection.entries.values_list("proposal__title", "rank", "total", "is_selected"))


@pytest.fixture
def client(as_user, secretariat):
    return as_user(secretariat)


@pytest.fixture
def public(as_user):
    return as_user(None)


# --- A juror quits with half the sheets done ------------------------------------------------------------------------


def test_a_juror_quits_half_way(desk_round, make_proposal, make_juror, score, client, as_user):
    quitter, other, spare = (make_juror(name) for name in ("berhenti", "tetap", "cadangan"))
    sheets = []
    for number in range(4):
        entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {number}"))
        sheets.append(Assessment.objects.create(entry=entry, juror=quitter, place=number))
        score(Assessment.objects.create(entry=entry, juror=other, place=number), 70, 70)
    for sheet in sheets[:2]:
        score(sheet, 80, 80)
    before = [place.total for place in rank(desk_round).places[:2]]

    leave = reverse("judging:leave", args=["2023", quitter.code])
    foreseen = client.get(leave).context["leaving"]
    assert (foreseen.final, foreseen.unfinished, foreseen.takers, foreseen.short) == (2, 2, [(spare, 2)], [])
    client.post(leave, {"reason": ""})
    quitter.refresh_from_db()
    assert quitter.left_at is None
    client.post(leave, {"reason": "Sakit"})
    client.post(leave, {"reason": "Sakit"})

    assert [each.total for each in rank(desk_round).places[:2]] == before
    assert Assessment.objects.filter(juror=quitter, status="final").count() == 2
    assert Assessment.objects.filter(juror=quitter, status="handed_back").count() == 2
    assert Assessment.objects.filter(juror=spare, status="assigned").count() == 2
    assert trace("leave").data["reason"] == "Sakit"
    assert Event.objects.filter(verb="judging.drop_sheet").count() == 2
    assert as_user(quitter.user).get(url(sheets[3])).status_code == 404
    assert "Proposal 3" in page(as_user(spare.user), "desk")
    assert "2 proposal tambahan" in Message.objects.get(kind="judging/mail/given").subject


def test_who_leaves_and_nobody_steps_in(sheet, score, client):
    """Foretold and said in the same numbers: what is short afterwards was named before."""
    leave = reverse("judging:leave", args=["2023", sheet.juror.code])
    assert client.get(leave).context["leaving"].short == [sheet.entry.proposal]
    said = client.post(leave, {"reason": "Sakit"}, follow=True).content.decode()
    assert "Lembar nilai belum final yang ditarik: 1. Lembar nilai yang diberikan kepada penilai lain" in said
    assert "1 proposal kini kekurangan penilai" in said


# --- Two hold the same sheet in two tabs ----------------------------------------------------------------------------


def test_the_same_sheet_in_two_tabs(sheet, as_user):
    one, other = as_user(sheet.juror.user), as_user(sheet.juror.user)
    opened = typed(sheet, kebaruan="80", dampak="70")
    assert one.post(url(sheet), opened).status_code == 302
    answer = other.post(url(sheet), opened | {"score-kebaruan": "55"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "55" in text
    assert "80" in text
    assert dict(sheet.scores.values_list("criterion__key", "value")) == {"kebaruan": 80, "dampak": 70}


# --- A score arrives after closing ----------------------------------------------------------------------------------


@pytest.fixture
def closed_round(sheet, make_juror, score):
    """Closed an hour ago with one sheet final and that of the evaluator begun."""
    score(sheet, 60, 60, final=False)
    Stage.objects.filter(pk=sheet.entry.round.stage_id).update(ends_at=timezone.now() - timedelta(hours=1))
    sheet.refresh_from_db()
    return sheet


def test_a_score_arrives_after_closing_and_one_sheet_is_opened_again(closed_round, as_user, client):
    sheet, juror = closed_round, as_user(closed_round.juror.user)
    answer = juror.post(url(sheet), typed(sheet, kebaruan="91", deed="final"))
    assert answer.status_code == 422
    assert "91" in answer.content.decode()  # typed text stays and can be copied
    assert dict(sheet.scores.values_list("criterion__key", "value"))["kebaruan"] == 60
    assert Event.objects.filter(verb__startswith="judging.", data__scores__kebaruan="91").exists()

    again = reverse("judging:return", args=[sheet.code])
    assert client.post(again, {"reason": ""}).status_code == 422
    client.post(again, {"reason": "Sambungan terputus pada malam penutupan"})
    assert trace("return").data["late"] is True
    sheet.refresh_from_db()
    assert juror.post(url(sheet), typed(sheet, kebaruan="91", deed="final")).status_code == 302
    assert AssessmentVersion.objects.get(assessment=sheet).values["kebaruan"].startswith("91")


def test_after_the_plenary_not_even_the_secretariat_opens_a_sheet(scored, hold, secretariat, client):
    desk_round = scored()
    actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    sheet = Assessment.objects.in_round(desk_round).first()
    assert client.post(reverse("judging:return", args=[sheet.code]), {"reason": "x"}).status_code == 422
    assert not Event.objects.filter(verb="judging.return").exists()


# --- A proposal is disqualified after the ranking -------------------------------------------------------------------


def test_disqualified_after_the_announcement(scored, hold, secretariat, clerk, as_user, client, public):
    """Nothing public changes until a corrected list is announced; the old list stays readable with its numbers."""
    desk_round = scored()
    first = actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    notice = published(desk_round, secretariat)
    shown, were = announced(public, notice), numbers(first)
    assert "Proposal 0" in shown
    out = first.entries.get(proposal__title="Proposal 0").proposal

    deed = reverse("judging:disqualify", args=[out.code])
    assert client.post(deed, {"reason": ""}).status_code == 422
    client.post(deed, {"reason": "Data palsu"})
    assert client.post(deed, {"deed": "confirm"}).status_code == 422  # not by who proposed it
    as_user(clerk).post(deed, {"deed": "confirm"})
    assert trace("disqualify").data["reason"] == "Data palsu"
    assert announced(public, notice) == shown

    client.post(reverse("judging:correction", args=[first.code]), {"reason": "Proposal didiskualifikasi"})
    second = actions.freeze_selection(hold(desk_round), by=clerk, **MINUTES)
    assert announced(public, notice) == shown
    assert numbers(first) == were
    assert verify(first) == verify(second) == []
    assert "Data palsu" in page(client, "disqualify", out.code)
    assert "Proposal didiskualifikasi" in page(client, "selection", second.code)
    assert second.entries.get(proposal__title="Proposal 4").is_selected
    assert not second.entries.filter(proposal=out).exists()


def test_a_letter_follows_the_corrected_list(scored, hold, secretariat, clerk):
    """Who moves up gets no letter of regret, who was disqualified none either; none before the new list is public."""
    desk_round = scored()
    first = actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    actions.draft_letters(actions.request_letters(desk_round, by=secretariat, wake=False).pk)
    for letter in FeedbackLetter.objects.all():
        actions.approve_letter(letter, by=secretariat)
    note = actions.propose_disqualification(first.entries.get(rank=1).proposal, reason="Data palsu", by=secretariat)
    actions.confirm_disqualification(note, by=clerk)
    actions.open_correction(first, reason="Diskualifikasi", by=secretariat)
    with pytest.raises(ValidationError):
        published(desk_round, secretariat)  # a list known to be wrong
    assert send_feedback() == 0
    second = actions.freeze_selection(hold(desk_round), by=clerk, **MINUTES)
    assert send_feedback() == 0
    notice = draft_announcement(
        desk_round.group.competition, kind="selection", number="B/10", title="Koreksi", body="Dikoreksi.",
        selections=[second], by=secretariat,
    )  # fmt: skip
    schedule(notice, revision=notice.revision, publish_at=None, by=secretariat)
    assert send_feedback() == 1
    assert FeedbackLetter.objects.get(state="sent").entry.proposal.title == "Proposal 5"


# --- A weight was wrong ---------------------------------------------------------------------------------------------


def test_a_weight_was_wrong_after_the_list_was_fixed(scored, hold, secretariat, clerk, client, public):
    desk_round = scored()
    first = actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    notice = published(desk_round, secretariat)
    shown, were = announced(public, notice), numbers(first)
    where = reverse("judging:weights", args=["2023", "umum", "desk"])
    keys = list(desk_round.criteria.order_by("order").values_list("key", flat=True))
    data = {f"weight-{keys[0]}": "40", f"weight-{keys[1]}": "60", "letter_number": "S/9", "reason": "Salah ketik"}
    assert client.post(where, data).status_code == 422
    assert sorted(map(int, desk_round.criteria.values_list("weight", flat=True))) == [40, 60]
    assert verify(first) == []

    client.post(reverse("judging:correction", args=[first.code]), {"reason": "Bobot keliru"})
    assert client.post(where, data | {"letter_number": ""}).status_code == 422
    foretold = client.post(where, data)
    assert foretold.status_code == 200
    assert not desk_round.weight_revisions.exists()
    assert client.post(where, data | {"deed": "correct", "seen": "0" * 64}).status_code == 422
    for _press in range(2):
        confirmed = data | {"deed": "correct", "seen": foretold.context["seen"]}
        assert client.post(where, confirmed).status_code == 302
    assert desk_round.weight_revisions.count() == 1
    assert trace("revise_weights").data["letter"] == "S/9"
    assert "S/9" in page(client, "weights", "2023", "umum", "desk")
    second = actions.freeze_selection(hold(desk_round), by=clerk, **MINUTES)
    assert numbers(first) == were
    assert verify(first) == verify(second) == []
    assert second.input_sha256 != first.input_sha256
    assert announced(public, notice) == shown


# --- A conflict is discovered after scoring -------------------------------------------------------------------------


def test_a_conflict_after_scoring_and_before_the_plenary(scored, make_juror, client):
    desk_round = scored()
    make_juror("pengganti")
    sheet = Assessment.objects.in_round(desk_round).order_by("pk").first()
    drop = reverse("judging:drop", args=[sheet.code])
    assert "peringkat 1" in client.get(drop).content.decode()
    assert client.post(drop, {"reason": ""}).status_code == 422
    client.post(drop, {"reason": "Pernah menjadi konsultannya"})
    sheet.refresh_from_db()
    assert sheet.status == "recused"
    assert trace("drop_final").data["before"]["rank"] == "1"
    assert sheet.entry.assessments.live().count() == 2
    assert [place.proposal for place in rank(desk_round).incomplete] == [sheet.entry.proposal.code]


def test_a_conflict_after_the_plenary_changes_nothing_and_names_the_way(scored, hold, secretariat, client):
    desk_round = scored()
    first = actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    were = numbers(first)
    sheet = Assessment.objects.in_round(desk_round).order_by("pk").first()
    drop = reverse("judging:drop", args=[sheet.code])
    assert reverse("judging:correction", args=[first.code]) in client.get(drop).content.decode()
    client.post(drop, {"reason": "Konsultan"})
    sheet.refresh_from_db()
    assert sheet.status == "final"
    assert numbers(first) == were
    assert verify(first) == []
