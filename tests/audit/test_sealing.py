import threading
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from audit import merkle, sealing, tasks
from audit.models import Event, Seal
from audit.recording import record
from audit.sealing import event_leaf, seal_new, unsealed
from audit.verification import check_receipt, first_fault, proof_of


def happen(agency, times: int = 1, **data) -> list[Event]:
    before = set(Event.objects.values_list("id", flat=True))
    for number in range(times):
        record("accounts.try", by=None, on=agency, data={"number": number, **data})
    return list(Event.objects.exclude(id__in=before))


def forge(table: str, change: str, row: int) -> None:
    """What the tables' owner could do who switches their triggers off."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [row])  # noqa: S608
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_the_record(agency, table, deed):
    happen(agency)
    seal_new()
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(InternalError, match=r"Cannot (update|delete|truncate)"), transaction.atomic():
        connection.cursor().execute(deed.format(table))
    assert Event.objects.count() == Seal.objects.count() == 1


def test_an_event_says_who_did_what_to_what(agency, secretariat):
    record("accounts.approve", by=secretariat, on=agency, data={"at": agency.pk})
    event = Event.objects.get()
    assert (event.actor, event.verb, event.object_type, event.object_key) == (
        secretariat,
        "accounts.approve",
        "accounts.agency",
        "76.01",
    )


def test_a_seal_takes_what_is_new_and_chains_to_the_one_before(agency):
    assert seal_new() is None
    first_events, first = happen(agency, 3), seal_new()
    second_events, second = happen(agency, 2), seal_new()
    assert seal_new() is None
    assert first.event_ids == [e.id for e in first_events]
    assert second.event_ids == [e.id for e in second_events]
    assert (first.previous, second.previous) == (None, first)
    assert first_fault() is None


def test_an_event_committed_late_is_sealed_later(agency):
    early, late = happen(agency, 2)
    with pgtrigger.ignore("audit.Event:append_only"):
        Event.objects.filter(pk=early.pk).delete()  # not yet visible to the sealer
    assert seal_new().event_ids == [late.id]
    early.save(force_insert=True)
    assert seal_new().event_ids == [early.id]
    assert first_fault() is None


def test_a_seal_has_a_largest_size(agency, monkeypatch):
    monkeypatch.setattr("audit.sealing.BATCH", 2)
    happen(agency, 3)
    assert [len(seal_new().event_ids), len(seal_new().event_ids)] == [2, 1]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("data = '{\"number\": 99}'", "was changed"),
        ("at = at + interval '1 microsecond'", "was changed"),
        ("verb = 'accounts.other'", "was changed"),
        ("id = id + 1000", "is missing"),
    ],
)
def test_a_changed_event_is_named(agency, change, what):
    events = happen(agency, 5)
    seal_new()
    forge("audit_event", change, events[3].id)
    fault = first_fault()
    assert (fault.event, fault.what) == (events[3].id, what)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("at = at + interval '1 second'", "its time or the root before it was changed"),
        ("root = repeat('0', 64)", "its root does not match its leaves"),
        ("event_ids = event_ids - 0", "has not one leaf for each event"),
        ("previous_id = id", "does not follow the seal before it"),
    ],
)
def test_a_changed_seal_is_named(agency, change, what):
    happen(agency, 2)
    seal_new()
    happen(agency, 2)
    forge("audit_seal", change, seal_new().id)
    assert first_fault().what == what


def test_changing_an_old_seal_and_all_its_leaves_still_breaks_the_next_one(agency):
    first_event, first = *happen(agency), seal_new()
    happen(agency)
    second = seal_new()
    forge("audit_event", "verb = 'accounts.other'", first_event.id)
    first_event.refresh_from_db()
    leaves = [first.leaves[0], event_leaf(first_event).hex()]
    new_root = merkle.root([bytes.fromhex(leaf) for leaf in leaves]).hex()
    forge("audit_seal", f"leaves = '[\"{leaves[0]}\", \"{leaves[1]}\"]', root = '{new_root}'", first.id)
    assert first_fault().seal == second.id


def test_proof_of_an_event_holds_until_it_is_changed(agency):
    events = happen(agency, 7)
    assert proof_of(events[0]) is None
    seal_new()
    assert all(proof_of(event).holds() for event in events)
    events[2].verb = "accounts.other"
    assert not proof_of(events[2]).holds()


def test_a_receipt_is_found_by_number_and_digest_together(agency):
    record("proposals.send", by=None, on=agency, data={"number": "KIPP-1", "sha256": "ab" * 32, "extra": 1})

    def answer(**asked):
        given = {"verb": "proposals.send", "ended_by": (), "number": "KIPP-1", "sha256": "ab" * 32}
        return check_receipt(**given | asked).answer

    assert answer() == "valid"
    assert answer(sha256="cd" * 32) == "differs"
    assert answer(number="KIPP-2") == answer(verb="proposals.draft") == "unknown"


def verify(**options) -> str:
    said = StringIO()
    call_command("verify_audit", stdout=said, **options)
    return said.getvalue()


def test_the_command_answers_in_words(agency):
    assert "Nothing is sealed yet; 0 events wait." in verify()
    events = happen(agency, 4)
    tasks.seal()
    happen(agency)
    root = Seal.objects.get().root
    assert "4 events in 1 seals, 1 waiting" in verify(root=root.upper())
    with pytest.raises(CommandError, match="no seal with the root"):
        verify(root="00" * 32)
    forge("audit_event", "verb = 'x'", events[1].id)
    with pytest.raises(CommandError, match=rf"seal \d+, event {events[1].id}: was changed"):
        verify()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_seal_each_event_once_in_one_chain(agency):
    start = threading.Barrier(6)
    failures: list[BaseException] = []

    def run(deed) -> None:
        try:
            start.wait()
            for _ in range(8):
                deed()
        except BaseException as failure:  # noqa: BLE001 - shown below
            failures.append(failure)
        finally:
            connection.close()

    deeds = [seal_new] * 4 + [lambda: happen(agency, 3)] * 2
    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_new()
    sealed = [number for seal in Seal.objects.all() for number in seal.event_ids]
    assert not failures
    assert len(sealed) == len(set(sealed)) == Event.objects.count() == 48
    assert not unsealed().exists()
    assert first_fault() is None


def test_a_deed_of_a_long_transaction_raises_no_alarm(db, agency):
    """Its number is old when it is sealed, among newer ones."""
    for each in range(6):
        record("a.b", by=None, on=agency, data={"count": each})
    late, *others = Event.objects.order_by("pk").values_list("pk", flat=True)
    for batch in ([others[0]], [others[1]], [others[2]], [others[3]], [late, others[4]]):
        Seal.objects.create(previous=Seal.objects.order_by("id").last(), event_ids=batch, leaves=[], root=str(batch))
    assert (sealing.state().waiting, unsealed().count()) == (0, 0)


def test_the_state_is_read_from_the_last_seals_alone_and_says_the_same(db, agency, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 1)
    for each in range(6):
        record("a.b", by=None, on=agency, data={"count": each})
    counts = []
    for _each in range(6):
        sealing.seal_new()
        counts.append((sealing.state().waiting, sealing.unsealed().count()))
    assert counts == [(each, each) for each in range(5, -1, -1)]
