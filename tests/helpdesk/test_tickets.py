"""Tickets: nothing is lost, nobody reads another's, two clerks never answer one, and who asks twice asks once."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.mailed_links import LINKS_AN_HOUR
from audit.models import Event
from files.quotas import visitor
from helpdesk import actions
from helpdesk.models import CannedAnswer, Ticket, TicketMessage, WritingLink
from notifications.models import Message
from tests.announcements.test_published_files import paper
from tests.announcements.test_views import queries_for

OWNER = "warga@contoh.id"
ASKER = visitor("10.0.0.1")
NEW = reverse("helpdesk:new")
QUEUE = reverse("helpdesk:queue")


def opened(**fields) -> Ticket:
    given = {"subject": "account", "title": "Surat ditolak", "text": "Mengapa?", "email": OWNER, "name": "Warga"}
    return actions.open_ticket(**given | {"by": None} | fields)


def last(ticket: Ticket) -> int:
    return ticket.messages.last().pk


def code_of(error) -> str:
    found = error.value
    return next(iter(found.error_dict.values()))[0].code if hasattr(found, "error_dict") else found.code


def test_a_visitor_confirms_the_address_asks_and_reads_the_answer(as_user, secretariat, settings):
    settings.HELPDESK_WHATSAPP = "+62 812"
    browser = as_user(None)
    assert browser.post(NEW, {"email": "bukan surel"}).status_code == 422
    assert browser.post(NEW, {"email": OWNER.upper()}).status_code == 200
    form = Message.objects.get(address=OWNER).link
    asked = {"name": "Warga", "subject": "account", "title": "Surat ditolak", "text": "Mengapa?"}
    refused = browser.post(form, asked | {"title": ""})
    assert refused.status_code == 422
    assert "Mengapa?" in refused.content.decode()
    answer = browser.post(form, asked | {"uploads": [paper()]})
    ticket = Ticket.objects.get()
    assert answer.url == ticket.tracking_url
    assert (ticket.email, ticket.user, ticket.state) == (OWNER, None, "waiting")
    clerk = as_user(secretariat)
    page = clerk.get(ticket.get_absolute_url())
    expected = page.context["forms"]["answer"]["expected"].value()
    assert clerk.post(ticket.get_absolute_url(), {"deed": "note", "text": "Rahasia kami."}).status_code == 302
    sent = {"deed": "answer", "text": "Karena belum ditandatangani.", "expected": expected}
    assert clerk.post(ticket.get_absolute_url(), sent).status_code == 302
    assert "belum ditandatangani" in Message.objects.get(kind="helpdesk/mail/answered", address=OWNER).body
    tracked = as_user(None).get(ticket.tracking_url)
    page = tracked.content.decode()
    assert "belum ditandatangani" in page
    assert "Rahasia kami." not in page
    assert "https://wa.me/62812?text=" in page
    assert tracked["Referrer-Policy"] == "no-referrer"
    assert "no-store" in tracked["Cache-Control"]
    file = ticket.messages.first().files.get()
    for where in (["track_file", ticket.token], ["file", ticket.code]):
        answer = clerk.get(reverse(f"helpdesk:{where[0]}", args=[where[1], file.code]))
        assert answer.getvalue().startswith(b"%PDF")
    assert as_user(None).post(ticket.tracking_url, {"deed": "close"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert as_user(None).post(ticket.tracking_url, {"text": "Satu lagi."}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at) == ("waiting", None)
    assert Message.objects.get(kind="helpdesk/mail/written").recipient == secretariat


def test_a_ticket_opened_with_an_account_is_its_owner_s_alone(as_user, innovator, outsider):
    ticket = opened(email=innovator.email, name=innovator.name, by=innovator)
    assert as_user(innovator).get(ticket.tracking_url).status_code == 200
    for other in (None, outsider):
        assert as_user(other).get(ticket.tracking_url).status_code == 404
        assert as_user(other).post(ticket.tracking_url, {"text": "x"}).status_code == 404
    assert ticket.title in as_user(innovator).get(reverse("helpdesk:mine")).content.decode()
    assert ticket.title not in as_user(outsider).get(reverse("helpdesk:mine")).content.decode()
    assert as_user(outsider).post(NEW, {"subject": "other", "title": "T", "text": "Apa?"}).status_code == 302
    assert Ticket.objects.get(user=outsider).email == outsider.email


def test_who_sends_twice_asks_once(secretariat, innovator):
    ticket = opened()
    assert opened(email=OWNER.upper()) == ticket
    assert actions.write(ticket, text="Lagi.", by=None) == actions.write(ticket, text="Lagi.", by=None)
    asked = last(ticket)
    answers = [actions.answer(ticket, text="Begini.", expected=asked, by=secretariat) for _twice in range(2)]
    assert answers[0] == answers[1]
    assert ticket.messages.count() == 3
    assert Message.objects.filter(kind="helpdesk/mail/answered").count() == 1
    assert Message.objects.filter(kind="helpdesk/mail/opened").count() == 1


def test_many_links_tickets_and_messages_are_refused(db):
    for attempt, most in (
        (lambda _number: actions.ask_link(email=OWNER, visitor=ASKER), LINKS_AN_HOUR),
        (lambda number: opened(title=f"Tiket {number}"), actions.TICKETS_A_DAY),
        (lambda number: actions.write(Ticket.objects.first(), text=f"{number}", by=None), actions.MESSAGES_A_DAY - 1),
    ):
        for number in range(most):
            attempt(number)
        with pytest.raises(ValidationError) as error:
            attempt(most)
        assert code_of(error) == "too_many"
    with pytest.raises(ValidationError) as error:
        opened(title="Banyak", uploads=[paper()] * 6)
    assert code_of(error) == "too_many_files"
    assert "10.0.0.1" not in WritingLink.objects.first().visitor


def test_a_link_ends(as_user, db):
    link = actions.ask_link(email=OWNER, visitor=ASKER)
    WritingLink.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert as_user(None).get(reverse("helpdesk:write", args=[link.token])).status_code == 410


def test_nothing_that_was_said_changes_or_goes(db):
    ticket = opened(uploads=[paper()])
    for change in (
        lambda: Ticket.objects.filter(pk=ticket.pk).delete(),
        lambda: Ticket.objects.filter(pk=ticket.pk).update(email="x@y.id"),
        lambda: TicketMessage.objects.update(text="x"),
        lambda: TicketMessage.objects.get().files.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_answer_to_what_was_not_read_is_refused_with_the_text_kept(as_user, secretariat):
    ticket = opened()
    read = last(ticket)
    actions.write(ticket, text="Sudah saya temukan.", by=None)
    clerk, sent = as_user(secretariat), {"deed": "answer", "text": "Begini caranya.", "expected": read}
    answer = clerk.post(ticket.get_absolute_url(), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Begini caranya." in page
    assert "Sudah saya temukan." in page
    again = sent | {"expected": answer.context["forms"]["answer"]["expected"].value()}
    assert clerk.post(ticket.get_absolute_url(), again).status_code == 302


def test_a_ticket_is_one_clerk_s_until_it_is_handed_over(secretariat, clerk, innovator):
    ticket = actions.take(opened(), by=secretariat)
    for attempt in (
        lambda: actions.take(ticket, by=clerk),
        lambda: actions.answer(ticket, text="x", expected=last(ticket), by=clerk),
    ):
        with pytest.raises(ValidationError) as error:
            attempt()
        assert code_of(error) == "taken"
    with pytest.raises(ValidationError) as error:
        actions.hand_over(ticket, handler=innovator, by=secretariat)
    assert code_of(error) == "not_secretariat"
    actions.hand_over(ticket, handler=clerk, by=secretariat)
    assert Message.objects.get(kind="helpdesk/mail/handed").recipient == clerk
    assert actions.answer(ticket, text="x", expected=last(ticket), closes=True, by=clerk)
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    verbs = list(Event.objects.filter(verb__startswith="helpdesk.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["helpdesk.open", "helpdesk.hand", "helpdesk.hand", "helpdesk.answer"]


def test_only_the_secretariat_does_its_deeds(agency_admin):
    ticket = opened()
    for attempt in (
        lambda: actions.take(ticket, by=agency_admin),
        lambda: actions.take_next(by=agency_admin),
        lambda: actions.note(ticket, text="x", by=agency_admin),
        lambda: actions.close(ticket, by=agency_admin),
        lambda: actions.hand_over(ticket, handler=None, by=agency_admin),
        lambda: actions.answer(ticket, text="x", expected=0, by=agency_admin),
        lambda: actions.save_canned(CannedAnswer(), by=agency_admin),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_the_queue_is_searched_and_asks_the_same_however_long(as_user, secretariat):
    opened()
    clerk = as_user(secretariat)
    few = queries_for(clerk, QUEUE)
    for number in range(5):
        opened(title=f"Tiket {number}", text=f"Isi {number}")
    assert queries_for(clerk, QUEUE) == few <= 15
    assert [each.title for each in clerk.get(QUEUE, {"q": "isi 3"}).context["page"]] == ["Tiket 3"]
    assert not clerk.get(QUEUE, {"state": "mine"}).context["page"].object_list
    first = Ticket.objects.earliest("waiting_since", "pk")
    assert clerk.post(reverse("helpdesk:next")).url == first.get_absolute_url()
    assert [each.pk for each in clerk.get(QUEUE, {"state": "mine"}).context["page"]] == [first.pk]
    thread = queries_for(clerk, first.get_absolute_url())
    for number in range(4):
        actions.write(first, text=f"Lagi {number}", by=None)
    assert queries_for(clerk, first.get_absolute_url()) == thread <= 15


def test_a_canned_answer_begins_the_answer(as_user, secretariat):
    clerk, ticket = as_user(secretariat), opened()
    form = {"subject": "account", "title": "Tanda tangan", "text": "Surat harus ditandatangani."}
    assert clerk.post(reverse("helpdesk:new_canned"), form | {"text": ""}).status_code == 422
    assert clerk.post(reverse("helpdesk:new_canned"), form).status_code == 302
    canned = CannedAnswer.objects.get()
    page = clerk.post(ticket.get_absolute_url(), {"deed": "begin", "canned": canned.code, "text": "Yth. Ibu,"})
    assert page.context["forms"]["answer"]["text"].value() == f"Yth. Ibu,\n\n{form['text']}"
    assert clerk.post(reverse("helpdesk:canned", args=[canned.code]), form | {"text": "Lain."}).status_code == 302
    assert clerk.post(ticket.get_absolute_url(), {"deed": "lompat"}).status_code == 403


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_clerks_at_once_take_each_ticket_once(secretariat, clerk):
    for number in range(6):
        opened(title=f"Tiket {number}")
    taken, start = [], threading.Barrier(4)

    def go(by):
        start.wait(30)
        try:
            while found := actions.take_next(by=by):
                taken.append(found.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(by,)) for by in (secretariat, clerk) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == len(set(taken)) == 6


def test_a_colleague_reads_why_there_is_no_form_for_an_answer(as_user, secretariat, clerk):
    ticket = actions.take(opened(), by=secretariat)
    pages = [as_user(person).get(ticket.get_absolute_url()).content.decode() for person in (secretariat, clerk)]
    words = f"{secretariat.name} menjawab tiket ini"
    assert [("answer-form" in page or 'name="deed" value="answer"' in page, words in page) for page in pages] == [
        (True, False), (False, True),
    ]  # fmt: skip
