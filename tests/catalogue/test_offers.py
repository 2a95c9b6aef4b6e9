"""Ready to be replicated: who offers, who asks and writes, what each side is told, and what everybody sees."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency
from audit.models import Event
from catalogue import actions
from catalogue.actions.requesting import MESSAGES_A_DAY, REQUESTS_A_DAY
from catalogue.models import Innovation, Offer, ReplicationRequest, RequestMessage
from notifications.models import Message
from tests.files.hostile import plain

CONTACT = {"name": "Dinas Kesehatan", "email": "", "phone": "0967 1234"}
TEXTS = {"documents": "SOP dan kode sumber.", "assistance": "Kunjungan belajar.", "costs": "Tanpa biaya."}
TYPED = {**TEXTS, **CONTACT}


@pytest.fixture
def offer(innovation, agency_admin) -> Offer:
    return actions.offer(innovation, **TEXTS, contact=CONTACT, by=agency_admin)


@pytest.fixture
def asked(offer, innovation, other_agency, other_admin) -> ReplicationRequest:
    return actions.ask_source(innovation, agency=other_agency, text="Mohon SOP.", by=other_admin)


def letters(kind: str) -> list[str]:
    found = Message.objects.filter(kind=f"catalogue/mail/request_{kind}")
    return sorted(found.values_list("address", flat=True))


def another(agency: Agency, number: int = 1) -> Innovation:
    title = f"Zona Sehat {number}"
    return actions.record_award(title=title, agency=agency, year=2020, tier="finalist", label="Top 99").innovation


def page_of(client, innovation: Innovation) -> str:
    return client.get(innovation.get_absolute_url()).content.decode()


def taken(client, address: str) -> int:
    """The status of a download, read to its end."""
    response = client.get(address)
    b"".join(response)
    return response.status_code


def test_everybody_reads_what_the_source_offers_but_not_who_is_asked(client, offer, innovation):
    page = page_of(client, innovation)
    assert "Siap direplikasi" in page
    assert "SOP dan kode sumber." in page
    assert "0967 1234" not in page
    assert Event.objects.filter(verb="catalogue.offer").count() == 1


def test_the_catalogue_counts_and_narrows_by_what_is_ready(client, offer, innovation, agency):
    another(agency)
    whole = client.get(reverse("catalogue:list"))
    (facet,) = [each for each in whole.context["found"].facets if each.name == "offer"]
    assert [(each.value, each.count) for each in facet.choices] == [("ready", 1)]
    narrowed = client.get(reverse("catalogue:list"), {"offer": "ready"})
    assert [each.title for each in narrowed.context["page"]] == [innovation.title]
    assert whole.content.decode().count("badge-info") == 1


def test_only_the_sources_admin_offers(innovation, other_admin, secretariat, outsider):
    for stranger in (other_admin, secretariat, outsider):
        with pytest.raises(PermissionDenied):
            actions.offer(innovation, **TEXTS, contact=CONTACT, by=stranger)
        with pytest.raises(PermissionDenied):
            actions.withdraw_offer(innovation, by=stranger)


def test_an_offer_is_changed_in_place_with_its_files(as_user, client, innovation, agency_admin):
    form, own = reverse("catalogue:offer", args=[innovation.code]), as_user(agency_admin)
    assert own.post(form, {**TYPED, "phone": ""}).status_code == 422  # nobody to ask
    refused = own.post(form, {**TYPED, "uploads": [SimpleUploadedFile("sop.pdf", b"bukan PDF")]})
    assert refused.status_code == 422
    assert Offer.objects.count() == 0
    assert own.post(form, {**TYPED, "uploads": [SimpleUploadedFile("sop.pdf", plain())]}).status_code == 302
    (attached,) = Offer.objects.get().files.all()
    address = reverse("catalogue:offer_file", args=[attached.code])
    assert taken(client, address) == 200
    assert own.post(form, {**TYPED, "costs": "Bahan saja.", "taken_away": [attached.code]}).status_code == 302
    assert "Bahan saja." in page_of(client, innovation)
    assert taken(client, address) == 404
    assert Offer.objects.count() == 1


def test_the_same_file_is_attached_once_and_the_record_names_what_came_and_went(innovation, agency_admin):
    def offered(**changes: object) -> Offer:
        return actions.offer(innovation, **TEXTS, contact=CONTACT, by=agency_admin, **changes)

    for _press in range(2):
        again = [SimpleUploadedFile(name, plain()) for name in ("sop.pdf", "salinan.pdf")]
        attached = offered(uploads=again).files.get()
    offered(taken_away=[attached.code])
    recorded = Event.objects.filter(verb="catalogue.offer").order_by("pk").values_list("data", flat=True)
    digest = attached.file.sha256
    assert [(each["files"], each["taken_away"]) for each in recorded] == [([digest], []), ([], []), ([], [digest])]


def test_files_of_a_withdrawn_offer_are_no_longer_given(client, offer, innovation, agency_admin):
    changed = actions.offer(
        innovation, **TEXTS, contact=CONTACT, uploads=[SimpleUploadedFile("sop.pdf", plain())], by=agency_admin
    )
    address = reverse("catalogue:offer_file", args=[changed.files.get().code])
    assert taken(client, address) == 200
    actions.withdraw_offer(innovation, by=agency_admin)
    assert taken(client, address) == 404


def test_a_request_reaches_the_source_and_the_answer_the_asker(asked, agency_admin, other_admin):
    assert letters("asked") == [agency_admin.email]
    actions.write(asked, text="Ini SOP-nya.", by=agency_admin)
    actions.write(asked, text="Ini SOP-nya.", by=agency_admin)  # twice is once
    assert letters("answered") == [other_admin.email]
    asked.refresh_from_db()
    assert asked.state == "answered"
    actions.write(asked, text="Terima kasih; dan biayanya?", by=other_admin)
    asked.refresh_from_db()
    assert asked.state == "waiting"
    actions.close(asked, expected=asked.stamp, by=other_admin)
    actions.close(asked, expected="", by=agency_admin)  # is closed already
    assert letters("closed") == [agency_admin.email]
    with pytest.raises(ValidationError, match="ditutup"):
        actions.write(asked, text="Masih?", by=agency_admin)


def test_where_nobody_acts_for_the_source_the_secretariat_learns_of_it_and_writes_nothing(
    offer, innovation, agency_admin, other_agency, other_admin, secretariat
):
    agency_admin.memberships.update(ended_at=offer.offered_at)
    found = actions.ask_source(innovation, agency=other_agency, text="Mohon SOP.", by=other_admin)
    assert letters("asked") == [secretariat.email]
    with pytest.raises(PermissionDenied):
        actions.write(found, text="Kami jawab.", by=secretariat)


def test_asking_again_goes_into_the_open_request(asked, innovation, other_agency, other_admin):
    for text in ("Mohon SOP.", "Dan biayanya?"):
        assert actions.ask_source(innovation, agency=other_agency, text=text, by=other_admin) == asked
    assert [each.text for each in asked.messages.all()] == ["Mohon SOP.", "Dan biayanya?"]


def test_an_offer_is_withdrawn_on_a_page_that_asks_once_more(as_user, offer, innovation, agency_admin):
    own, address = as_user(agency_admin), reverse("catalogue:withdraw_offer", args=[innovation.code])
    page = own.get(reverse("catalogue:offer", args=[innovation.code])).content.decode()
    assert f'href="{address}"' in page
    assert f'action="{address}"' not in page
    assert own.get(address).status_code == 200
    assert Offer.objects.in_force().exists()
    assert own.post(address).status_code == 302
    assert not Offer.objects.in_force().exists()


def test_both_sides_attach_files_that_only_they_and_the_secretariat_take(
    as_user, asked, agency_admin, other_admin, secretariat, outsider
):
    for person, text in ((other_admin, "Surat kami terlampir."), (agency_admin, "SOP terlampir.")):
        for _press in range(2):
            said = {"deed": "write", "text": text, "uploads": SimpleUploadedFile("sop.pdf", plain())}
            assert as_user(person).post(asked.get_absolute_url(), said).status_code == 302
    (_first, asking, answering) = asked.messages.all()
    address = reverse("catalogue:request_file", args=[answering.files.get().code])
    assert asking.files.count() == 1
    assert address in as_user(other_admin).get(asked.get_absolute_url()).content.decode()
    people = (other_admin, agency_admin, secretariat, outsider)
    assert [taken(as_user(each), address) for each in people] == [200, 200, 200, 404]
    more = {"deed": "write", "text": "SOP terlampir.", "uploads": SimpleUploadedFile("sop.pdf", plain(2))}
    as_user(agency_admin).post(asked.get_absolute_url(), more)  # the same words with another file
    assert asked.messages.count() == 4


def test_withdrawing_keeps_the_requests_and_ends_new_ones(asked, innovation, agency_admin, other_agency, other_admin):
    actions.withdraw_offer(innovation, by=agency_admin)
    actions.withdraw_offer(innovation, by=agency_admin)
    assert Event.objects.filter(verb="catalogue.withdraw_offer").count() == 1
    actions.write(asked, text="Ini SOP-nya.", by=agency_admin)
    actions.close(asked, expected=asked.stamp, by=agency_admin)
    with pytest.raises(ValidationError) as refused:
        actions.ask_source(innovation, agency=other_agency, text="Lagi.", by=other_admin)
    assert [each.code for each in refused.value.error_list] == ["not_offered"]


def test_an_agency_asks_a_few_sources_a_day_and_writes_a_few_messages(
    offer, agency, agency_admin, other_agency, other_admin
):
    for number in range(REQUESTS_A_DAY + 1):
        source = another(agency, number)
        actions.offer(source, **TEXTS, contact=CONTACT, by=agency_admin)
        if number < REQUESTS_A_DAY:
            found = actions.ask_source(source, agency=other_agency, text="Mohon SOP.", by=other_admin)
    with pytest.raises(ValidationError) as refused:
        actions.ask_source(source, agency=other_agency, text="Mohon SOP.", by=other_admin)
    assert refused.value.error_list[0].code == "too_many"
    for number in range(MESSAGES_A_DAY - 1):
        actions.write(found, text=f"Pesan {number}", by=other_admin)
    with pytest.raises(ValidationError, match="banyak"):
        actions.write(found, text="Satu lagi", by=other_admin)
    actions.write(found, text="Sabar.", by=agency_admin)  # the other side has its own limit


def test_only_the_two_agencies_and_the_secretariat_find_a_request(
    as_user, asked, agency_admin, other_admin, secretariat, outsider, innovator, evaluator
):
    address = asked.get_absolute_url()
    for reader in (agency_admin, other_admin, secretariat):
        assert "Mohon SOP." in as_user(reader).get(address).content.decode()
    for stranger in (outsider, innovator, evaluator):
        assert as_user(stranger).get(address).status_code == 404
    assert as_user(secretariat).post(address, {"deed": "write", "text": "Halo"}).status_code == 403
    assert as_user(agency_admin).post(address, {"deed": "write", "text": " "}).status_code == 422
    assert as_user(agency_admin).post(address, {"deed": "write", "text": "Ini."}).status_code == 302
    closing = {"deed": "close", "expected": asked.stamp}
    actions.write(asked, text="Dan satu lagi.", by=agency_admin)
    unread = as_user(other_admin).post(address, closing)
    assert unread.status_code == 422  # more was said than was read
    assert "Dan satu lagi." in unread.content.decode()
    read = as_user(other_admin).get(address, {"deed": "close"}).context["form"]["expected"].value()
    assert as_user(other_admin).post(address, closing | {"expected": read}).status_code == 302
    late = as_user(agency_admin).post(address, {"deed": "write", "text": "Terlambat"})
    assert late.status_code == 422
    assert "sudah ditutup" in late.content.decode()
    assert "Terlambat" in late.content.decode()


def test_asking_in_the_portal(as_user, offer, innovation, agency_admin, other_admin):
    address = reverse("catalogue:ask", args=[innovation.code])
    assert as_user(agency_admin).get(address).status_code == 403
    asker = as_user(other_admin)
    assert asker.post(address, {"text": ""}).status_code == 422
    sent = asker.post(address, {"text": "Mohon SOP."})
    assert sent["Location"] == ReplicationRequest.objects.get().get_absolute_url()
    assert "permintaan yang masih terbuka" in asker.get(address).content.decode()


def test_what_was_said_is_neither_changed_nor_deleted(asked):
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        RequestMessage.objects.update(text="Lain")
    with pytest.raises(DatabaseError, match="or delete"), transaction.atomic():
        RequestMessage.objects.all().delete()


def test_offers_and_requests_follow_joining_and_parting(
    client, asked, offer, innovation, agency, agency_admin, other_agency, other_admin, secretariat
):
    kept = another(agency)
    joined = actions.merge(innovation, into=kept, reason="Sama.", by=secretariat)
    assert "SOP dan kode sumber." in page_of(client, kept)
    ready = client.get(reverse("catalogue:list"), {"offer": "ready"})
    assert [each.title for each in ready.context["page"]] == [kept.title]
    assert actions.ask_source(kept, agency=other_agency, text="Dan biayanya?", by=other_admin) == asked
    assert actions.write(asked, text="Ini.", by=agency_admin).request.origin == kept
    actions.undo_merge(joined, by=secretariat)
    assert "SOP dan kode sumber." not in page_of(client, kept)
    assert "SOP dan kode sumber." in page_of(client, innovation)


def test_the_list_needs_as_many_queries_for_three_as_for_one(
    as_user, innovation, agency, agency_admin, other_agency, secretariat
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("catalogue:requests")).status_code == 200
        return len(captured)

    client = as_user(secretariat)
    ReplicationRequest.objects.create(source=innovation, agency=other_agency)
    queries()
    one = queries()
    for number in (1, 2):
        ReplicationRequest.objects.create(source=another(agency, number), agency=other_agency)
    assert queries() == one <= 15


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_agency_that_asks_eight_times_at_once_has_one_request(offer, innovation, other_agency, other_admin):
    def ask(number: int) -> None:
        try:
            actions.ask_source(innovation, agency=other_agency, text=f"Pesan {number}", by=other_admin)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert ReplicationRequest.objects.get().messages.count() == 8
