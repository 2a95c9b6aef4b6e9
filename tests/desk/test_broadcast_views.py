"""The pages of broadcasts: written, checked, sent, watched, stopped; each in a fixed number of queries."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from desk import actions
from desk.broadcasting import agencies_of, preview
from desk.models import Broadcast
from notifications.models import Message
from tests.conftest import person

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("desk:broadcasts"), reverse("desk:new_broadcast")


def test_from_writing_to_sending(as_user, year, secretariat, agency_admin, other_admin):
    client = as_user(secretariat)
    typed = {"audience": "admins", "subject": "Batas waktu", "text": "Segera.", "version": "1"}
    check = client.post(NEW, typed, follow=True)
    assert check.context["preview"].people == [agency_admin, other_admin]
    draft = Broadcast.objects.get()
    assert not Message.objects.exists()
    done = client.post(draft.get_absolute_url(), {"deed": "send", "seen": check.context["preview"].seen}, follow=True)
    assert done.status_code == 200
    assert Broadcast.objects.get().state == "sending"
    assert client.get(LIST).context["page"].object_list[0].delivery.people == 2


@pytest.mark.parametrize("missing", ["audience", "subject", "text"])
def test_what_is_missing_is_said_and_the_rest_kept(as_user, year, secretariat, missing):
    typed = {"audience": "admins", "subject": "Batas waktu", "text": "Segera."} | {missing: " "}
    page = as_user(secretariat).post(NEW, typed)
    assert page.status_code == 422
    assert missing in page.context["form"].errors
    assert not Broadcast.objects.exists()


def test_the_check_shows_the_letter_in_each_language_with_greeting_and_closing(
    as_user, written, secretariat, agency_admin, other_admin
):
    type(other_admin).objects.filter(pk=other_admin.pk).update(language="en")
    page = as_user(secretariat).get(written.get_absolute_url()).content.decode()
    for words in (f"Yth. {agency_admin.name}", f"Dear {other_admin.name},", "This message was sent by the portal"):
        assert words in page


def test_recipients_are_listed_with_the_agency_they_act_for_now_or_else_did_once(
    as_user, written, year, agency, other_agency, agency_admin, other_admin, evaluator
):
    Membership.objects.create(user=agency_admin, agency=other_agency, role="admin", ended_at="2023-01-01T00:00Z")
    Membership.objects.filter(user=other_admin).update(ended_at="2023-01-01T00:00Z")
    evaluator.juror_roles.update(institution="Universitas Contoh")
    found = agencies_of([agency_admin, other_admin, evaluator], year)
    assert list(found.values()) == [agency.name, other_agency.name, "Universitas Contoh"]


def test_a_list_that_changed_is_looked_at_again(as_user, written, secretariat, agency):
    client, seen = as_user(secretariat), preview(written).seen
    Membership.objects.filter(agency=agency).update(ended_at="2023-01-01T00:00Z")
    page = client.post(written.get_absolute_url(), {"deed": "send", "seen": seen})
    assert page.status_code == 422
    assert page.context["form"].non_field_errors()
    assert page.context["preview"].seen in page.content.decode()  # the next click sends what is seen now
    client.post(written.get_absolute_url(), {"deed": "send", "seen": page.context["preview"].seen})
    assert Broadcast.objects.get().recipients.count() == 1


def test_a_draft_is_changed_and_removed(as_user, written, secretariat):
    client = as_user(secretariat)
    typed = {"audience": "everybody", "subject": "Lain", "text": "Baru.", "version": written.version}
    client.post(reverse("desk:edit_broadcast", args=[written.code]), typed)
    assert Broadcast.objects.get().subject == "Lain"
    assert client.get(written.get_absolute_url(), {"deed": "discard"}).status_code == 200  # asks once more
    assert Broadcast.objects.exists()
    stale = client.post(written.get_absolute_url(), {"deed": "discard", "version": written.version})
    assert stale.status_code == 422  # somebody changed what was looked at
    assert "Baru." in stale.content.decode()
    client.post(written.get_absolute_url(), {"deed": "discard", "version": Broadcast.objects.get().version})
    assert not Broadcast.objects.exists()


def test_two_clerks_in_one_draft_see_both_texts_and_the_second_decides(as_user, written, secretariat, clerk):
    url, typed = reverse("desk:edit_broadcast", args=[written.code]), {"audience": "admins", "subject": "Lain"}
    begun = {"version": as_user(clerk).get(url).context["form"]["version"].value()}
    for _twice in range(2):
        assert as_user(secretariat).post(url, typed | begun | {"text": "Dari satu."}).status_code == 302
    refused = as_user(clerk).post(url, typed | begun | {"text": "Dari dua."})
    assert refused.status_code == 422
    assert all(words in refused.content.decode() for words in ("Dari satu.", "Dari dua."))
    assert Broadcast.objects.get().text == "Dari satu."
    again = refused.context["form"]["version"].value()
    assert as_user(clerk).post(url, typed | {"version": again, "text": "Dari dua."}).status_code == 302
    assert (Broadcast.objects.get().text, Broadcast.objects.get().version) == ("Dari dua.", 3)


def test_one_being_sent_is_stopped(as_user, confirmed, secretariat):
    page = as_user(secretariat).post(confirmed.get_absolute_url(), {"deed": "stop"}, follow=True)
    assert page.context["broadcast"].state == "stopped"
    assert page.context["broadcast"].delivery.withheld == 2


def test_a_confirmed_one_cannot_be_edited(as_user, confirmed, secretariat):
    page = as_user(secretariat).get(reverse("desk:edit_broadcast", args=[confirmed.code]))
    assert page.url == confirmed.get_absolute_url()


def test_an_unknown_deed_is_forbidden(as_user, confirmed, secretariat):
    assert as_user(secretariat).post(confirmed.get_absolute_url(), {"deed": "burn"}).status_code == 403


@pytest.mark.parametrize(("state", "found"), [("", 2), ("sent", 1), ("failed", 1), ("queued", 0), ("none", 0)])
def test_recipients_are_narrowed_to_a_state(as_user, confirmed, secretariat, agency_admin, other_admin, state, found):
    actions.write_letters()
    Message.objects.filter(recipient=agency_admin).update(status="sent")
    Message.objects.filter(recipient=other_admin).update(status="failed", error="550 no such user")
    page = as_user(secretariat).get(confirmed.get_absolute_url(), {"state": state})
    assert len(page.context["page"].object_list) == found


@pytest.mark.parametrize("more", [1, 5])
@pytest.mark.parametrize("which", ["list", "check", "delivery"])
def test_each_page_takes_few_queries_whatever_their_number(
    as_user, written, year, secretariat, more, which, django_assert_num_queries
):
    for number in range(more):
        person(f"more-{number}")
        each = Broadcast(competition=year, audience="everybody", subject=f"Nomor {number}", text="…")
        actions.save_broadcast(each, by=secretariat)
        actions.send_broadcast(each, seen=preview(each).seen, by=secretariat)
    actions.write_letters()
    url = {"list": LIST, "check": written.get_absolute_url(), "delivery": each.get_absolute_url()}[which]
    client = as_user(secretariat)
    with django_assert_num_queries({"list": 11, "check": 11, "delivery": 14}[which]):
        assert client.get(url).status_code == 200
