"""The way in, page by page, as a visitor without JavaScript goes it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Registration, User
from notifications.models import Message

FIELDS = {
    "name": "Siti Aminah",
    "position": "Kepala Bagian Organisasi",
    "email": "siti@example.go.id",
    "phone": "0812 3456 7890",
    "time_zone": "Asia/Makassar",
    "password": "puskesmas-di-ujung-pulau",
    "letter_number": "065/1",
    "consent": "on",
}


@pytest.fixture
def where(agency) -> str:
    return f"{reverse('accounts:register')}?agency={agency.code}"


def test_a_visitor_finds_their_agency_and_registers(agency, client, where, letter):
    found = client.get(reverse("accounts:register"), {"q": "contoh"}).content.decode()
    assert f'href="{where}"' in found
    page = client.get(where)
    assert page.context["form"]["time_zone"].value() == agency.time_zone
    sent = client.post(where, {**FIELDS, "letter": letter}, follow=True)
    assert sent.redirect_chain == [(reverse("accounts:registered"), 302)]
    assert "siti@example.go.id" in sent.content.decode()
    assert Registration.objects.get().user.check_password(FIELDS["password"])


def test_the_confirmation_link_opens_the_account(client, where, letter):
    client.post(where, {**FIELDS, "letter": letter})
    login = {"login": FIELDS["email"], "password": FIELDS["password"]}
    client.post(reverse("account_login"), login)
    assert "_auth_user_id" not in client.session
    link = Message.objects.filter(kind="accounts/mail/confirm_email").first().link
    assert client.get(link).status_code == 200
    client.post(link)
    client.post(reverse("account_login"), login)
    assert client.session["_auth_user_id"] == str(User.objects.get(email=FIELDS["email"]).pk)


def test_a_known_address_is_answered_like_a_new_one(innovator, client, where, letter, pdf_bytes):
    def answer(email: str) -> str:
        upload = SimpleUploadedFile("surat.pdf", pdf_bytes)
        page = client.post(where, {**FIELDS, "email": email, "letter": upload}, follow=True)
        return page.content.decode().replace(email, "…").partition("<main")[2].partition("</main>")[0]

    assert answer("baru@example.go.id") == answer(innovator.email)
    assert Registration.objects.count() == 1
    assert Message.objects.filter(kind="accounts/mail/account_exists").get().recipient == innovator


def test_a_wrong_file_keeps_what_was_typed(client, where):
    wrong = SimpleUploadedFile("surat.pdf", b"bukan pdf")
    page = client.post(where, {**FIELDS, "letter": wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert page.context["form"].errors.as_data()["letter"][0].code == "wrong_kind"
    assert "Siti Aminah" in text
    assert FIELDS["password"] not in text
    assert not User.objects.exists()


def test_a_received_letter_is_not_asked_for_again(client, where, letter):
    page = client.post(where, {**FIELDS, "phone": "?", "letter": letter})
    assert "surat tugas.pdf" in page.content.decode()
    client.post(where, FIELDS)
    assert Registration.objects.get().letter.name == "surat tugas.pdf"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("password", "pendek", "password"),
        ("password", "siti@example.go.id", "password"),
        ("consent", "", "consent"),
        ("phone", "nol delapan", "phone"),
        ("email", "siti@", "email"),
        ("time_zone", "Europe/Berlin", "time_zone"),
    ],
)
def test_what_is_not_good_input(client, where, letter, field, value, says):
    page = client.post(where, {**FIELDS, field: value, "letter": letter})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [says]


def test_a_signed_in_person_sends_only_the_letter(innovator, as_user, where, letter):
    client = as_user(innovator)
    assert list(client.get(where).context["form"].fields) == ["letter_number", "letter"]
    client.post(where, {"letter_number": "065/1", "letter": letter})
    assert Registration.objects.get().user == innovator
    again = client.post(where, {"letter_number": "065/2", "letter": SimpleUploadedFile("b.pdf", b"")})
    assert again.status_code == 422


def test_search_answers_htmx_with_the_list_alone(agency, client):
    page = client.get(reverse("accounts:agency_search"), {"q": "contoh"}, headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert agency.name in page.content.decode()
