"""The year's rules on one proposal, rule by rule."""

from datetime import date, timedelta

import pytest

from catalogue.models import Award, Innovation
from competitions.models import AgeException, AgencyTypeCap, GroupInvitation, HistoryRule
from proposals import actions
from proposals.eligibility import Verdict, failures, findings, months_between, names_a_video

pytestmark = pytest.mark.django_db


def failed(proposal):
    proposal.refresh_from_db()
    return {each.rule for each in failures(findings(proposal))}


def test_a_complete_proposal_has_nothing_against_it(complete):
    assert failed(complete) == set()


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2021, 5, 6), date(2023, 5, 6), 24),
        (date(2021, 5, 7), date(2023, 5, 6), 23),
        (date(2021, 1, 31), date(2021, 2, 28), 0),
        (date(2020, 2, 29), date(2021, 2, 28), 11),
        (date(2023, 5, 7), date(2023, 5, 6), -1),
    ],
)
def test_months_are_whole(start, end, months):
    assert months_between(start, end) == months


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("title", "ABC", "title"),
        ("video_url", "", "video"),
        ("video_url", "https://www.youtube.com/@kanal", "video"),
        ("video_url", "https://localhost/film", "video"),
        ("started_on", None, "started_on"),
        ("started_on", date(2999, 1, 1), "started_on"),
    ],
)
def test_details(complete, field, value, rule):
    setattr(complete, field, value)
    complete.save()
    assert failed(complete) == {rule}


def test_youtube_addresses():
    assert all(names_a_video(address) for address in (
        "https://youtu.be/abc", "https://www.youtube.com/watch?v=abc", "https://m.youtube.com/shorts/abc",
        "https://drive.google.com/file/d/1/view",
    ))  # fmt: skip


def test_whether_an_unknown_site_shows_a_video_is_a_question_and_blocks_nothing(complete):
    complete.video_url = "https://inovasi.example.go.id/film"
    complete.save()
    found = {each.rule: each for each in findings(complete)}["video"]
    assert (found.verdict, bool(found.advice)) == (Verdict.UNKNOWN, True)
    assert failed(complete) == set()


def test_the_minimum_age_is_counted_to_the_groups_day(complete, group):
    group.age_counted_to = date(2023, 5, 6)
    group.save()
    complete.started_on = date(2021, 5, 7)
    complete.save()
    assert failed(complete) == {"age"}
    complete.started_on = date(2021, 5, 6)
    complete.save()
    assert failed(complete) == set()


def test_a_category_may_have_an_age_of_its_own(complete, group):
    group.age_counted_to = date(2023, 5, 6)
    group.save()
    complete.started_on = date(2022, 5, 6)
    complete.save()
    assert failed(complete) == {"age"}
    AgeException.objects.create(group=group, category=complete.category, min_age_months=12)
    assert failed(complete) == set()


def test_goals_are_asked_where_the_group_asks(complete, group):
    complete.sdgs = []
    complete.save()
    assert failed(complete) == set()
    group.needs_sdgs = True
    group.save()
    assert failed(complete) == {"sdgs"}


def test_too_many_words(complete, question):
    complete.answers.filter(question=question).update(words=51)
    assert failed(complete) == {"words:kebaruan/isi"}


def test_a_kind_of_agency_may_have_a_cap_of_its_own(complete, group):
    AgencyTypeCap.objects.create(group=group, agency_type=complete.agency.type, cap=0)
    assert failed(complete) == {"cap"}


def test_by_invitation_only(complete, group):
    group.invitation_only = True
    group.save()
    assert failed(complete) == {"invitation"}
    GroupInvitation.objects.create(group=group, agency=complete.agency, letter_number="1")
    assert failed(complete) == set()


def test_a_replication_names_its_source(complete, group):
    group.needs_source_innovation = True
    group.save()
    assert failed(complete) == {"source"}
    complete.source_innovation = Innovation.objects.create(title="Sumber", agency_name="Lain")
    complete.save()
    assert failed(complete) == set()


@pytest.fixture
def past(complete):
    innovation = Innovation.objects.create(title="Antar Obat ke Pulau", agency=complete.agency, agency_name="Contoh")
    Award.objects.create(innovation=innovation, year=2019, tier="finalist", label="Top 99")
    return innovation


def test_not_twice_a_finalist(complete, group, past):
    HistoryRule.objects.create(group=group, key="top99", kind="at_most", tiers=["finalist"], limit=1, text="…")
    unknown = [each.rule for each in findings(complete) if each.verdict == Verdict.UNKNOWN]
    assert unknown == [f"namesake:{past.code}"]
    complete.past_innovation = past
    complete.save()
    assert failed(complete) == set()
    Award.objects.create(innovation=past, year=2021, tier="finalist", label="Top 99")
    assert failed(complete) == {"history:top99"}


def test_a_group_for_earlier_winners(complete, group, past):
    HistoryRule.objects.create(
        group=group, key="terpuji", kind="requires", tiers=["finalist"], first_year=2014, last_year=2021, text="…"
    )
    assert failed(complete) == {"history:terpuji"}
    complete.past_innovation = past
    complete.save()
    assert failed(complete) == set()
    past.awards.update(year=2022)
    assert failed(complete) == {"history:terpuji"}


def test_a_sent_proposal_is_judged_at_its_moment_of_sending(in_review, agency_admin, move_calendar):
    actions.send(in_review, by=agency_admin)
    stage = in_review.competition.stages.get(key="submission")
    sent = in_review.submissions.get().sent_at
    stage.ends_at = sent + timedelta(seconds=1)
    stage.save()
    assert failed(in_review) == set()
