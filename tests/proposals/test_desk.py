"""The agency admin's desk: reminding once a day, ordering, sending many in one step, sending at closing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Membership, User
from audit.models import Event
from catalogue.models import Award, Innovation
from notifications.models import Message
from proposals import actions
from proposals.models import Batch, Counter, Proposal, Submission, TeamMember
from proposals.ordering import moved, numbered
from proposals.sending import plan
from tests.conftest import person
from tests.proposals.test_sending import another, together

pytestmark = pytest.mark.django_db
BUDGET = 15  # queries a page
SEND, ORDER, REMIND_ALL = (reverse(f"proposals:{name}") for name in ("send_many", "order", "remind_all"))


def reasons(proposals, user):
    return {each.proposal.title: each.reasons for each in plan(proposals, user)}


def place(proposal, number):
    Proposal.objects.filter(pk=proposal.pk).update(place=number)


# --- Reminding ----------------------------------------------------------------------------------------------------
def test_writers_are_reminded_once_a_day(draft, agency_admin, innovator):
    assert actions.remind_writers(draft, by=agency_admin) == 1
    with pytest.raises(ValidationError) as refused:
        actions.remind_writers(draft, by=agency_admin)
    assert refused.value.code == "reminded_already"
    assert Message.objects.get().recipient == innovator
    Proposal.objects.update(reminded_at=timezone.now() - timedelta(days=1, minutes=1))
    assert actions.remind_writers(draft, by=agency_admin) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_remind_once(draft, agency_admin):
    results = together(*[lambda: actions.remind_writers(draft, by=agency_admin)] * 4)
    assert sorted(result == 1 for result in results) == [False, False, False, True]
    assert Message.objects.count() == 1


def test_only_the_own_admin_reminds(draft, innovator, other_admin, as_user):
    for someone in (innovator, other_admin):
        with pytest.raises(PermissionDenied):
            actions.remind_writers(draft, by=someone)
    url = reverse("proposals:remind", args=[draft.code])
    assert [as_user(someone).post(url).status_code for someone in (innovator, other_admin)] == [403, 404]


def test_reminding_all_names_the_exact_number(draft, agency_admin, as_user):
    second = another(draft, "Kedua")
    Proposal.objects.filter(pk=second.pk).update(status="returned")
    third = another(draft, "Ketiga")
    Proposal.objects.filter(pk=third.pk).update(status="draft", reminded_at=timezone.now())
    browser = as_user(agency_admin)
    page = browser.get(REMIND_ALL)
    assert (len(page.context["due"]), page.context["waiting"]) == (2, 1)
    browser.post(REMIND_ALL)
    assert Message.objects.filter(kind="proposals/mail/remind_writers").count() == 2
    browser.post(REMIND_ALL)
    assert Message.objects.filter(kind="proposals/mail/remind_writers").count() == 2


# --- Order --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ({}, "ABCD"), ({"place-D": "1"}, "DABC"), ({"place-A": "3"}, "BCAD"), ({"place-B": "99"}, "ACDB"),
        ({"place-C": "x"}, "ABCD"), ({"place-C": "-1"}, "ABCD"), ({"place-A": "2", "place-B": "1"}, "BACD"),
    ],
)  # fmt: skip
def test_typed_numbers_put_in_order(typed, order):
    typed = {f"place-{code}": str(place) for place, code in enumerate("ABCD", start=1)} | typed
    assert "".join(numbered(list("ABCD"), typed)) == order


@pytest.mark.parametrize(
    ("step", "order"), [("B:up", "BACD"), ("A:up", "ABCD"), ("D:down", "ABCD"), ("C:down", "ABDC"), ("x", "ABCD")]
)
def test_buttons_move_by_one(step, order):
    assert "".join(moved(list("ABCD"), step)) == order


def test_the_order_page_saves(in_review, agency_admin, other_admin, innovator, group, as_user):
    second = another(in_review, "Kedua")
    browser = as_user(agency_admin)
    asked = {"agency": in_review.agency.code, "group": group.key, "move": f"{second.code}:up"}
    assert browser.post(ORDER, asked).status_code == 302
    assert list(Proposal.objects.in_agencies_order()) == [second, in_review]
    assert as_user(other_admin).post(ORDER, asked).status_code == 404
    assert as_user(innovator).post(ORDER, asked).status_code == 403
    assert "Kedua" not in as_user(other_admin).get(ORDER).content.decode()


def test_only_the_agency_admin_reads_the_order_and_a_word_is_no_place(
    in_review, agency_admin, innovator, group, as_user
):
    place(in_review, 3)
    listing, shown = reverse("proposals:list"), "Urutan 3 di instansi Anda"
    assert shown in as_user(agency_admin).get(listing).content.decode()
    assert shown not in as_user(innovator).get(listing).content.decode()
    typed = {"agency": in_review.agency.code, "group": group.key, f"place-{in_review.code}": "abc"}
    answer = as_user(agency_admin).post(ORDER, typed, follow=True)
    assert "“abc” bukan nomor urut" in answer.content.decode()


# --- Sending many -------------------------------------------------------------------------------------------------
def test_the_plan_says_what_goes_and_why_not(in_review, draft, agency_admin, innovator, group):
    group.cap_per_agency = 2
    group.save()
    place(in_review, 3)
    first, second = another(in_review, "Kedua"), another(in_review, "Ketiga")
    place(first, 1)
    place(second, 2)
    bare = another(in_review, "Belum lengkap")
    bare.answers.all().delete()
    mine = another(in_review, "Masih ditulis")
    Proposal.objects.filter(pk=mine.pk).update(status="draft")
    found = reasons(Proposal.objects.all(), agency_admin)
    assert [title for title, against in found.items() if not against] == ["Kedua", "Ketiga"]
    assert "2" in found[in_review.title][0]
    assert len(found["Belum lengkap"]) == 3
    assert innovator.name in found["Masih ditulis"][0]


def test_the_same_title_goes_once(in_review, agency_admin):
    twin = another(in_review, f"{in_review.title}!")
    place(twin, 1)
    found = reasons(Proposal.objects.all(), agency_admin)
    assert (found[twin.title], len(found[in_review.title])) == ([], 1)


def test_the_plan_costs_the_same_for_one_and_many(in_review, agency_admin):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            plan(Proposal.objects.all(), agency_admin)
        return len(captured)

    once = cost()
    another(in_review, "Kedua")
    another(in_review, "Ketiga")
    assert cost() == once


def confirm(browser, *proposals, **more):
    return browser.post(SEND, {"key": str(uuid4()), "code": [each.code for each in proposals], **more})


def test_one_confirmed_step_sends_the_good_and_names_the_rest(in_review, agency_admin, as_user):
    good, bad = another(in_review, "Kedua"), another(in_review, "Ketiga")
    browser = as_user(agency_admin)
    page = browser.get(SEND, {"code": [in_review.code, good.code, bad.code]})
    assert [each.proposal.title for each in page.context["going"]] == [in_review.title, "Kedua", "Ketiga"]
    bad.answers.all().delete()  # meanwhile
    key = str(page.context["key"])
    answer = confirm(browser, in_review, good, bad, key=key)
    result = browser.get(answer.url)
    assert [row["proposal"].title for row in result.context["sent"]] == [in_review.title, "Kedua"]
    assert [row["proposal"].title for row in result.context["refused"]] == ["Ketiga"]
    assert "KIPP-2023-000002" in result.content.decode()
    again = confirm(browser, in_review, good, bad, key=key)
    assert (again.url, Counter.objects.get().last_number) == (answer.url, 2)


def test_an_admin_who_writes_in_the_team_sends_it_themselves(complete, agency_admin, agency, innovator):
    assert "masih" in str(reasons(Proposal.objects.all(), agency_admin))
    TeamMember.objects.create(proposal=complete, user=agency_admin, email=agency_admin.email, added_by=innovator)
    assert reasons(Proposal.objects.all(), agency_admin) == {complete.title: []}
    assert actions.send(complete, by=agency_admin).number


def test_the_result_names_also_what_could_not_go_and_why(in_review, agency_admin, as_user):
    stays, browser = another(in_review, "Kedua"), as_user(agency_admin)
    stays.answers.all().delete()
    page = browser.get(SEND, {"code": [in_review.code, stays.code]})
    assert f'name="stays" value="{stays.code}"' in page.content.decode()
    answer = confirm(browser, in_review, key=str(page.context["key"]), stays=[stays.code])
    result = browser.get(answer.url)
    assert [row["proposal"].title for row in result.context["refused"]] == ["Kedua"]
    assert result.context["refused"][0]["result"]["refused"]
    assert result.context["untried"] == []
    stays.refresh_from_db()
    assert stays.status == "in_review"


def test_an_interrupted_batch_goes_on(in_review, agency_admin, as_user):
    second, key, browser = another(in_review, "Kedua"), uuid4(), as_user(agency_admin)
    actions.begin_batch(in_review.competition, key=key, codes=[in_review.code, second.code], by=agency_admin)
    actions.send(in_review, by=agency_admin)  # and then the worker was killed
    page = browser.get(reverse("proposals:batch", args=[key]))
    assert len(page.context["untried"]) == 2
    result = browser.get(confirm(browser, second, key=str(key)).url)
    assert (len(result.context["sent"]), len(result.context["untried"])) == (2, 0)
    assert Submission.objects.count() == 2


def test_who_is_no_admin_any_more_reads_no_titles_of_what_they_sent(in_review, agency_admin, as_user):
    browser = as_user(agency_admin)
    url = confirm(browser, in_review, key=str(uuid4())).url
    assert in_review.title in browser.get(url).content.decode()
    Membership.objects.filter(user=agency_admin).update(ended_at=timezone.now())
    assert browser.get(url).status_code == 404


def test_a_deadline_between_page_and_click_is_told(in_review, agency_admin, as_user, move_calendar):
    move_calendar(-25)
    browser = as_user(agency_admin)
    result = browser.get(confirm(browser, in_review).url)
    assert "WIB" in result.context["refused"][0]["result"]["refused"][0]
    assert Event.objects.filter(verb="proposals.late", actor=agency_admin).count() == 1
    confirm(browser, in_review)
    assert Event.objects.filter(verb="proposals.late").count() == 1


def test_nobody_else_has_a_desk(in_review, agency_admin, innovator, other_admin, secretariat, as_user):
    answers = [as_user(someone).get(SEND).status_code for someone in (innovator, secretariat)]
    assert answers == [403, 403]
    assert as_user(other_admin).get(SEND, {"code": in_review.code}).context["going"] == []
    confirm(as_user(other_admin), in_review)
    in_review.refresh_from_db()
    assert (in_review.status, Batch.objects.count()) == ("in_review", 0)
    batch = actions.begin_batch(in_review.competition, key=uuid4(), codes=[], by=agency_admin)
    assert as_user(other_admin).get(reverse("proposals:batch", args=[batch.key])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.begin_batch(in_review.competition, key=batch.key, codes=[], by=other_admin)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_one_batch_and_a_colleague_at_once(in_review, agency_admin, group):
    group.cap_per_agency = 3
    group.save()
    waiting = [in_review, *[another(in_review, f"Inovasi {letter}") for letter in "ABCD"]]
    codes = [each.code for each in waiting]
    key, other = uuid4(), uuid4()

    def batch(name):
        return lambda: actions.send_batch(
            actions.begin_batch(in_review.competition, key=name, codes=codes, by=agency_admin), by=agency_admin
        )

    together(batch(key), batch(key), batch(other))
    assert Submission.objects.count() == 3
    assert {found.untried == [] for found in Batch.objects.all()} == {True}
    numbers = set(Submission.objects.values_list("number", flat=True))
    for found in Batch.objects.all():
        assert {result["number"] for result in found.results.values() if "number" in result} == numbers


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_agencies_with_one_title_at_one_instant(in_review, agency_admin, other_admin, other_agency):
    twin = another(in_review, f"{in_review.title}.")
    Proposal.objects.filter(pk=twin.pk).update(agency=other_agency, unit=None)
    twin.refresh_from_db()
    results = together(lambda: actions.send(in_review, by=agency_admin), lambda: actions.send(twin, by=other_admin))
    assert sum(isinstance(result, Submission) for result in results) == 1
    assert Submission.objects.count() == 1


# --- Sending at closing -------------------------------------------------------------------------------------------
def close_in(year, **left):
    stage = year.stages.get(key="submission")
    stage.ends_at = timezone.now() + timedelta(**left)
    stage.save()


def test_it_sends_itself_shortly_before_closing(year, in_review, agency_admin, innovator):
    actions.set_auto_send(in_review, on=True, by=agency_admin)
    close_in(year, minutes=11)
    assert actions.send_at_closing() == 0
    close_in(year, minutes=9)
    assert [actions.send_at_closing(), actions.send_at_closing()] == [1, 0]
    sent = Submission.objects.get()
    assert sent.sent_by == agency_admin
    assert Event.objects.get(verb="proposals.send").data["unasked"] is True


def test_an_extension_moves_it_and_a_return_ends_it(year, in_review, agency_admin):
    actions.set_auto_send(in_review, on=True, by=agency_admin)
    close_in(year, days=3)
    assert actions.send_at_closing() == 0
    actions.move(in_review, "return", by=agency_admin, note="Perbaiki.")
    in_review.refresh_from_db()
    assert (in_review.auto_send_at, in_review.auto_send_by) == (None, None)
    close_in(year, minutes=5)
    assert actions.send_at_closing() == 0


def test_the_order_decides_under_the_cap_and_the_rest_is_named_once(year, in_review, agency_admin, group):
    group.cap_per_agency = 1
    group.save()
    second = another(in_review, "Kedua")
    place(second, 1)
    place(in_review, 2)
    for each in (in_review, second):
        actions.set_auto_send(each, on=True, by=agency_admin)
    close_in(year, minutes=5)
    assert [actions.send_at_closing(), actions.send_at_closing()] == [1, 0]
    assert Submission.objects.get().proposal == second
    failed = Message.objects.get(kind="proposals/mail/auto_send_stuck")
    assert failed.recipient == agency_admin
    assert in_review.title in failed.body


def test_what_cannot_go_is_named_a_day_before_once(year, in_review, agency_admin):
    actions.set_auto_send(in_review, on=True, by=agency_admin)
    in_review.answers.all().delete()
    close_in(year, hours=25)
    actions.send_at_closing()
    assert not Message.objects.exists()
    close_in(year, hours=23)
    actions.send_at_closing()
    actions.send_at_closing()
    assert in_review.title in Message.objects.get().body


@pytest.fixture
def two_agencies(in_review, agency_admin, other_admin, other_agency):
    """One proposal each, both set to send themselves; a letter to the first admin can only fail."""
    theirs = another(in_review, "Milik Kota Lain")
    Proposal.objects.filter(pk=theirs.pk).update(agency=other_agency, unit=None)
    theirs.refresh_from_db()
    for each, admin in ((in_review, agency_admin), (theirs, other_admin)):
        actions.set_auto_send(each, on=True, by=admin)
    User.objects.filter(pk=agency_admin.pk).update(time_zone="Asia/Nirwana")
    return in_review, theirs


def test_a_warning_that_cannot_be_written_keeps_no_other_back(year, two_agencies, other_admin, caplog):
    for each in two_agencies:
        each.answers.all().delete()
    close_in(year, hours=23)
    for _minute in range(2):
        assert actions.send_at_closing() == 0
    assert [each.recipient for each in Message.objects.all()] == [other_admin]
    assert "could not be warned" in caplog.text


def test_one_that_fails_while_sending_itself_keeps_no_other_back(year, two_agencies, other_agency, caplog):
    close_in(year, minutes=5)
    assert actions.send_at_closing() == 1
    assert Submission.objects.get().proposal.agency == other_agency
    assert "could not send itself" in caplog.text


def test_after_a_hand_over_the_present_admin_sends(year, in_review, agency, agency_admin):
    actions.set_auto_send(in_review, on=True, by=agency_admin)
    Membership.objects.filter(user=agency_admin).update(ended_at=timezone.now())
    close_in(year, minutes=5)
    assert actions.send_at_closing() == 0
    successor = person("successor")
    Membership.objects.create(user=successor, agency=agency, role=Membership.Role.ADMIN)
    assert actions.send_at_closing() == 1
    assert Submission.objects.get().sent_by == successor


def test_the_switch_is_the_admins_and_only_under_review(draft, complete, agency_admin, innovator, other_admin, as_user):
    with pytest.raises(ValidationError):
        actions.set_auto_send(complete, on=True, by=agency_admin)
    url = reverse("proposals:auto_send", args=[complete.code])
    answers = [as_user(someone).post(url, {"on": "yes"}).status_code for someone in (innovator, other_admin)]
    assert answers == [403, 404]


def test_the_desk_of_an_admin_costs_the_same_for_one_and_many(in_review, agency_admin, as_user):
    browser = as_user(agency_admin)
    Agency.objects.create(
        code="BD.1", name="Perumda Air", slug="perumda-air", type=Agency.Type.ROE, parent=in_review.agency
    )
    winner = Innovation.objects.create(title="Perahu Lama", agency=in_review.agency, agency_name="Pemerintah")
    Award.objects.create(innovation=winner, year=2019, tier="finalist", label="Top 99")
    pages = [reverse("proposals:list"), SEND, ORDER, reverse("proposals:list") + "?sort=completeness"]

    def costs():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(page).status_code == 200
            found.append(len(captured))
        return found

    costs()
    once = costs()
    another(in_review, "Kedua")
    another(in_review, "Ketiga")
    assert costs() == once
    assert {page: number for page, number in zip(pages, once, strict=True) if number > BUDGET} == {}


def test_open_comments_are_named_before_several_are_sent(in_review, question, agency_admin, as_user):
    actions.comment(in_review, question, text="Tambahkan angka.", by=agency_admin)
    page = as_user(agency_admin).get(reverse("proposals:send_many")).content.decode()
    assert "1 komentar masih terbuka" in page
    assert reverse("proposals:comments", args=[in_review.code]) in page
