"""Replications: who declares, who answers, what each side is told, and what everybody sees."""

import html
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency
from audit.models import Event
from catalogue import actions
from catalogue.lineage import DRAWN, Lineage
from catalogue.models import Innovation, Replication
from notifications.models import Message

TODAY = timezone.localdate()


@pytest.fixture
def declared(innovation, other_agency, agency_admin, other_admin) -> Replication:
    return actions.declare(innovation, agency=other_agency, kind="replicate", since=TODAY, by=other_admin)


def third(number: int = 1, **fields: object) -> Agency:
    facts = {"name": f"Kota {number}", "slug": f"kota-{number}", "type": "city", "province": "Bali"}
    return Agency.objects.create(code=f"9{number}.71", **{**facts, **fields})


def row(source: Innovation, agency: Agency, by, **fields: object) -> Replication:
    facts = {"kind": "replicate", "since": TODAY, "state": "confirmed", "declared_by": by}
    return Replication.objects.create(source=source, agency=agency, **{**facts, **fields})


def confirm(found: Replication, *, by) -> Replication:
    return actions.confirm(found, expected=Replication.objects.get(pk=found.pk).stamp, by=by)


def deny(found: Replication, reason: str, *, by) -> Replication:
    return actions.deny(found, reason=reason, expected=Replication.objects.get(pk=found.pk).stamp, by=by)


def letters(kind: str) -> list[str]:
    found = Message.objects.filter(kind=f"catalogue/mail/replication_{kind}")
    return sorted(found.values_list("address", flat=True))


def test_a_declaration_asks_the_source_and_is_recorded(declared, agency_admin):
    assert declared.state == "declared"
    assert letters("declared") == [agency_admin.email]
    assert Event.objects.filter(verb="catalogue.declare_replication").count() == 1


def test_where_nobody_acts_for_the_source_the_secretariat_is_asked_and_answers(
    innovation, other_agency, other_admin, secretariat
):
    found = actions.declare(innovation, agency=other_agency, kind="replicate", since=TODAY, by=other_admin)
    assert letters("declared") == [secretariat.email]
    assert confirm(found, by=secretariat).state == "confirmed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"since": TODAY + timedelta(days=1)}, "later"), ({"unit_name": ""}, "declared_already")],
)
def test_what_cannot_be_declared(declared, innovation, other_agency, other_admin, changes, code):
    given = {"agency": other_agency, "kind": "replicate", "since": TODAY, **changes}
    with pytest.raises(ValidationError) as refused:
        actions.declare(innovation, **given, by=other_admin)
    errors = refused.value.error_dict["since"] if code == "later" else refused.value.error_list
    assert [each.code for each in errors] == [code]


def test_an_agency_does_not_replicate_its_own(innovation, agency, agency_admin):
    with pytest.raises(ValidationError, match="sendiri"):
        actions.declare(innovation, agency=agency, kind="replicate", since=TODAY, by=agency_admin)


def test_another_unit_of_the_agency_may_replicate_it_too(declared, innovation, other_agency, other_admin):
    given = {"agency": other_agency, "kind": "adapt", "changes": "Perahu.", "since": TODAY, "unit_name": " RSUD  Lain "}
    assert actions.declare(innovation, **given, by=other_admin).unit_name == "RSUD Lain"


def test_only_the_agencys_admin_declares_and_only_the_source_answers(
    declared, innovation, other_agency, agency_admin, other_admin, outsider, secretariat
):
    for stranger in (agency_admin, outsider, secretariat):
        with pytest.raises(PermissionDenied):
            actions.declare(innovation, agency=other_agency, kind="replicate", since=TODAY, by=stranger)
    for stranger in (other_admin, outsider, secretariat):  # the source has an admin
        with pytest.raises(PermissionDenied):
            confirm(declared, by=stranger)
        with pytest.raises(PermissionDenied):
            deny(declared, "Tidak.", by=stranger)
    for stranger in (agency_admin, outsider, secretariat):
        with pytest.raises(PermissionDenied):
            actions.take_back(declared, by=stranger)


def test_the_source_answers_and_may_change_its_answer(declared, agency_admin, other_admin):
    assert confirm(declared, by=agency_admin).state == "confirmed"
    confirm(declared, by=agency_admin)
    assert letters("confirmed") == [other_admin.email]  # twice is once
    assert deny(declared, "Tidak kami kenal.", by=agency_admin).reason == "Tidak kami kenal."
    assert "Tidak kami kenal." in Message.objects.get(kind="catalogue/mail/replication_denied").body
    confirm(declared, by=agency_admin)
    assert len(letters("confirmed")) == 2
    assert Event.objects.filter(verb="catalogue.answer_replication").count() == 3


def test_a_denial_needs_a_reason(declared, agency_admin):
    with pytest.raises(ValidationError):
        deny(declared, " ", by=agency_admin)


def test_what_was_taken_back_stays_and_can_be_declared_anew(
    declared, innovation, other_agency, agency_admin, other_admin
):
    actions.take_back(declared, reason="Salah pilih.", by=other_admin)
    actions.take_back(declared, by=other_admin)
    assert letters("taken_back") == [agency_admin.email]
    with pytest.raises(ValidationError):
        confirm(declared, by=agency_admin)
    actions.declare(innovation, agency=other_agency, kind="replicate", since=TODAY, by=other_admin)
    assert Replication.objects.count() == 2


def test_a_denied_one_is_not_confirmed_beside_the_one_declared_anew(
    declared, innovation, other_agency, agency_admin, other_admin
):
    deny(declared, "Belum.", by=agency_admin)
    actions.declare(innovation, agency=other_agency, kind="replicate", since=TODAY, by=other_admin)
    with pytest.raises(ValidationError, match="baru"):
        confirm(declared, by=agency_admin)


@pytest.mark.parametrize(("days", "number"), [(6, 0), (8, 1), (22, 1), (60, 0)])
def test_the_source_is_reminded_once_after_one_week_and_after_three(declared, agency_admin, days, number):
    Replication.objects.update(declared_at=timezone.now() - timedelta(days=days))
    actions.remind_sources()
    actions.remind_sources()
    assert letters("remind") == [agency_admin.email] * number


def test_nobody_is_reminded_of_what_was_answered(declared, agency_admin):
    confirm(declared, by=agency_admin)
    Replication.objects.update(declared_at=timezone.now() - timedelta(days=8))
    assert actions.remind_sources() == 0


def test_replications_follow_joining_parting_and_renaming(declared, innovation, agency, agency_admin, secretariat):
    other = Innovation.objects.create(title="Antar Obat ke Pulau", agency=agency, agency_name=agency.name)
    joined = actions.merge(innovation, into=other, reason="Sama.", by=secretariat)
    assert Lineage(other).replications == [declared]
    assert confirm(declared, by=agency_admin).origin == other
    actions.rename(other, title="Obat Sampai", by=secretariat)
    assert Lineage(Innovation.objects.get(pk=other.pk)).drawn[0].head == "Obat Sampai"
    actions.undo_merge(joined, by=secretariat)
    assert Lineage(other).replications == []
    assert Lineage(Innovation.objects.get(pk=innovation.pk)).replications == [declared]


def test_a_lineage_goes_up_to_the_first_and_down_to_the_last(innovation, other_agency, other_admin):
    child = Innovation.objects.create(title="Antar Obat Kota", agency=other_agency, agency_name=other_agency.name)
    row(innovation, other_agency, other_admin, product=child)
    row(child, third(), other_admin, state="declared")
    row(innovation, third(2), other_admin, state="denied", reason="Tidak.")
    nodes = Lineage(child).drawn
    assert [(node.head, node.depth, node.is_here) for node in nodes] == [
        ("Antar Obat", 0, False), ("Antar Obat Kota", 1, True), ("Kota 1", 2, False),
    ]  # fmt: skip


def test_two_that_came_of_each_other_are_drawn_once(innovation, agency, other_agency, other_admin):
    child = Innovation.objects.create(title="Anak", agency=other_agency, agency_name=other_agency.name)
    row(innovation, other_agency, other_admin, product=child)
    row(child, agency, other_admin, product=innovation)
    assert len(Lineage(innovation).replications) == 2


def test_a_large_lineage_is_drawn_in_part_and_listed_whole(client, innovation, agency, other_admin):
    owner = third()
    for number in range(DRAWN + 5):
        row(innovation, owner, other_admin, unit_name=f"Unit {number}")
    lineage = Lineage(innovation)
    assert (len(lineage.drawn), lineage.left_out, len(lineage.replications)) == (DRAWN, 6, DRAWN + 5)
    assert next(tile for tile in lineage.tiles if tile.tile.name == "Bali").choice.count == DRAWN + 5
    assert f"Unit {DRAWN + 4}" in client.get(innovation.get_absolute_url()).content.decode()


def test_everybody_sees_what_is_in_force_and_its_state_but_no_evidence(client, declared, innovation):
    page = client.get(innovation.get_absolute_url()).content.decode()
    assert "Pemerintah Kota Lain" in page
    assert "Dinyatakan" in page
    assert 'role="img" aria-labelledby="lineage-title lineage-desc"' in page
    assert "Silsilah “Antar Obat”" in page
    assert declared.code not in page
    Replication.objects.update(state="denied", reason="Rahasia")
    page = client.get(innovation.get_absolute_url()).content.decode()
    assert "Tidak ada pernyataan replikasi yang berlaku" in page
    assert "Pemerintah Kota Lain" not in page
    assert "Rahasia" not in page


def test_an_innovations_page_needs_as_many_queries_for_three_as_for_one(client, innovation, other_admin):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(innovation.get_absolute_url()).status_code == 200
        return len(captured)

    row(innovation, third(1), other_admin)
    queries()
    one = queries()
    row(innovation, third(2), other_admin)
    row(innovation, third(3), other_admin, kind="adapt", changes="Perahu.")
    assert queries() == one <= 15


def test_the_list_needs_as_many_queries_for_three_as_for_one(as_user, innovation, secretariat, other_admin):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("catalogue:replications")).status_code == 200
        return len(captured)

    client = as_user(secretariat)
    row(innovation, third(1), other_admin)
    queries()
    one = queries()
    row(innovation, third(2), other_admin)
    row(innovation, third(3), other_admin)
    assert queries() == one <= 15


def test_declaring_and_answering_in_the_portal(as_user, innovation, agency_admin, other_admin):
    address = reverse("catalogue:replicate", args=[innovation.code])
    typed = {"kind": "adapt", "since": TODAY.isoformat(), "link": "https://kota.go.id/obat"}
    wrong = as_user(other_admin).post(address, typed)
    assert wrong.status_code == 422
    assert "Sebutkan apa yang diubah" in wrong.content.decode()
    evil = as_user(other_admin).post(address, {**typed, "kind": "replicate", "link": "javascript:alert(1)"})
    assert evil.status_code == 422
    picture = SimpleUploadedFile("surat.pdf", b"bukan PDF")
    assert as_user(other_admin).post(address, {**typed, "changes": "Perahu.", "evidence": picture}).status_code == 422
    done = as_user(other_admin).post(address, {**typed, "changes": "Perahu."})
    found = Replication.objects.get()
    assert done["Location"] == found.get_absolute_url()
    own = as_user(agency_admin)
    assert own.post(found.get_absolute_url(), {"deed": "deny"}).status_code == 422
    assert own.post(found.get_absolute_url(), {"deed": "take_back"}).status_code == 403
    read = {"expected": found.stamp}
    assert own.post(found.get_absolute_url(), {"deed": "confirm"} | read).status_code == 302
    page = own.get(found.get_absolute_url()).content.decode()
    assert "Terkonfirmasi" in page
    assert 'value="confirm"' not in page


def test_an_answer_from_a_page_of_before_another_answer_changes_nothing_unless_it_is_sent_again(
    as_user, declared, agency_admin
):
    own, address = as_user(agency_admin), declared.get_absolute_url()
    (link,) = re.findall(r'href="([^"]*deed=deny[^"]*)"', own.get(address).content.decode())
    asked = own.get(address + html.unescape(link))
    denial = {"deed": "deny", "reason": "Tidak kami kenal.", "expected": asked.context["form"]["expected"].value()}
    confirm(declared, by=agency_admin)
    refused = own.post(address, denial)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Sudah dijawab sementara itu: Terkonfirmasi" in page
    assert "Tidak kami kenal." in page
    assert Replication.objects.get().state == "confirmed"
    denial["expected"] = refused.context["form"]["expected"].value()
    assert own.post(address, denial).status_code == 302
    assert Replication.objects.get().state == "denied"


def test_what_is_denied_or_taken_back_is_asked_once_more(as_user, declared, agency_admin, other_admin):
    address = declared.get_absolute_url()
    for person, deed in ((agency_admin, "deny"), (other_admin, "take_back")):
        page = as_user(person).get(address).content.decode()
        assert f'href="?deed={deed}' in page
        assert f'value="{deed}"' not in page
        assert f'value="{deed}"' in as_user(person).get(address, {"deed": deed}).content.decode()
    assert 'value="deny"' not in as_user(other_admin).get(address, {"deed": "deny"}).content.decode()


def test_a_list_says_which_wait_for_its_reader(as_user, declared, agency_admin, other_admin, secretariat):
    said = {agency_admin: "Menunggu Anda", other_admin: "Dinyatakan</span>", secretariat: "Dinyatakan</span>"}
    for reader, words in said.items():
        for address in (reverse("catalogue:replications"), declared.get_absolute_url()):
            page = as_user(reader).get(address).content.decode()
            assert words in page, (reader, address)
            assert ("Menunggu Anda" in page) == (reader == agency_admin)


def test_strangers_find_no_replication(as_user, declared, outsider, innovator, client):
    for stranger in (outsider, innovator):
        assert as_user(stranger).get(declared.get_absolute_url()).status_code == 404
    assert client.get(declared.get_absolute_url()).status_code == 302


def test_an_import_whose_innovation_is_replicated_is_not_taken_back(declared, innovation):
    from catalogue.importing import touched
    from catalogue.models import Import

    found = Import(written={"innovations": [innovation.pk], "awards": []})
    assert touched(found) == ["Antar Obat"]


def test_a_proposal_is_first_offered_what_its_agency_replicates_with_the_sources_word(as_user, draft, innovation):
    by, other = draft.lead, actions.record_award(
        title="Zona Sehat", agency=None, agency_name="Lama", year=2019, tier="winner", label="Top 45"
    ).innovation  # fmt: skip
    row(other, draft.agency, by)
    row(innovation, draft.agency, by, state="declared")
    page = as_user(by).get(reverse("proposals:innovation", args=[draft.code, "source_innovation"]))
    assert [each.title for each in page.context["page"]] == ["Zona Sehat", "Antar Obat"]
    assert page.content.decode().count("Instansi Anda mereplikasinya") == 1
