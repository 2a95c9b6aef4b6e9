"""Asking for certificates, printing them once, replacing and revoking them with a trace."""

import hashlib
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import DatabaseError

from audit.models import Event
from awards import actions
from awards import certificates as subjects
from awards.models import Certificate, Issue
from competitions.models import Round
from notifications.models import Message
from tests.awards.conftest import PRINTED, announced, fixed


def code_of(error) -> str:
    errors = error.value.error_dict.values() if hasattr(error.value, "error_dict") else [error.value.error_list]
    return next(iter(errors))[0].code


def test_each_innovation_agency_and_innovator_gets_one(certificates, agency, other_agency, mate, innovator, outsider):
    assert [(each.kind, each.name, each.serial) for each in Certificate.objects.all()] == [
        ("innovation", "Antar Obat", 1), ("innovation", "Sekolah Apung", 2),
        ("agency", agency.name, 3), ("agency", other_agency.name, 4),
        ("person", innovator.name, 5), ("person", mate.name, 6), ("person", outsider.name, 7),
    ]  # fmt: skip
    assert certificates[innovator.name].facts["leads"] is True
    assert certificates[mate.name].facts["leads"] is False
    assert certificates[agency.name].facts["titles"] == ["Antar Obat"]
    assert certificates["Antar Obat"].number == "PIAGAM-2023-00001"


def test_what_is_stored_is_what_its_digest_says(certificates):
    for each in certificates.values():
        with default_storage.open(each.file.path) as file:
            content = file.read()
        assert hashlib.sha256(content).hexdigest() == each.sha256
        assert content.startswith(b"%PDF")


def test_before_the_announcement_is_public_nothing_is_printed(winners, secretariat):
    announced(winners, days=1)
    with pytest.raises(ValidationError) as error:
        actions.ask_certificates(winners, **PRINTED, by=secretariat)
    assert code_of(error) == "not_public"


def test_a_list_without_an_award_gives_no_certificate(entered, secretariat):
    desk = fixed(Round.objects.get(key="desk"), entered, 2, secretariat)
    announced(desk)
    with pytest.raises(ValidationError) as error:
        actions.ask_certificates(desk, **PRINTED, by=secretariat)
    assert code_of(error) == "no_award"


def test_only_the_secretariat_prints(public, agency_admin):
    with pytest.raises(PermissionDenied):
        actions.ask_certificates(public, **PRINTED, by=agency_admin)


def test_asked_twice_nothing_is_printed_twice(certificates, public, secretariat):
    assert actions.print_waiting() == 0
    with pytest.raises(ValidationError) as error:
        actions.ask_certificates(public, **PRINTED, by=secretariat)
    assert code_of(error) == "nothing_left"


def test_some_kinds_first_and_the_others_later(public, secretariat):
    actions.ask_certificates(public, **PRINTED | {"kinds": ["agency"]}, by=secretariat)
    with pytest.raises(ValidationError):
        actions.ask_certificates(public, **PRINTED, by=secretariat)  # while the first are being printed
    assert actions.print_waiting() == 2
    assert actions.ask_certificates(public, **PRINTED, by=secretariat).total == 5
    assert actions.print_waiting() == 5


def test_printing_goes_on_where_a_worker_died(public, secretariat, monkeypatch):
    monkeypatch.setattr(actions, "PORTION", 2)
    issue = actions.ask_certificates(public, **PRINTED, by=secretariat)
    assert actions._print_portion(issue.pk, actions.certificate_printer()) == 2
    issue.refresh_from_db()
    assert (issue.state, issue.printed, issue.total) == ("waiting", 2, 7)
    assert actions.print_waiting() == 5
    issue.refresh_from_db()
    assert (issue.state, issue.printed, issue.total) == ("done", 7, 7)


def test_what_cannot_be_printed_is_given_up_after_some_tries(public, secretariat, monkeypatch, caplog):
    """A list that cannot be read stands for any failure."""
    issue = actions.ask_certificates(public, **PRINTED, by=secretariat)
    Issue.objects.update(kinds=5)
    for _sweep in range(actions.TRIES):
        assert actions.print_waiting() == 0
    issue.refresh_from_db()
    assert issue.state == "failed"
    assert "could not be printed" in caplog.text


def test_those_concerned_are_told_once(agency_admin, other_admin, certificates, innovator, outsider, mate):
    told = list(Message.objects.filter(kind="awards/mail/issued").values_list("recipient", flat=True))
    assert sorted(told) == sorted(each.pk for each in (agency_admin, other_admin, innovator, outsider, mate))
    assert Event.objects.get(verb="awards.issue_certificates").data["certificates"][0][0] == "PIAGAM-2023-00001"


def test_a_corrected_name_replaces_the_old_certificate_with_a_trace(certificates, innovator, secretariat):
    old = certificates[innovator.name]
    new = actions.replace_certificate(old, name="Dr. Inovator", reason="Gelar kurang.", by=secretariat)
    old.refresh_from_db()
    assert (old.state, old.because, old.replaced_by) == ("replaced", "Gelar kurang.", new)
    assert (new.state, new.name, new.replaces, new.serial) == ("valid", "Dr. Inovator", old, 8)
    assert new.sha256 != old.sha256
    event = Event.objects.get(verb="awards.replace_certificate")
    assert event.data == {
        "number": new.number, "sha256": new.sha256, "replaces": old.number, "reason": "Gelar kurang."
    }  # fmt: skip
    assert Message.objects.filter(kind="awards/mail/replaced", recipient=innovator).count() == 1
    with pytest.raises(ValidationError) as error:
        actions.replace_certificate(old, name="Lain", reason="x", by=secretariat)
    assert code_of(error) == "not_valid"


@pytest.mark.parametrize(("name", "reason", "code"), [("Antar Obat", "x", "same_name"), ("", "x", "no_name"),
                                                      ("Baru", " ", "no_reason")])  # fmt: skip
def test_a_replacement_needs_another_name_and_a_reason(certificates, secretariat, name, reason, code):
    with pytest.raises(ValidationError) as error:
        actions.replace_certificate(certificates["Antar Obat"], name=name, reason=reason, by=secretariat)
    assert code_of(error) == code


def test_a_revoked_one_stays_revoked_and_is_not_printed_again(certificates, public, secretariat):
    one = certificates["Antar Obat"]
    actions.revoke_certificate(one, reason="Data palsu.", by=secretariat)
    one.refresh_from_db()
    assert (one.state, one.because) == ("revoked", "Data palsu.")
    with pytest.raises(ValidationError) as error:
        actions.ask_certificates(public, **PRINTED, by=secretariat)
    assert code_of(error) == "nothing_left"


def test_a_corrected_list_names_whose_certificates_no_longer_hold(certificates, public, entered, secretariat):
    corrected = fixed(
        public.round, [entered[0], entered[2], entered[1]], 2, secretariat, version=2, supersedes=public, because="x"
    )
    announced(corrected, number="B/2")
    assert {each.name for each in subjects.no_longer_listed(corrected)} == {
        "Sekolah Apung", entered[1].agency.name, entered[1].lead.name,
    }  # fmt: skip
    with pytest.raises(ValidationError) as error:
        actions.ask_certificates(public, **PRINTED, by=secretariat)
    assert code_of(error) == "superseded"
    actions.ask_certificates(corrected, **PRINTED, by=secretariat)
    assert actions.print_waiting() == 2  # "Kalah" and its lead; the agency has one
    agency = certificates[entered[0].agency.name]
    again = actions.replace_certificate(agency, name=agency.name, reason="Daftar dikoreksi.", by=secretariat)
    assert again.facts["titles"] == ["Antar Obat", "Kalah"]


@pytest.mark.parametrize("change", [{"name": "Lain"}, {"sha256": "1" * 64}, {"number": "1"}])
def test_the_database_refuses_to_change_what_was_printed(certificates, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificates["Antar Obat"].pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificates["Antar Obat"].pk).delete()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_print_each_certificate_once(public, secretariat, monkeypatch):
    monkeypatch.setattr(actions, "PORTION", 2)
    actions.ask_certificates(public, **PRINTED, by=secretariat)
    printed = []

    def work():
        try:
            printed.append(actions.print_waiting())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while actions.print_waiting():  # where all met another's lock at the last portion, the next sweep goes on
        pass
    assert Certificate.objects.count() == 7
    assert Issue.objects.get().state == "done"
    assert Message.objects.filter(kind="awards/mail/issued").count() == 3
