from django.core.mail import EmailMultiAlternatives, send_mail

from notifications.delivery import deliver_due
from notifications.mail import Letter
from notifications.models import Message


def test_the_demo_keeps_other_peoples_mails_as_rows(db, settings):
    settings.EMAIL_BACKEND = "notifications.mail.OutboxBackend"
    mail = EmailMultiAlternatives("Konfirmasi\tsurel", "http://localhost/confirm/x", to=["a@example.go.id"])
    mail.attach_alternative("<p>x</p>", "text/html")
    assert mail.send() == 1
    send_mail("Dua", "Isi", None, ["b@example.go.id", "c@example.go.id"])
    assert list(Message.objects.order_by("address").values_list("address", "subject", "status")) == [
        ("a@example.go.id", "Konfirmasi surel", "sent"),
        ("b@example.go.id", "Dua", "sent"),
        ("c@example.go.id", "Dua", "sent"),
    ]


def test_the_demo_does_not_double_what_is_a_row_already(db, settings):
    settings.EMAIL_BACKEND = "notifications.mail.OutboxBackend"
    said = "**Isi** 2 ** 3."
    Message.objects.create(key="try", kind="try", address="a@example.go.id", subject="Halo", body=said)
    assert "Isi 2 ** 3." in Letter(Message.objects.get()).body  # plain text shows no marks of bold words
    assert deliver_due() == 1
    assert Message.objects.get().status == "sent"
