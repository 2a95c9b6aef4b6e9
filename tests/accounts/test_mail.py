"""allauth's own mails go through the outbox, in our words."""

from django.urls import reverse

from notifications.models import Message


def only() -> Message:
    return Message.objects.get()


def test_a_forgotten_password(client, innovator):
    client.post(reverse("account_reset_password"), {"email": innovator.email})
    message = only()
    assert (message.recipient, message.subject) == (innovator, "Buat kata sandi baru")
    assert message.link.startswith("/accounts/password/reset/key/")


def test_a_forgotten_password_of_nobody(client, db):
    client.post(reverse("account_reset_password"), {"email": "tidak-ada@example.go.id"})
    message = only()
    assert (message.recipient, message.link) == (None, reverse("accounts:register"))


def test_a_changed_password_is_told(as_user, innovator):
    innovator.set_password("perahu-obat-malam-hari")
    innovator.save()
    client = as_user(innovator)
    fields = {
        "oldpassword": "perahu-obat-malam-hari",
        "password1": "surat-tugas-baru-88",
        "password2": "surat-tugas-baru-88",
    }
    client.post(reverse("account_change_password"), fields)
    innovator.refresh_from_db()
    assert innovator.check_password("surat-tugas-baru-88")
    assert only().kind == "accounts/mail/password_changed"


def test_an_unconfirmed_person_who_logs_in_gets_the_link_again(client, agency, register_for):
    user = register_for(agency, confirmed=False).user
    user.set_password("perahu-obat-malam-hari")
    user.save()
    Message.objects.all().delete()
    client.post(reverse("account_login"), {"login": user.email, "password": "perahu-obat-malam-hari"})
    assert [message.kind for message in Message.objects.all()] == ["accounts/mail/confirm_email"]


def test_nobody_signs_up_past_registration(client, db):
    page = client.post(reverse("account_signup"), {"email": "x@example.go.id", "password1": "perahu-obat-malam-hari"})
    assert page.status_code == 200
    assert not Message.objects.exists()
