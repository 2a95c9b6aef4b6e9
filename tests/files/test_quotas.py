import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from files.models import Usage
from files.quotas import MB, Payer, charge, visitor
from files.storing import store
from tests.files import hostile


@pytest.fixture(autouse=True)
def limits(settings):
    settings.UPLOAD_MB_PER_DAY = {"user": 3, "proposal": 2, "agency": 4, "address": 1, "visitors": 2}


def refused(*payers: Payer, size: int) -> bool:
    try:
        charge(payers, size=size)
    except ValidationError as error:
        return error.code == "quota"
    return False


def test_a_day_has_its_limit_and_the_refused_counts_nothing(db):
    mine = Payer("proposal", "K-1")
    assert not refused(mine, size=2 * MB - 1)
    assert refused(mine, size=2)
    assert not refused(mine, size=1)
    assert refused(mine, size=1)
    assert not refused(Payer("proposal", "K-2"), size=1)


def test_whoever_is_full_stops_it_for_all_who_pay(db):
    charge([Payer("agency", "A")], size=4 * MB)
    assert refused(Payer("proposal", "K"), Payer("agency", "A"), size=1)
    assert not Usage.objects.filter(account="proposal:K", size__gt=0).exists()


def test_the_next_day_begins_anew(db):
    mine = Payer("proposal", "K")
    charge([mine], size=2 * MB)
    Usage.objects.update(day="2023-01-01")
    assert not refused(mine, size=2 * MB)


def test_visitors_are_limited_by_address_and_together_and_stay_unreadable(db):
    assert not refused(*visitor("10.0.0.1"), size=MB)
    assert refused(*visitor("10.0.0.1"), size=1)
    assert not refused(*visitor("10.0.0.2"), size=MB)
    assert refused(*visitor("10.0.0.3"), size=1)
    assert not Usage.objects.filter(account__contains="10.0.0").exists()


def test_refused_files_use_the_allowance_too(innovator):
    for _ in range(3):
        with pytest.raises(ValidationError, match="bukan jenis"):
            store(SimpleUploadedFile("a.pdf", bytes(MB)), kinds=["pdf"], by=innovator, max_mb=1)
    with pytest.raises(ValidationError) as refusal:
        store(SimpleUploadedFile("a.pdf", hostile.plain()), kinds=["pdf"], by=innovator, max_mb=1)
    assert refusal.value.code == "quota"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_the_limit():
    payers, taken = [Payer("proposal", "K"), Payer("agency", "A")], []

    def send() -> None:
        if not refused(*payers, size=MB // 2):
            taken.append(1)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 4
    assert Usage.objects.get(account="proposal:K").size == 2 * MB
