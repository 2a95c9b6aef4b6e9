import pytest
from django.urls import reverse

from notifications.models import Message

INBOX = "/inbox/"


@pytest.fixture
def told(db):
    def tell(to, times: int = 1, **fields) -> list[Message]:
        return [
            Message.objects.create(
                **{
                    "key": f"try:{Message.objects.count()}",
                    "kind": "try",
                    "recipient": to,
                    "address": to.email,
                    "subject": "Usulan dikembalikan",
                    "body": "Baca <b>catatan</b>: https://example.go.id/x",
                    **fields,
                }
            )
            for _ in range(times)
        ]

    return tell


def test_the_inbox_shows_my_messages_only(as_user, told, innovator, outsider):
    told(innovator, subject="Untuk saya")
    told(outsider, subject="Rahasia orang lain")
    page = as_user(innovator).get(INBOX).content.decode()
    assert "Untuk saya" in page
    assert "Rahasia orang lain" not in page


def test_anothers_message_does_not_exist(as_user, told, innovator, outsider):
    (message,) = told(outsider)
    assert as_user(innovator).get(f"/inbox/{message.pk}/").status_code == 404


def test_the_inbox_needs_a_login(as_user, db):
    assert as_user(None).get(INBOX).url.startswith(reverse("account_login"))


def test_opening_a_message_reads_it(as_user, told, innovator):
    (message,) = told(innovator, link="/proposals/X/")
    page = as_user(innovator).get(f"/inbox/{message.pk}/").content.decode()
    message.refresh_from_db()
    assert message.read_at is not None
    assert "&lt;b&gt;catatan&lt;/b&gt;" in page
    assert 'href="https://example.go.id/x"' in page
    assert 'href="/proposals/X/"' in page


def test_all_can_be_marked_as_read(as_user, told, innovator, outsider):
    told(innovator, 3)
    told(outsider)
    client = as_user(innovator)
    assert client.post(INBOX).url == INBOX
    assert not Message.objects.unread_for(innovator).exists()
    assert Message.objects.unread_for(outsider).count() == 1


def test_unread_can_be_shown_alone(as_user, told, innovator):
    told(innovator, subject="Sudah dibaca")
    as_user(innovator).post(INBOX)
    told(innovator, subject="Masih baru")
    page = as_user(innovator).get(INBOX, {"show": "unread"}).content.decode()
    assert "Masih baru" in page
    assert "Sudah dibaca" not in page


@pytest.mark.parametrize("address", [INBOX, "/inbox/?show=unread", "/mailbox/"])
def test_one_message_costs_as_many_queries_as_three(
    as_user, told, innovator, settings, django_assert_num_queries, django_assert_max_num_queries, address
):
    settings.DEMO = True
    client = as_user(innovator)
    told(innovator)
    client.get(address)
    with django_assert_max_num_queries(15) as first:
        client.get(address)
    told(innovator, 2)
    with django_assert_num_queries(len(first)):
        client.get(address)


def test_the_demo_shows_every_mail_to_everybody(as_user, told, settings, innovator):
    settings.DEMO = True
    told(innovator)
    Message.objects.create(
        key="x",
        kind="x",
        address="new@example.go.id",
        subject="Undangan",
        body="Buka http://localhost:8000/invitations/T/",
    )
    page = as_user(None).get("/mailbox/").content.decode()
    assert "Usulan dikembalikan" in page
    assert 'href="http://localhost:8000/invitations/T/"' in page
    filtered = as_user(None).get("/mailbox/", {"to": "NEW@"}).content.decode()
    assert "Undangan" in filtered
    assert "Usulan dikembalikan" not in filtered


def test_a_real_portal_has_no_mailbox(as_user, settings, secretariat):
    settings.DEMO = False
    assert as_user(None).get("/mailbox/").status_code == 404
    assert as_user(secretariat).get("/mailbox/").status_code == 404
