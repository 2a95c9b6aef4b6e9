"""Letters of feedback: what they say, who lets them go, and that nobody reads one before its moment."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import numpy as np
import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from announcements.actions import draft_announcement, schedule, send_feedback, unschedule
from announcements.models import Announcement
from catalogue.models import Award, Innovation
from competitions.models import Round
from judging import actions
from judging.feedback.facts import band_of, pieces_of
from judging.feedback.letters import letter_pdf
from judging.feedback.naming import Names
from judging.feedback.percentiles import standings
from judging.models import Assessment, FeedbackComment, FeedbackLetter, Selection
from notifications.models import Message
from proposals.models import Proposal

ANCHORS = [
    {"from": 0, "to": 40, "text": "Belum jelas."},
    {"from": 41, "to": 70, "text": "Cukup jelas."},
    {"from": 71, "to": 100, "text": "Sangat jelas."},
]


@pytest.fixture
def fixed_round(read_round, secretariat) -> Round:
    """The scored round with anchors and comments, its list fixed: four of twenty are in."""
    read_round.criteria.update(anchors=ANCHORS)
    Round.objects.filter(pk=read_round.pk).update(advance=4, selection_name="Nominasi")
    for number, sheet in enumerate(Assessment.objects.in_round(read_round)):
        Assessment.objects.filter(pk=sheet.pk).update(comment=f"Dampaknya terukur ({number}).")
    read_round.refresh_from_db()
    actions.note_present(read_round, people=[secretariat], guests=[("Ani", "")], by=secretariat)
    actions.freeze_selection(read_round, minutes_number="BA-1", minutes="Ditetapkan.", by=secretariat)
    return read_round


@pytest.fixture
def drafted(fixed_round, secretariat) -> list[FeedbackLetter]:
    run = actions.request_letters(fixed_round, by=secretariat, wake=False)
    assert actions.draft_letters(run.pk).count == 16
    return list(FeedbackLetter.objects.in_round(fixed_round).order_by("pk"))


@pytest.fixture
def approved(drafted, fixed_round, secretariat) -> list[FeedbackLetter]:
    actions.release_unmarked(fixed_round, expected=32, by=secretariat)
    assert actions.approve_ready(fixed_round, expected=16, by=secretariat) == 16
    return drafted


def announced(judging_round: Round, by, *, at=None) -> Announcement:
    found = draft_announcement(
        judging_round.group.competition, kind="selection", number="B/1", title="Nominasi", body="",
        selections=[Selection.objects.of(judging_round)], by=by,
    )  # fmt: skip
    return schedule(found, revision=found.revision, publish_at=at, by=by)


def code_of(error) -> str:
    return error.value.code or error.value.error_list[0].code


# --- What a letter says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mean", "band", "higher"),
    [("0", "Belum jelas.", "Cukup jelas."), ("40.5", "Belum jelas.", "Cukup jelas."),
     ("41", "Cukup jelas.", "Sangat jelas."), ("100", "Sangat jelas.", "")],
)  # fmt: skip
def test_a_mean_falls_into_the_band_that_begins_at_or_below_it(mean, band, higher):
    assert band_of(ANCHORS, Decimal(mean)) == (band, higher)


def test_without_anchors_there_is_no_band():
    assert band_of([], Decimal(70)) == ("", "")


def test_every_line_has_its_band_and_an_interval_around_its_standing(drafted):
    for letter in drafted:
        assert len(letter.pieces["aspects"]) == 2
        for line in letter.pieces["aspects"]:
            assert line["band"] in {each["text"] for each in ANCHORS}
            assert 0 <= line["low"] <= line["near"] <= line["high"] <= 100
        assert letter.pieces["compared"] == 20


def test_no_score_and_no_juror_is_in_the_pieces(drafted):
    names = {str(each.juror.user) for each in Assessment.objects.select_related("juror__user")}
    codes = set(Assessment.objects.values_list("juror__code", flat=True)) | set(
        Assessment.objects.values_list("code", flat=True)
    )
    for letter in drafted:
        text = str(letter.pieces)
        assert not any(each in text for each in names | codes)
        assert not {"mean", "score", "total", "rank"} & {key for line in letter.pieces["aspects"] for key in line}


def test_the_same_sheets_give_the_same_pieces_and_the_same_paper(drafted, fixed_round):
    entries = [letter.entry for letter in drafted]
    once, again = pieces_of(fixed_round, entries), pieces_of(fixed_round, entries[::-1])
    assert once == again == {letter.entry_id: letter.pieces for letter in drafted}
    letter = FeedbackLetter.objects.with_people().get(pk=drafted[0].pk)
    assert letter_pdf(letter) == letter_pdf(letter)


def test_two_readers_leave_a_wide_interval_that_holds_the_truth_nine_times_in_ten():
    random = np.random.default_rng(5)
    quality, level = random.normal(0, 8, 200), random.normal(0, 5, 20)
    entry = np.repeat(np.arange(200), 2)
    juror = np.concatenate([random.choice(20, 2, replace=False) for _each in range(200)])
    found = standings(entry, juror, 75 + quality[entry] + level[juror] + random.normal(0, 8, 400))
    truth = 100 * (quality[:, None] > quality).sum(axis=1) / 199
    inside = [found[n].low - 0.5 <= truth[n] <= found[n].high + 0.5 for n in range(200)]
    assert 0.85 <= np.mean(inside) <= 0.97
    assert np.mean([each.high - each.low for each in found.values()]) > 30


@pytest.mark.parametrize("entries", [1, 9])
def test_among_few_nothing_is_said(entries):
    entry = np.repeat(np.arange(entries), 2)
    assert standings(entry, np.tile([0, 1], entries), np.arange(len(entry))) == {}


def test_equal_scores_say_nothing():
    assert standings(np.repeat(np.arange(20), 2), np.tile([0, 1], 20), np.full(40, 80)) == {}


def test_examples_are_awarded_innovations_of_other_agencies(fixed_round, secretariat, agency, other_agency):
    worst = Selection.objects.of(fixed_round).entries.order_by("-rank").first().proposal
    Proposal.objects.filter(pk=worst.pk).update(title="Antar Obat ke Pulau")
    for owner, title in ((agency, "Antar Obat Kami"), (other_agency, "Kapal Obat"), (other_agency, "Obat Tanpa Award")):
        innovation = Innovation.objects.create(title=title, agency=owner, agency_name=owner.name)
        if "Tanpa" not in title:
            Award.objects.create(innovation=innovation, year=2021, tier="winner", label="Top 45")
    actions.draft_letters(actions.request_letters(fixed_round, by=secretariat, wake=False).pk)
    named = {each["title"] for letter in FeedbackLetter.objects.all() for each in letter.pieces["similar"]}
    assert named == {"Kapal Obat"}
    assert FeedbackLetter.objects.get(entry__proposal=worst).pieces["similar"]


def test_earlier_awards_and_the_age_are_told(fixed_round, group, secretariat, agency):
    group.history_rules.create(key="x", kind="at_most", tiers=["finalist"], limit=0, text="Belum pernah Top 99.")
    past = Innovation.objects.create(title="Dulu", agency=agency, agency_name=agency.name)
    Award.objects.create(innovation=past, year=2019, tier="finalist", label="Top 99")
    worst = Selection.objects.of(fixed_round).entries.order_by("-rank").first().proposal
    Proposal.objects.filter(pk=worst.pk).update(past_innovation=past)
    actions.draft_letters(actions.request_letters(fixed_round, by=secretariat, wake=False).pk)
    pieces = FeedbackLetter.objects.get(entry__proposal=worst).pieces
    assert pieces["history"] == [{"text": "Belum pernah Top 99.", "won": ["Top 99 2019"], "allowed": False}]
    assert pieces["age"]["months"] > 24


def test_the_paper_is_tagged_with_everything_in_it(drafted, fixed_round, secretariat):
    actions.release_unmarked(fixed_round, expected=32, by=secretariat)
    actions.decide_comment(drafted[0].comments.first(), decision="released", text="#panic(1)", by=secretariat)
    letter = FeedbackLetter.objects.with_people().get(pk=drafted[0].pk)
    letter.remark = "Satu.\n\nDua."
    letter.pieces["similar"] = [{"code": "x", "title": "Kapal *Obat*", "agency": "Kota", "award": "Top 45 2021"}]
    with pikepdf.open(BytesIO(letter_pdf(letter))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "id"
        with pdf.open_metadata() as facts:
            assert facts["pdfuaid:part"] == "1"


# --- Comments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dampaknya terukur.", []),
        ("Salam, Bayu Nugraha", ["Bayu", "Nugraha"]),
        ("kami di universitas contoh sudah melihatnya", ["universitas contoh"]),
        ("Hubungi bayu@contoh.ac.id atau 0812 3456 7890", ["bayu@contoh.ac.id", "0812 3456 7890"]),
        ("Menurut Prof. dari panel", ["Prof."]),
    ],
)
def test_what_may_tell_a_name_is_pointed_out(make_juror, text, found):
    juror = make_juror("bayu-nugraha", institution="Universitas Contoh")
    assert Names([juror]).found_in(text) == found


def test_only_comments_without_a_name_are_released_together(drafted, fixed_round, secretariat):
    named = FeedbackComment.objects.first()
    FeedbackComment.objects.filter(pk=named.pk).update(text="Salam dari Penilai")
    assert actions.release_unmarked(fixed_round, expected=31, by=secretariat) == 31
    named.refresh_from_db()
    assert named.decision == "open"
    assert FeedbackLetter.objects.ready().count() == 15


def test_another_number_than_shown_is_refused(drafted, fixed_round, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.release_unmarked(fixed_round, expected=31, by=secretariat)
    assert code_of(error) == "changed"
    with pytest.raises(ValidationError) as error:
        actions.approve_ready(fixed_round, expected=16, by=secretariat)
    assert code_of(error) == "changed"


def test_a_changed_comment_is_marked_and_the_original_kept(drafted, secretariat):
    comment = FeedbackComment.objects.first()
    done = actions.decide_comment(comment, decision="released", text="Lebih singkat.", by=secretariat)
    assert (done.text, done.is_edited) == ("Lebih singkat.", True)
    assert done.original.startswith("Dampaknya")
    with pytest.raises(ValidationError) as error:
        actions.decide_comment(comment, decision="released", text=" ", by=secretariat)
    assert code_of(error) == "empty"


def test_notes_for_the_panel_never_enter_a_letter(fixed_round, secretariat):
    Assessment.objects.in_round(fixed_round).update(comment="", panel_note="Rahasia panel.")
    actions.draft_letters(actions.request_letters(fixed_round, by=secretariat, wake=False).pk)
    assert FeedbackComment.objects.count() == 0
    assert "Rahasia" not in str(list(FeedbackLetter.objects.values_list("pieces", flat=True)))


def test_drafting_again_keeps_decisions_and_the_order_and_takes_up_what_changed(drafted, fixed_round, secretariat):
    kept, changed = FeedbackComment.objects.all()[:2]
    actions.decide_comment(kept, decision="held", text=kept.text, by=secretariat)
    order = dict(FeedbackComment.objects.values_list("pk", "place"))
    Assessment.objects.filter(pk=changed.assessment_id).update(comment="Lain sama sekali.")
    actions.draft_letters(actions.request_letters(fixed_round, by=secretariat, wake=False).pk)
    assert FeedbackComment.objects.get(pk=kept.pk).decision == "held"
    assert FeedbackComment.objects.get(assessment=changed.assessment_id).text == "Lain sama sekali."
    now = dict(FeedbackComment.objects.values_list("pk", "place"))
    assert {pk: now[pk] for pk in now.keys() & order.keys()} == {pk: order[pk] for pk in now.keys() & order.keys()}
    assert FeedbackComment.objects.count() == 32


# --- Approval and sending -----------------------------------------------------------------------------------------


def test_letters_wait_for_the_plenary(read_round, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.request_letters(read_round, by=secretariat)
    assert code_of(error) == "not_fixed"


def test_only_one_drafting_runs_at_a_time(fixed_round, secretariat):
    run = actions.request_letters(fixed_round, by=secretariat, wake=False)
    with pytest.raises(ValidationError) as error:
        actions.request_letters(fixed_round, by=secretariat)
    assert code_of(error) == "running"
    assert actions.draft_waiting() == 1
    assert actions.draft_letters(run.pk) is None


def test_a_letter_with_an_undecided_comment_is_not_approved(drafted, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.approve_letter(drafted[0], by=secretariat)
    assert code_of(error) == "open"


def test_an_approved_letter_stays_until_it_is_taken_back(approved, fixed_round, secretariat):
    letter = approved[0]
    with pytest.raises(ValidationError) as error:
        actions.remark_on_letter(letter, remark="Lagi.", by=secretariat)
    assert code_of(error) == "not_draft"
    actions.draft_letters(actions.request_letters(fixed_round, by=secretariat, wake=False).pk)
    letter.refresh_from_db()
    assert letter.state == "approved"
    assert actions.reopen_letter(letter, by=secretariat).state == "draft"


def test_nothing_is_sent_before_the_moment(approved, fixed_round, secretariat, innovator, as_user):
    page = reverse("judging:feedback_letter", args=[approved[0].code])
    assert send_feedback() == 0
    scheduled = announced(fixed_round, secretariat, at=timezone.now() + timedelta(hours=1))
    assert send_feedback() == 0
    assert Message.objects.filter(kind="judging/mail/feedback").count() == 0
    assert as_user(innovator).get(page).status_code == 404
    scheduled = unschedule(scheduled, by=secretariat)
    schedule(scheduled, revision=scheduled.revision, publish_at=None, by=secretariat)
    assert send_feedback() == 16
    assert as_user(innovator).get(page).status_code == 200


def test_lead_and_admin_are_told_once(approved, fixed_round, secretariat, innovator, agency_admin):
    announced(fixed_round, secretariat)
    assert (send_feedback(), send_feedback()) == (16, 0)
    told = Message.objects.filter(kind="judging/mail/feedback")
    assert sorted(told.values_list("address", flat=True)) == [agency_admin.email] * 16 + [innovator.email] * 16
    assert not told.filter(is_bulk=False).exists()


def test_a_letter_approved_after_the_announcement_goes_with_the_next_sweep(drafted, fixed_round, secretariat):
    announced(fixed_round, secretariat)
    assert send_feedback() == 0
    actions.release_unmarked(fixed_round, expected=32, by=secretariat)
    actions.approve_letter(drafted[0], by=secretariat)
    assert send_feedback() == 1


def test_a_letter_waits_while_an_earlier_award_is_still_secret(approved, fixed_round, group, secretariat):
    """A finalist's letter names the finalist's award: no letter goes out before that list is public."""
    secret = Selection.objects.create(
        round=group.rounds.get(key="panel"), name="Finalis", minutes_number="2", minutes="–", input_sha256="0" * 64,
        frozen_by=secretariat,
    )  # fmt: skip
    Round.objects.filter(pk=secret.round_id).update(award_tier="finalist")
    secret.entries.create(proposal=approved[0].entry.proposal, rank=1, total=1, is_selected=True)
    announced(fixed_round, secretariat)
    assert send_feedback() == 15


def test_a_sent_letter_can_never_be_changed(approved, fixed_round, secretariat):
    announced(fixed_round, secretariat)
    send_feedback()
    letter = FeedbackLetter.objects.get(pk=approved[0].pk)
    with pytest.raises(ValidationError):
        actions.reopen_letter(letter, by=secretariat)
    with pytest.raises(Exception, match="Cannot"), transaction.atomic():
        FeedbackLetter.objects.filter(pk=letter.pk).update(remark="Lain.")


def test_a_letter_without_approval_cannot_be_sent(drafted):
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackLetter.objects.filter(pk=drafted[0].pk).update(state="sent", sent_at=timezone.now())


@pytest.mark.parametrize("role", ["innovator", "agency_admin", "evaluator", "panelist"])
def test_only_the_secretariat_prepares_letters(role, drafted, fixed_round, request):
    by = request.getfixturevalue(role)
    for deed in (
        lambda: actions.request_letters(fixed_round, by=by),
        lambda: actions.release_unmarked(fixed_round, expected=32, by=by),
        lambda: actions.approve_letter(drafted[0], by=by),
        lambda: actions.decide_comment(drafted[0].comments.first(), decision="held", text="", by=by),
    ):
        with pytest.raises(PermissionDenied):
            deed()


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [("innovator", 404, 200), ("agency_admin", 404, 200), ("other_admin", 404, 404), ("outsider", 404, 404),
     ("evaluator", 404, 404), ("panelist", 404, 404), ("secretariat", 200, 200)],
)  # fmt: skip
def test_who_reads_a_letter(role, before, after, approved, fixed_round, secretariat, request, as_user):
    reader = as_user(request.getfixturevalue(role))
    pages = [reverse(f"judging:feedback_{name}", args=[approved[0].code]) for name in ("letter", "file")]
    assert [reader.get(page).status_code for page in pages] == [before, before]
    announced(fixed_round, secretariat)
    send_feedback()
    assert [reader.get(page).status_code for page in pages] == [after, after]


# --- Pages --------------------------------------------------------------------------------------------------------


def test_the_clerk_walks_from_draft_to_approval_in_the_browser(fixed_round, secretariat, as_user):
    page = reverse("judging:feedback_letters", args=["2023", "umum", "desk"])
    client = as_user(secretariat)
    client.post(page, {"deed": "draft"})
    assert "sedang disusun" in client.get(page).content.decode()
    actions.draft_waiting()
    assert "Teruskan 32 komentar" in client.get(page).content.decode()
    client.post(page, {"deed": "release", "expected": "32"})
    assert "Setujui 16 surat" in client.get(page).content.decode()
    client.post(page, {"deed": "approve", "expected": "16"})
    assert FeedbackLetter.objects.filter(state="approved").count() == 16


def test_bad_input_changes_nothing(drafted, secretariat, as_user):
    client, letter = as_user(secretariat), drafted[0]
    page = reverse("judging:feedback_edit", args=[letter.code])
    foreign = drafted[1].comments.first()
    for data in (
        {}, {"deed": "nonsense"}, {"deed": "release"}, {"deed": "release", "comment": foreign.pk, "text": "x"},
        {"deed": "approve"}, {"deed": "remark", "remark": "x" * 2001},
    ):  # fmt: skip
        answer = client.post(page, data)
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    own = letter.comments.first()
    answer = client.post(page, {"deed": "release", "comment": own.pk, "text": " "})
    assert answer.status_code == 422
    assert set(FeedbackComment.objects.values_list("decision", flat=True)) == {"open"}


def test_typed_words_are_kept_when_they_cannot_be_stored(approved, secretariat, as_user):
    actions.reopen_letter(approved[0], by=secretariat)
    page, own = reverse("judging:feedback_edit", args=[approved[0].code]), approved[0].comments.first()
    FeedbackLetter.objects.filter(pk=approved[0].pk).update(state="approved", approved_at=timezone.now())
    answer = as_user(secretariat).post(page, {"deed": "release", "comment": own.pk, "text": "Kata baru."})
    assert answer.status_code == 422
    assert "Kata baru." in answer.content.decode()


def test_an_edited_comment_says_so_and_a_held_one_is_not_there(drafted, secretariat, as_user):
    first, second = drafted[0].comments.all()
    actions.decide_comment(first, decision="released", text="Kata pilihan.", by=secretariat)
    actions.decide_comment(second, decision="held", text=second.text, by=secretariat)
    page = as_user(secretariat).get(reverse("judging:feedback_letter", args=[drafted[0].code])).content.decode()
    assert "Kata pilihan." in page
    assert "Disunting oleh Tim Sekretariat" in page
    assert second.text not in page


def test_pages_ask_a_constant_number_of_queries(
    approved, fixed_round, secretariat, as_user, django_assert_max_num_queries
):
    client = as_user(secretariat)
    addresses = [
        reverse("judging:feedback_letters", args=["2023", "umum", "desk"]),
        reverse("judging:feedback_edit", args=[approved[0].code]),
        reverse("judging:feedback_letter", args=[approved[0].code]),
    ]
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_drafting_asks_as_many_queries_for_many_as_for_few(fixed_round):
    entries = list(fixed_round.entries.order_by("pk"))
    pieces_of(fixed_round, entries[:1])  # what a process asks once
    with CaptureQueriesContext(connection) as few:
        pieces_of(fixed_round, entries[:1])
    with CaptureQueriesContext(connection) as many:
        pieces_of(fixed_round, entries)
    assert len(many) == len(few)
