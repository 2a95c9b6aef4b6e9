"""A broadcast goes to those it was confirmed for, once each, and stops where it is stopped."""

from functools import partial
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import InternalError, connection
from django.urls import reverse

from accounts.models import Membership
from audit.models import Event
from desk import actions
from desk.actions import broadcasts
from desk.broadcasting import mail_to, preview
from desk.models import Broadcast, Recipient
from desk.models.broadcast import Delivery
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.conftest import person

pytestmark = pytest.mark.django_db


def delivery(broadcast) -> Delivery:
    return Broadcast.objects.get(pk=broadcast.pk).delivery


def letters(broadcast):
    return Message.objects.filter(key=broadcast.key)


def test_everybody_meant_gets_one_letter_and_the_figures_follow_it(confirmed, agency_admin, other_admin):
    assert delivery(confirmed) == Delivery(people=2, waiting=2)
    assert [actions.write_letters(), actions.write_letters()] == [2, 0]
    assert delivery(confirmed) == Delivery(people=2, waiting=2)
    deliver_due()
    assert delivery(confirmed) == Delivery(people=2, sent=2)
    letters(confirmed).filter(recipient=other_admin).update(status="failed")
    assert delivery(confirmed) == Delivery(people=2, sent=1, failed=1)
    assert {each.recipient for each in letters(confirmed)} == {agency_admin, other_admin}


def test_confirming_twice_sends_once(confirmed, secretariat):
    actions.send_broadcast(confirmed, seen="anything", by=secretariat)
    actions.write_letters()
    assert (Recipient.objects.count(), letters(confirmed).count()) == (2, 2)
    assert Event.objects.filter(verb="desk.send_broadcast").count() == 1


def test_who_comes_later_is_not_written_to(confirmed, agency):
    late = person("late")
    Membership.objects.filter(agency=agency).update(ended_at="2023-01-01T00:00Z")
    Membership.objects.create(user=late, agency=agency, role="admin")
    actions.write_letters()
    assert late not in {each.recipient for each in letters(confirmed)}


@pytest.mark.parametrize("change", ["people", "text"])
def test_what_changed_since_the_preview_is_not_sent(written, secretariat, agency, change):
    seen = preview(written).seen
    if change == "people":
        Membership.objects.filter(agency=agency).update(ended_at="2023-01-01T00:00Z")
    else:
        written.text = "Lain."
        written.save()
    with pytest.raises(ValidationError) as caught:
        actions.send_broadcast(written, seen=seen, by=secretariat)
    assert caught.value.code == "changed"
    assert not Recipient.objects.exists()


def test_nobody_is_not_written_to(written, secretariat):
    Membership.objects.update(ended_at="2023-01-01T00:00Z")
    with pytest.raises(ValidationError) as caught:
        actions.send_broadcast(written, seen=preview(written).seen, by=secretariat)
    assert caught.value.code == "nobody"


def test_a_worker_that_dies_goes_on(confirmed, monkeypatch):
    monkeypatch.setattr(broadcasts, "BATCH", 1)
    assert broadcasts._write_batch(confirmed.pk) == 1  # and then it dies
    assert delivery(confirmed) == Delivery(people=2, waiting=2)
    assert actions.write_letters() == 1
    assert letters(confirmed).count() == 2


def test_a_stop_takes_back_what_waits_and_leaves_what_is_gone(confirmed, monkeypatch, secretariat, agency_admin):
    monkeypatch.setattr(broadcasts, "BATCH", 1)
    broadcasts._write_batch(confirmed.pk)
    deliver_due()
    assert delivery(confirmed) == Delivery(people=2, waiting=1, sent=1)
    actions.stop_broadcast(confirmed, by=secretariat)
    assert actions.write_letters() == 0
    assert delivery(confirmed) == Delivery(people=2, sent=1, withheld=1)
    assert Broadcast.objects.get().state == "stopped"
    assert Event.objects.get(verb="desk.stop_broadcast").data == {"withheld": 1}


def test_a_stop_takes_letters_out_of_the_inbox_but_not_those_that_were_read_and_sends_none(
    confirmed, secretariat, agency_admin, other_admin, mailoutbox
):
    actions.write_letters()
    letters(confirmed).filter(recipient=agency_admin).update(read_at="2023-01-01T00:00Z")
    actions.stop_broadcast(confirmed, by=secretariat)
    assert [each.recipient for each in letters(confirmed)] == [agency_admin]
    assert delivery(confirmed) == Delivery(people=2, withheld=2)
    deliver_due()
    assert not mailoutbox


@pytest.mark.parametrize(("error", "status"), [(None, "sent"), (OSError("gone"), "withdrawn")])
def test_what_is_with_the_mail_server_while_it_is_stopped_counts_as_sent_or_is_never_tried_again(
    confirmed, secretariat, agency_admin, monkeypatch, error, status
):
    """The mail server answers after the stop."""
    actions.write_letters()
    letters(confirmed).exclude(recipient=agency_admin).update(due_at="2999-01-01T00:00Z")

    def stopped_meanwhile(_server, _letters):
        actions.stop_broadcast(confirmed, by=secretariat)
        if error:
            raise error

    monkeypatch.setattr(EmailBackend, "send_messages", stopped_meanwhile)
    deliver_due()
    assert [(each.recipient, each.status) for each in letters(confirmed)] == [(agency_admin, status)]
    assert not Message.objects.unsent().exists()
    assert actions.send_again(by=secretariat) == 0


def test_nothing_is_left_to_stop_once_all_is_sent(confirmed, secretariat):
    actions.write_letters()
    deliver_due()
    with pytest.raises(ValidationError) as caught:
        actions.stop_broadcast(confirmed, by=secretariat)
    assert caught.value.code == "gone"


@pytest.mark.parametrize("deed", [actions.save_broadcast, partial(actions.discard_broadcast, version=1)])
def test_a_confirmed_one_is_neither_changed_nor_removed(confirmed, secretariat, deed):
    with pytest.raises(ValidationError) as caught:
        deed(confirmed, by=secretariat)
    assert caught.value.code == "confirmed"


@pytest.mark.parametrize("field", ["subject", "text", "audience"])
def test_the_database_holds_a_confirmed_letter_too(confirmed, field):
    with pytest.raises(InternalError):
        Broadcast.objects.update(**{field: "drafts"})


@pytest.mark.parametrize("role", ["innovator", "agency_admin", "evaluator"])
def test_only_the_secretariat_sends(written, role, request):
    with pytest.raises(PermissionDenied):
        actions.send_broadcast(written, seen=preview(written).seen, by=request.getfixturevalue(role))


def test_the_preview_is_the_letter_that_goes(written, confirmed, agency_admin, mailoutbox):
    shown = mail_to(written, agency_admin)
    actions.write_letters()
    deliver_due()
    sent = next(mail for mail in mailoutbox if mail.to == [agency_admin.email])
    assert (sent.subject, sent.body) == (shown.subject, shown.body)


def test_the_inbox_shows_marks_and_never_markup(as_user, year, secretariat, agency_admin):
    draft = Broadcast(competition=year, audience="admins", subject="Uji", text="**Tebal** <script>x</script> {{ 1 }}")
    actions.save_broadcast(draft, by=secretariat)
    actions.send_broadcast(draft, seen=preview(draft).seen, by=secretariat)
    actions.write_letters()
    page = as_user(agency_admin).get(reverse("notifications:message", args=[Message.objects.get().pk]))
    text = page.content.decode()
    assert "<strong>Tebal</strong>" in text
    assert "{{ 1 }}" in text
    assert "<script>x" not in text


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clicks_and_two_workers_at_once_write_each_letter_once(written, secretariat):
    seen, start = preview(written).seen, Barrier(4)

    def run(deed):
        start.wait()
        try:
            deed()
        finally:
            connection.close()

    def click():
        actions.send_broadcast(written, seen=seen, by=secretariat)
        actions.write_letters()

    threads = [Thread(target=run, args=[click]) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    actions.write_letters()
    assert (Recipient.objects.count(), letters(written).count()) == (2, 2)
    assert Event.objects.filter(verb="desk.send_broadcast").count() == 1
