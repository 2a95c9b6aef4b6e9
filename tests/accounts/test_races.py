"""Two people at once. Each thread has its own connection; the locks decide."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import actions
from accounts.models import Invitation, Membership, User

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*deeds) -> list[str]:
    """Runs the deeds together; for each, "ok" or the code of its refusal, sorted."""
    gate, answers = threading.Barrier(len(deeds)), []

    def run(deed) -> None:
        try:
            gate.wait()
            deed()
            answers.append("ok")
        except ValidationError as error:
            answers.append(error.error_list[0].code or "constraint")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_two_clerks_approve_one_registration(agency, registration, secretariat, clerk):
    answers = at_once(
        lambda: actions.approve(registration, by=secretariat, replacing=None),
        lambda: actions.approve(registration, by=clerk, replacing=None),
    )
    assert answers == ["already_decided", "ok"]
    assert Membership.objects.current().admins().filter(agency=agency).count() == 1


def test_two_clerks_approve_two_people_for_one_agency(agency, registration, register_for, secretariat, clerk):
    rival = register_for(agency, "saingan@example.go.id")
    answers = at_once(
        lambda: actions.approve(registration, by=secretariat, replacing=None),
        lambda: actions.approve(rival, by=clerk, replacing=None),
    )
    assert answers == ["admin_changed", "ok"]
    assert Membership.objects.admins().filter(agency=agency).count() == 1


def test_one_approves_while_the_other_refuses(agency, registration, secretariat, clerk):
    answers = at_once(
        lambda: actions.approve(registration, by=secretariat),
        lambda: actions.refuse(registration, reason="Tidak sesuai.", by=clerk),
    )
    assert answers == ["already_decided", "ok"]


def test_one_invitation_accepted_twice(agency, invitation):
    answers = at_once(*[lambda: actions.accept_invitation(invitation, name="Budi")] * 2)
    assert answers == ["invitation_accepted", "ok"]
    assert User.objects.filter(email="budi@example.go.id").count() == 1


def test_one_address_invited_twice(agency, agency_admin):
    answers = at_once(*[lambda: actions.invite_innovator(agency, email="budi@example.go.id", by=agency_admin)] * 2)
    assert answers == ["ok", "ok"]
    assert Invitation.objects.count() == 1


def test_one_address_registers_twice(agency, stored_letter):
    def register() -> None:
        actions.register(agency, letter_number="1", letter=stored_letter, email="siti@example.go.id", name="Siti")

    assert at_once(register, register) == ["ok", "ok"]
    assert agency.registrations.count() == 1
