"""Who may have whose certificate, what anybody may check, and the secretariat's pages."""

import hashlib
import io
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from awards import actions
from awards.models import Certificate, Issue
from tests.awards.conftest import PRINTED, announced

VERIFY = "/certificates/verify/"


def content_of(certificate) -> bytes:
    with default_storage.open(certificate.file.path) as file:
        return file.read()


def answer(client, **fields) -> str:
    response = client.post(VERIFY, fields) if "file" in fields or "digest" in fields else client.get(VERIFY, fields)
    assert response.status_code == 200
    return response.context["found"].answer


def uploaded(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("piagam.pdf", content, "application/pdf")


@pytest.fixture
def visitor(as_user):
    return as_user(None)


# --- Verification ---------------------------------------------------------------------------------------------------


def test_each_file_verifies_and_one_changed_byte_does_not(certificates, visitor):
    for each in certificates.values():
        content = content_of(each)
        assert answer(visitor, file=uploaded(content)) == "genuine"
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        assert answer(visitor, file=uploaded(bytes(changed))) == "unknown"


def test_number_and_fingerprint_belong_together(certificates, visitor):
    one, other = certificates["Antar Obat"], certificates["Sekolah Apung"]
    spaced = f" {one.sha256[:32].upper()} {one.sha256[32:]} "
    assert answer(visitor, number=one.number.lower(), sha256=spaced) == "genuine"
    assert answer(visitor, number=one.number, sha256=other.sha256) == "changed"
    assert answer(visitor, number="PIAGAM-2023-99999", sha256="0" * 64) == "unknown"


def test_a_number_alone_says_what_is_public_and_whether_it_holds(certificates, visitor, secretariat):
    one = certificates["Antar Obat"]
    page = visitor.get(VERIFY, {"number": f" {one.number.lower()} "})
    for text in ("Piagam dengan nomor ini berlaku", one.number, one.name, one.facts["agency"], one.facts["award"]):
        assert text in page.content.decode()
    assert answer(visitor, number=one.number) == "valid"
    assert answer(visitor, number="PIAGAM-2023-99999") == "unknown"
    actions.replace_certificate(one, name="Antar Obat Cepat", reason="Judul.", by=secretariat)
    actions.revoke_certificate(certificates["Sekolah Apung"], reason="Data palsu.", by=secretariat)
    assert answer(visitor, number=one.number) == "replaced"
    assert answer(visitor, number=certificates["Sekolah Apung"].number) == "revoked"


def test_a_number_alone_opens_nobodys_name_and_nothing_that_leads_to_it(
    certificates, visitor, innovator, mate, secretariat
):
    one, other = certificates[innovator.name], certificates[mate.name]
    actions.replace_certificate(other, name="Nama Lain", reason="Ejaan nama.", by=secretariat)
    new = Certificate.objects.get(name="Nama Lain")
    secrets = {innovator.name, mate.name, "Nama Lain", "Ejaan nama.", other.code, new.code, other.sha256, new.sha256}
    for number in (one.number, other.number):
        for sha256 in ("", "0" * 64, "zz"):
            page = visitor.get(VERIFY, {"number": number, "sha256": sha256})
            assert not [each for each in secrets | {one.code, one.sha256} if each in page.content.decode()]
    assert page.status_code == 422


def test_the_browsers_own_fingerprint_is_enough(certificates, visitor):
    assert answer(visitor, digest=certificates["Antar Obat"].sha256) == "genuine"


@pytest.mark.parametrize("fields", [{}, {"digest": "kurang"}, {"digest": "", "file": SimpleUploadedFile("a.pdf", b"")}])
def test_nothing_to_check_is_said_in_words(visitor, db, fields):
    page = visitor.post(VERIFY, fields)
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()


def test_a_huge_file_is_not_read(visitor, db):
    page = visitor.post(VERIFY, {"file": uploaded(b"%PDF" + b"0" * 5 * 1024 * 1024)})
    assert page.status_code == 422


def test_a_replaced_one_says_by_which(certificates, visitor, secretariat):
    old = certificates["Antar Obat"]
    new = actions.replace_certificate(old, name="Antar Obat ke Pulau", reason="Judul kurang.", by=secretariat)
    page = visitor.post(VERIFY, {"file": uploaded(content_of(old))})
    assert page.context["found"].answer == "replaced"
    for text in (new.number, new.get_absolute_url(), "Judul kurang."):
        assert text in page.content.decode()
    assert answer(visitor, file=uploaded(content_of(new))) == "genuine"


def test_a_revoked_one_says_so(certificates, visitor, secretariat):
    one = certificates["Antar Obat"]
    actions.revoke_certificate(one, reason="Data palsu.", by=secretariat)
    assert answer(visitor, file=uploaded(content_of(one))) == "revoked"
    assert "Data palsu." in visitor.get(one.get_absolute_url()).content.decode()


def test_the_printed_code_leads_to_the_page_but_not_to_the_file(certificates, visitor):
    one = certificates["Antar Obat"]
    page = visitor.get(one.get_absolute_url())
    assert page["X-Robots-Tag"] == "noindex"
    for text in (one.number, one.name, one.sha256):
        assert text in page.content.decode()
    assert reverse("awards:file", args=[one.code]) not in page.content.decode()


def got_file(client, certificate) -> bytes:
    response = client.get(reverse("awards:file", args=[certificate.code]))
    return response.getvalue() if response.status_code == 200 else b""


# --- Whose ----------------------------------------------------------------------------------------------------------


def test_everybody_downloads_exactly_what_concerns_them(
    as_user, certificates, agency, innovator, mate, outsider, agency_admin, other_admin, secretariat, evaluator
):
    first = {"Antar Obat", agency.name, innovator.name, mate.name}
    allowed = {
        innovator: {"Antar Obat", innovator.name}, mate: {"Antar Obat", mate.name}, agency_admin: first,
        other_admin: set(certificates) - first, secretariat: set(certificates), evaluator: set(),
        outsider: {"Sekolah Apung", outsider.name},
    }  # fmt: skip
    for reader, names in allowed.items():
        client = as_user(reader)
        got = {name for name, each in certificates.items() if got_file(client, each)}
        assert got == names, reader
        listed = client.get(reverse("awards:own")).context["page"].object_list
        assert {each.name for each in listed} == (set() if reader == secretariat else names), reader


def test_a_downloaded_file_is_the_stored_one(as_user, certificates, innovator):
    one = certificates["Antar Obat"]
    got = as_user(innovator).get(reverse("awards:file", args=[one.code]))
    assert hashlib.sha256(got.getvalue()).hexdigest() == one.sha256


# --- The secretariat ------------------------------------------------------------------------------------------------


def test_the_secretariat_prints_from_the_page(as_user, public, secretariat):
    client, address = as_user(secretariat), reverse("awards:list", args=[public.code])
    assert client.get(reverse("awards:lists", args=["2023"])).status_code == 200
    assert client.post(address, {"kinds": ["agency"], "place": ""}).status_code == 422
    fields = PRINTED | {"day": "2023-11-21"}
    assert client.post(address, fields).status_code == 302
    assert "0 " in client.get(address).content.decode()
    assert client.post(address, fields).status_code == 422  # a second click
    assert Issue.objects.count() == 1
    actions.print_waiting()
    page = client.get(address, {"q": "apung", "kind": "innovation"})
    for deed in ("replace", "revoke"):
        assert reverse(f"awards:{deed}", args=[page.context["page"][0].code]) in page.content.decode()
    actions.revoke_certificate(page.context["page"][0], reason="x", by=secretariat)
    assert 'value="innovation" selected' in client.get(address, {"kind": "innovation"}).content.decode()
    assert [each.name for each in page.context["page"]] == ["Sekolah Apung"]


def test_an_unannounced_list_offers_nothing_to_print(as_user, winners, secretariat):
    announced(winners, days=1)
    page = as_user(secretariat).get(reverse("awards:list", args=[winners.code]))
    assert page.context["hindrance"]
    assert 'name="signer_name"' not in page.content.decode()


def test_the_zip_holds_every_valid_file(as_user, certificates, public, secretariat):
    actions.revoke_certificate(certificates["Sekolah Apung"], reason="x", by=secretariat)
    got = as_user(secretariat).get(reverse("awards:archive", args=[public.code]))
    with ZipFile(io.BytesIO(got.getvalue())) as archive:
        names = archive.namelist()
        found = {hashlib.sha256(archive.read(name)).hexdigest() for name in names}
    assert found == set(Certificate.objects.valid().values_list("sha256", flat=True))
    assert "inovasi/PIAGAM-2023-00001 Antar Obat.pdf" in names


def test_the_secretariat_corrects_and_revokes_from_the_pages(as_user, certificates, secretariat):
    client, one = as_user(secretariat), certificates["Antar Obat"]
    replace = reverse("awards:replace", args=[one.code])
    assert client.post(replace, {"name": one.name, "reason": "x"}).status_code == 422
    assert client.post(replace, {"name": "Antar Obat Cepat", "reason": "Judul."}).status_code == 302
    assert client.post(replace, {"name": "Lagi", "reason": "Judul."}).status_code == 422
    assert "Lagi" not in client.get(replace).content.decode()
    new = Certificate.objects.get(name="Antar Obat Cepat")
    assert client.post(reverse("awards:revoke", args=[new.code]), {"reason": ""}).status_code == 422
    assert client.post(reverse("awards:revoke", args=[new.code]), {"reason": "Keliru."}).status_code == 302


@pytest.mark.parametrize("name", ["lists", "list", "archive", "replace", "revoke"])
def test_nobody_else_enters_the_secretariats_pages(as_user, certificates, public, agency_admin, name):
    argument = {"lists": "2023", "list": public.code, "archive": public.code}.get(name, certificates["Antar Obat"].code)
    assert as_user(agency_admin).get(reverse(f"awards:{name}", args=[argument])).status_code == 403


@pytest.mark.parametrize("name", ["own", "list"])
def test_lists_ask_as_often_for_many_as_for_few(
    as_user, certificates, public, agency_admin, secretariat, name, django_assert_max_num_queries
):
    reader = agency_admin if name == "own" else secretariat
    address = reverse("awards:own") if name == "own" else reverse("awards:list", args=[public.code])
    with django_assert_max_num_queries(30) as few:
        as_user(reader).get(address)
    for number in range(3):
        actions.replace_certificate(
            Certificate.objects.valid().get(subject=certificates["Antar Obat"].subject), name=f"Lain {number}",
            reason="x", by=secretariat,
        )  # fmt: skip
    with django_assert_max_num_queries(len(few)):
        as_user(reader).get(address)
