import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from notifications import delivery, tasks
from notifications.delivery import ATTEMPTS, claim_next, deliver_due
from notifications.mail import message_id
from notifications.models import Message

sent_in_the_race: list[str] = []


class BrokenFor(EmailBackend):
    """A mail server that refuses addresses beginning with "broken" and drops the conversation."""

    def send_messages(self, messages):
        if messages[0].to[0].startswith("broken"):
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return super().send_messages(messages)


class Unreachable(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("Connection refused")


class Counting(EmailBackend):
    def send_messages(self, messages):
        sent_in_the_race.extend(letter.extra_headers["Message-ID"] for letter in messages)
        return len(messages)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://portal.example.go.id"
    settings.HELPDESK_EMAIL = "bantuan@example.go.id"


def through(backend: type, settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"


def queued(address: str = "a@example.go.id", **fields) -> Message:
    number = Message.objects.count()
    return Message.objects.create(
        **{"key": f"try:{number}", "kind": "try", "address": address, "subject": "Halo", "body": "Isi.", **fields}
    )


def test_a_due_message_is_sent_once_and_marked(db, innovator):
    message = queued(recipient=innovator, link="/proposals/X/")
    assert deliver_due() == 1
    assert deliver_due() == 0
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("sent", 1, "")
    assert message.sent_at is not None
    (letter,) = mail.outbox
    assert letter.to == ["a@example.go.id"]
    assert letter.subject == "Halo"
    for part in ("Innovator", "Isi.", "https://portal.example.go.id/proposals/X/", "bantuan@example.go.id"):
        assert part in letter.body


def test_every_attempt_carries_the_same_message_id(db):
    message = queued()
    deliver_due()
    headers = mail.outbox[0].message()
    assert headers["Message-ID"] == message_id(message)
    assert headers["Message-ID"].endswith("@portal.example.go.id>")
    assert headers["Auto-Submitted"] == "auto-generated"
    assert message_id(queued()) != message_id(message)


def test_a_message_that_is_not_due_waits(db):
    queued(due_at=timezone.now() + timedelta(minutes=1))
    assert deliver_due() == 0
    assert not mail.outbox


def test_one_of_many_waits_for_what_was_told_to_a_few(db):
    yesterday = timezone.now() - timedelta(days=1)
    bulk = [queued(is_bulk=True, due_at=yesterday), queued(is_bulk=True)]
    receipts = [queued(), queued()]
    assert [claim_next() for _ in range(5)] == [*receipts, *bulk, None]


def test_one_broken_message_does_not_hold_up_the_others(db, settings):
    through(BrokenFor, settings)
    broken, fine = queued("broken@example.go.id"), queued("fine@example.go.id")
    assert deliver_due() == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.status, broken.attempts, fine.status) == ("queued", 1, "sent")
    assert "unexpectedly closed" in broken.error
    assert timedelta(seconds=50) < broken.due_at - timezone.now() <= timedelta(minutes=1)


@pytest.mark.parametrize(("attempts", "pause"), [(0, 1), (1, 2), (4, 16), (6, 64)])
def test_pauses_double(db, settings, attempts, pause):
    through(BrokenFor, settings)
    message = queued("broken@example.go.id", attempts=attempts)
    deliver_due()
    message.refresh_from_db()
    waits = (message.due_at - timezone.now()).total_seconds() / 60
    assert (message.status, round(waits)) == ("queued", pause)


def test_after_the_last_attempt_a_message_has_failed(db, settings):
    through(BrokenFor, settings)
    message = queued("broken@example.go.id", attempts=ATTEMPTS - 1)
    deliver_due()
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("failed", ATTEMPTS)
    assert not Message.objects.unsent().exists()


def test_an_unreachable_mail_server_costs_no_attempt(db, settings):
    through(Unreachable, settings)
    message = queued()
    assert deliver_due() == 0
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("queued", 0)


def test_a_dead_deliverers_claim_runs_out(db):
    message = queued()
    assert claim_next() == message
    assert claim_next() is None
    Message.objects.update(due_at=timezone.now())  # ten minutes later
    assert deliver_due() == 1
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("sent", 2)


def test_a_message_that_kills_its_deliverers_is_given_up(db):
    message = queued(status="sending", attempts=ATTEMPTS)
    assert deliver_due() == 0
    message.refresh_from_db()
    assert message.status == "failed"


def test_a_deliverer_that_lost_its_claim_does_not_mark(db):
    message = queued()
    slow = claim_next()
    Message.objects.update(due_at=timezone.now())
    claim_next()
    assert delivery._still_ours(slow).update(status="failed") == 0
    message.refresh_from_db()
    assert message.status == "sending"


def test_a_run_ends_when_its_time_is_up(db):
    queued()
    assert deliver_due(seconds=0) == 0
    tasks.deliver_due()
    assert len(mail.outbox) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_deliverers_at_once_send_each_message_once(settings):
    through(Counting, settings)
    sent_in_the_race.clear()
    expected = {message_id(queued(f"p{number}@example.go.id")) for number in range(40)}
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            deliver_due()
        except BaseException as failure:  # noqa: BLE001 - shown below
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(sent_in_the_race) == 40
    assert set(sent_in_the_race) == expected
    assert Message.objects.filter(status="sent", attempts=1).count() == 40
