"""Every page of accounts for every role, and the deeds behind the forms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Agency, Invitation, Membership, Unit, User

ROLES = ["visitor", "innovator", "agency_admin", "other_admin", "secretariat"]
LOGIN, SEEN, NO, GONE, MOVED = "login", 200, 403, 404, 302

# address → the answer to a GET, for each of ROLES in order
PAGES = {
    "/register/": [SEEN] * 5,
    "/register/?q=contoh": [SEEN] * 5,
    "/register/?agency={agency.code}": [SEEN, SEEN, MOVED, SEEN, SEEN],  # its admin is led to the desk
    "/register/?agency=99.99": [GONE] * 5,
    "/register/sent/": [MOVED] * 5,  # nothing was sent
    "/agencies/search/?q=contoh": [SEEN] * 5,
    "/registrations/": [LOGIN, NO, NO, NO, SEEN],
    "/registrations/?state=decided": [LOGIN, NO, NO, NO, SEEN],
    "/registrations/{registration.code}/": [LOGIN, GONE, GONE, GONE, SEEN],
    "/registrations/{registration.code}/letter/": [LOGIN, GONE, GONE, GONE, SEEN],
    "/agency/": [LOGIN, NO, SEEN, SEEN, NO],
    "/agency/?agency={agency.code}": [LOGIN, NO, SEEN, GONE, NO],
    "/agency/{agency.code}/invite/": [LOGIN, GONE, SEEN, GONE, GONE],
    "/agency/{agency.code}/units/": [LOGIN, GONE, SEEN, GONE, GONE],
    "/agency/{agency.code}/admin/": [LOGIN, GONE, SEEN, GONE, GONE],
    "/units/{unit.code}/": [LOGIN, GONE, SEEN, GONE, GONE],
    "/members/{member.code}/end/": [LOGIN, GONE, SEEN, GONE, GONE],
    "/members/{admins.code}/end/": [LOGIN, GONE, GONE, GONE, GONE],  # handed over, never ended
    "/invitations/{invitation.token}/": [SEEN] * 5,
    "/invitations/falsch/": [GONE] * 5,
    "/profile/": [LOGIN, SEEN, SEEN, SEEN, SEEN],
}
# address → the answer to a POST that changes something (302: done)
DEEDS = {
    "/registrations/{registration.code}/approve/": [LOGIN, GONE, GONE, GONE, MOVED],
    "/registrations/{registration.code}/refuse/": [LOGIN, GONE, GONE, GONE, 422],
    "/agency/{agency.code}/invite/": [LOGIN, GONE, 422, GONE, GONE],
    "/agency/{agency.code}/units/": [LOGIN, GONE, 422, GONE, GONE],
    "/agency/{agency.code}/admin/": [LOGIN, GONE, 422, GONE, GONE],
    "/units/{unit.code}/": [LOGIN, GONE, 422, GONE, GONE],
    "/units/{unit.code}/close/": [LOGIN, GONE, MOVED, GONE, GONE],
    "/units/{unit.code}/reopen/": [LOGIN, GONE, MOVED, GONE, GONE],
    "/members/{member.code}/end/": [LOGIN, GONE, 422, GONE, GONE],
    "/invitations/{invitation.code}/resend/": [LOGIN, GONE, MOVED, GONE, GONE],
    "/invitations/{invitation.code}/revoke/": [LOGIN, GONE, MOVED, GONE, GONE],
    "/invitations/{invitation.token}/": [422, MOVED, 410, MOVED, MOVED],  # its admin has just revoked it
    "/profile/": [LOGIN, 422, 422, 422, 422],
}


@pytest.fixture
def scene(agency, unit, agency_admin, innovator, other_admin, secretariat, letter, invitation):
    registration = actions.register(
        agency, letter_number="065/1", letter=letter, email="siti@example.go.id", name="Siti Aminah"
    )
    return {
        "agency": agency,
        "unit": unit,
        "invitation": invitation,
        "registration": registration,
        "member": innovator.memberships.get(),
        "admins": agency_admin.memberships.get(),
    }


def answer(response) -> int | str:
    if response.streaming:
        response.getvalue()  # reads the file to its end, which closes it
    is_login = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    return LOGIN if is_login else response.status_code


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_what(request, scene, as_user, role):
    client = as_user(None if role == "visitor" else request.getfixturevalue(role))
    expected = {address: row[ROLES.index(role)] for address, row in PAGES.items()}
    assert {address: answer(client.get(address.format(**scene))) for address in PAGES} == expected


@pytest.mark.parametrize("role", ROLES)
def test_who_does_what(request, scene, as_user, role):
    client = as_user(None if role == "visitor" else request.getfixturevalue(role))
    expected = {address: row[ROLES.index(role)] for address, row in DEEDS.items()}
    assert {address: answer(client.post(address.format(**scene), {})) for address in DEEDS} == expected


def test_a_person_sees_their_own_registration(scene, as_user):
    client = as_user(scene["registration"].user)
    page = client.get(reverse("accounts:registration", args=[scene["registration"].code]))
    assert page.status_code == 200
    assert not page.context["decides"]
    letter = client.get(reverse("accounts:registration_letter", args=[scene["registration"].code]))
    assert letter["Content-Disposition"].startswith("attachment")
    assert letter.getvalue().startswith(b"%PDF")
    assert client.post(reverse("accounts:approve_registration", args=[scene["registration"].code])).status_code == 403


# --- query counts ---
def test_lists_ask_the_same_for_one_row_and_for_three(scene, as_user, secretariat, agency_admin, register_for):
    lists = {
        "/registrations/": as_user(secretariat),
        "/agency/": as_user(agency_admin),
        f"/agency/{scene['agency'].code}/units/": as_user(agency_admin),
        f"/agency/{scene['agency'].code}/admin/": as_user(agency_admin),
        "/agencies/search/?q=pemerintah": as_user(None),
    }

    def counts() -> dict[str, int]:
        found = {}
        for address, client in lists.items():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    before = counts()
    for number in range(2):
        other = Agency.objects.create(code=f"80.0{number}", name=f"Pemerintah {number}", slug=f"p{number}", type="city")
        register_for(other, f"p{number}@example.go.id")
        unit = actions.open_unit(scene["agency"], name=f"Unit {number}", by=agency_admin)
        actions.invite_innovator(scene["agency"], email=f"i{number}@example.go.id", unit=unit, by=agency_admin)
        person = User.objects.create_user(f"m{number}@example.go.id", name="M")
        actions.add_member(scene["agency"], user=person, role=Membership.Role.INNOVATOR, unit=unit, by=agency_admin)
        Membership.objects.create(user=person, agency=scene["agency"], role="admin", ended_at=timezone.now())
    assert counts() == before
    assert max(before.values()) <= 15


# --- the secretariat's deeds ---
def test_the_secretariat_approves_and_the_page_carries_whom_it_replaces(scene, as_user, secretariat, agency_admin):
    registration = scene["registration"]
    actions.confirm_email(registration.user)
    client = as_user(secretariat)
    page = client.get(reverse("accounts:registration", args=[registration.code])).content.decode()
    assert f'name="replacing" value="{scene["admins"].code}"' in page
    where = reverse("accounts:approve_registration", args=[registration.code])
    blind = client.post(where, {"replacing": ""}, follow=True)
    assert "Admin instansi telah berubah" in blind.content.decode()
    done = client.post(where, {"replacing": scene["admins"].code}, follow=True)
    assert done.redirect_chain[-1][0] == reverse("accounts:registrations")
    assert scene["agency"].admin == registration.user


def test_refusing_with_a_reason_from_the_list_and_own_words(scene, as_user, secretariat):
    registration = scene["registration"]
    where = reverse("accounts:refuse_registration", args=[registration.code])
    assert "Pilih atau tulis alasannya" in as_user(secretariat).post(where, {}).content.decode()
    as_user(secretariat).post(where, {"listed": "1", "note": "Mohon surat baru."})
    registration.refresh_from_db()
    assert registration.reason == "Surat penunjukan mencantumkan nama orang lain.\nMohon surat baru."


@pytest.mark.parametrize(("query", "found"), [("Siti", 1), ("contoh", 1), ("065/1", 1), ("tidak ada", 0), ("100%", 0)])
def test_searching_registrations(scene, as_user, secretariat, query, found):
    page = as_user(secretariat).get(reverse("accounts:registrations"), {"q": query})
    assert len(page.context["page"].object_list) == found


# --- the agency admin's deeds ---
def test_inviting_a_pasted_list(agency, unit, agency_admin, innovator, as_user):
    people = (
        "Budi, BUDI@example.go.id\nsiti@example.go.id\nYosef Wenda <yosef@example.go.id>\n\n"
        f"{innovator.email}\nbudi@example.go.id"
    )
    done = as_user(agency_admin).post(
        reverse("accounts:invite", args=[agency.code]), {"people": people, "unit": unit.pk}, follow=True
    )
    rows = Invitation.objects.order_by("email").values_list("email", "name", "unit")
    assert list(rows) == [
        ("budi@example.go.id", "Budi", unit.pk),
        ("siti@example.go.id", "", unit.pk),
        ("yosef@example.go.id", "Yosef Wenda", unit.pk),
    ]
    assert "sudah menjadi inovator" in done.content.decode()


def test_a_wrong_line_names_itself_and_invites_nobody(agency, agency_admin, as_user):
    where = reverse("accounts:invite", args=[agency.code])
    page = as_user(agency_admin).post(where, {"people": "Budi, budi@example.go.id\nSiti, siti(at)example"})
    assert page.status_code == 422
    assert "Baris 2" in page.content.decode()
    assert "Budi, budi@example.go.id" in page.content.decode()
    assert not Invitation.objects.exists()


def test_an_admin_of_enterprises_picks_the_agency(agency, agency_admin, as_user):
    enterprise = Agency.objects.create(code="BD9", name="Perumda Air", slug="perumda", type="roe", parent=agency)
    client = as_user(agency_admin)
    assert client.get("/agency/").context["agency"] == agency
    assert client.get("/agency/?agency=BD9").context["agency"] == enterprise
    client.post("/agency/BD9/units/", {"name": "Cabang Timur"})
    assert Unit.objects.get(name="Cabang Timur").agency == enterprise


def test_a_disabled_person_is_signed_out(agency, agency_admin, as_user):
    client = as_user(agency_admin)
    assert client.get("/agency/").status_code == 200
    User.objects.filter(pk=agency_admin.pk).update(is_active=False)
    assert answer(client.get("/agency/")) == LOGIN


def test_an_invited_person_finds_the_name_they_were_invited_by(client, invitation):
    page = client.get(reverse("accounts:invitation", args=[invitation.token]))
    assert page.context["form"]["name"].value() == invitation.name == "Budi"


def test_a_label_that_is_a_sentence_keeps_its_own_mark_in_the_summary(client, invitation):
    page = client.post(reverse("accounts:invitation", args=[invitation.token]), {"name": ""})
    assert page.status_code == 422
    words = page.content.decode()
    assert "kompetisi. Tanpa persetujuan" in words
    assert "Nama lengkap: Bidang" in words


def test_the_button_of_a_file_field_speaks_the_language_of_the_page(client, other_agency):
    page = client.get(reverse("accounts:register"), {"agency": other_agency.code}).content.decode()
    assert '<label class="btn btn-secondary" for="id_letter">Pilih berkas</label>' in page
