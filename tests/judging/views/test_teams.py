"""After all sheets of a proposal are final: who sees what, who talks, and revisions that never edit."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from competitions.models import Round
from judging.actions import return_assessment, revise, say_to_team
from judging.models import Assessment, AssessmentVersion
from judging.ranking.places import rank
from judging.scoring.team import far_apart
from notifications.models import Message
from tests.judging.racing import at_once, refused


@pytest.fixture(autouse=True)
def discussing(desk_round):
    Round.objects.filter(pk=desk_round.pk).update(discussion=True, scores_shown="never")


@pytest.fixture
def other(sheet, make_juror) -> Assessment:
    """The second juror's sheet for the same proposal."""
    return Assessment.objects.create(entry=sheet.entry, juror=make_juror("rekan-rahasia"), place=1)


@pytest.fixture
def both_final(sheet, other, score):
    score(sheet, 80, 70)
    score(other, 51, 52)
    sheet.refresh_from_db()
    other.refresh_from_db()


def url(sheet: Assessment, name: str = "team") -> str:
    return reverse(f"judging:{name}", args=[sheet.code])


def revised(sheet: Assessment, kebaruan=60, dampak=60, **more) -> AssessmentVersion:
    scores = {"kebaruan": Decimal(kebaruan), "dampak": Decimal(dampak)}
    given = {"scores": scores, "reason": "Bukti dibaca ulang", "version": sheet.version, "by": sheet.juror.user}
    return revise(sheet, **(given | more))


@pytest.mark.parametrize(
    ("shown", "discussion", "others_final", "sees"),
    [
        ("never", False, True, False),
        ("never", True, True, True),
        ("never", True, False, False),
        ("own_final", False, True, True),
        ("all_final", False, True, True),
        ("all_final", True, False, False),
        ("own_final", True, False, False),  # nothing final to see
    ],
)
def test_the_round_says_when_the_others_are_seen(as_user, sheet, other, score, shown, discussion, others_final, sees):
    Round.objects.filter(pk=sheet.entry.round_id).update(scores_shown=shown, discussion=discussion)
    score(other, 51, 52, final=others_final)
    client = as_user(sheet.juror.user)
    assert ">51<" not in client.get(url(sheet)).content.decode().split("<main")[1]  # one's own is not final
    score(sheet, 80, 70)
    page = client.get(url(sheet)).content.decode().split("<main")[1]
    assert (">51<" in page) is sees
    assert "Rahasia" not in page


@pytest.mark.usefixtures("both_final")
def test_the_team_talks_without_names_and_the_secretariat_sees_them(as_user, sheet, other, secretariat):
    client = as_user(sheet.juror.user)
    assert client.post(url(sheet), {"text": " "}).status_code == 422
    assert client.post(url(sheet), {"text": "Buktinya lemah?"}).status_code == 302
    assert client.post(url(sheet), {"text": "Lihat lampiran."}).status_code == 302
    assert Message.objects.filter(recipient=other.juror.user, kind="judging/mail/team_message").count() == 1
    page = as_user(other.juror.user).get(url(other)).content.decode()
    assert "Buktinya lemah?" in page
    assert "Penilai 1" in page
    assert str(sheet.juror.user) not in page
    assert as_user(secretariat).post(url(other), {"text": "Mohon diselesaikan."}).status_code == 302
    assert "Sekretariat" in client.get(url(sheet)).content.decode()
    page = as_user(secretariat).get(url(sheet)).content.decode()
    assert str(sheet.juror.user) in page
    assert str(other.juror.user) in page


def test_before_all_are_final_nobody_talks_or_revises(sheet, other, score):
    score(sheet, 80, 70)
    sheet.refresh_from_db()
    for deed in (lambda: say_to_team(sheet, text="x", by=sheet.juror.user), lambda: revised(sheet)):
        with pytest.raises(ValidationError) as refused:
            deed()
        assert refused.value.code == "not_all_final"


@pytest.mark.usefixtures("both_final")
def test_nobody_else_enters_a_team(as_user, sheet, other, panelist, innovator, agency_admin):
    for somebody in (panelist, innovator, agency_admin):
        assert as_user(somebody).get(url(sheet)).status_code == 404
        with pytest.raises(PermissionDenied):
            say_to_team(sheet, text="x", by=somebody)
        with pytest.raises(PermissionDenied):
            revised(sheet, by=somebody)
    assert as_user(sheet.juror.user).get(url(other)).status_code == 404


@pytest.mark.usefixtures("both_final")
def test_a_juror_who_reads_an_anchor_for_comparison_is_no_team(as_user, sheet):
    Assessment.objects.filter(pk=sheet.pk).update(is_anchor_only=True)
    assert as_user(sheet.juror.user).get(url(sheet)).status_code == 403


@pytest.mark.usefixtures("both_final")
def test_a_revision_is_a_version_and_the_ranking_counts_the_last(as_user, sheet, secretariat):
    before = rank(sheet.entry.round).places[0].total
    first = AssessmentVersion.objects.get(assessment=sheet)
    client = as_user(sheet.juror.user)
    fields = {"version": str(sheet.version), "score-kebaruan": "60", "score-dampak": "60", "comment": "", "reason": ""}
    assert client.post(url(sheet, "revise"), fields).status_code == 422
    assert client.post(url(sheet, "revise"), fields | {"reason": "Bukti dibaca ulang"}).url == url(sheet)
    chain = list(sheet.versions.values_list("number", "total", "reason"))
    assert chain == [(1, Decimal(76), ""), (2, Decimal(60), "Bukti dibaca ulang")]
    assert first.values == sheet.versions.get(number=1).values == {"kebaruan": "80.00", "dampak": "70.00"}
    assert Assessment.objects.with_total().get(pk=sheet.pk).total == sheet.versions.last().total
    assert rank(sheet.entry.round).places[0].total == before - 8
    assert Event.objects.get(verb="judging.revise").data["before"] == {"kebaruan": "80.00", "dampak": "70.00"}
    page = as_user(secretariat).get(url(sheet)).content.decode()
    assert "76,00" in page
    assert "Bukti dibaca ulang" in page


@pytest.mark.usefixtures("both_final")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " "}, "no_reason"),
        ({"version": 1}, "stale"),
        ({"kebaruan": 80, "dampak": 70}, "unchanged"),
        ({"kebaruan": 101}, "out_of_range"),
        ({"scores": {"kebaruan": None}}, "incomplete"),
    ],
)
def test_a_revision_that_is_refused_changes_nothing(sheet, given, code):
    with pytest.raises(ValidationError) as refused:
        revised(sheet, **given)
    assert refused.value.code == code
    assert Assessment.objects.with_total().get(pk=sheet.pk).total == 76
    assert sheet.versions.count() == 1


@pytest.mark.usefixtures("both_final")
def test_after_the_round_closes_there_is_no_more(as_user, sheet, move_calendar):
    move_calendar(-30)
    sheet = Assessment.objects.get(pk=sheet.pk)
    for deed in (lambda: say_to_team(sheet, text="x", by=sheet.juror.user), lambda: revised(sheet)):
        with pytest.raises(ValidationError) as refused:
            deed()
        assert refused.value.code == "closed"
    assert "Masa penilaian telah berakhir" in as_user(sheet.juror.user).get(url(sheet)).content.decode()


@pytest.mark.usefixtures("both_final")
def test_a_returned_sheet_closes_the_discussion_and_is_finished_as_a_new_version(sheet, other, score, secretariat):
    return_assessment(other, reason="Lihat lagi", by=secretariat)
    with pytest.raises(ValidationError):
        say_to_team(sheet, text="x", by=sheet.juror.user)
    score(other, 55, 55)
    assert list(other.versions.values_list("number", "total")) == [(1, Decimal("51.4")), (2, Decimal(55))]


@pytest.mark.usefixtures("both_final")
def test_a_great_distance_is_pointed_out(as_user, sheet, other):
    assert far_apart(sheet.juror.user) == {sheet.entry_id: Decimal("24.6")}
    client = as_user(sheet.juror.user)
    assert "berselisih 24,6 poin" in client.get(url(sheet)).content.decode()
    assert "Jauh dari nilai tim" in client.get(reverse("judging:desk")).content.decode()
    revised(sheet, 55, 55)
    assert far_apart(sheet.juror.user) == {}


@pytest.mark.usefixtures("both_final")
def test_a_team_takes_the_same_queries_for_two_and_four_jurors(as_user, sheet, score, make_juror, secretariat):
    counts, client = [], as_user(secretariat)
    for more in (0, 2):
        for number in range(more):
            score(Assessment.objects.create(entry=sheet.entry, juror=make_juror(f"p{number}"), place=1), 60, 60)
        with CaptureQueriesContext(connection) as queries:
            client.get(url(sheet))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_revisions_at_once_one_is_kept_and_the_other_is_told(sheet, both_final):
    """The juror sends two revisions from two windows at the same moment: both began from the same version."""
    found = at_once(lambda: revised(sheet, 60, 60), lambda: revised(sheet, 65, 65))
    assert refused(found) == ["stale"]
    (kept,) = [each for each in found if isinstance(each, AssessmentVersion)]
    assert list(sheet.versions.values_list("number", flat=True)) == [1, 2]
    assert {f"{score.value:.2f}" for score in sheet.scores.all()} == set(kept.values.values())
