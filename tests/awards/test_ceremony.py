"""The award day: the order of protocol, seats side by side, a spreadsheet that runs nothing."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from awards import actions
from awards.hall import row_name, seating
from awards.models import Call, Ceremony
from competitions import calendar
from competitions.models import Round
from tests.awards.conftest import announced, fixed

PARTIES, PER_ROW = st.lists(st.integers(1, 8), max_size=40), st.integers(2, 20)


def number_of(seat: str, per_row: int) -> int:
    letters = seat.rstrip("0123456789")
    row = next(number for number in range(2000) if row_name(number) == letters)
    return row * per_row + int(seat[len(letters) :]) - 1


@given(PARTIES, PER_ROW)
def test_nobody_shares_a_seat_and_no_party_that_fits_a_row_is_torn(parties, per_row):
    after = -1
    for size, seats in zip(parties, seating(parties, per_row), strict=True):
        first, last = number_of(seats.first, per_row), number_of(seats.last, per_row)
        assert first > after
        assert last - first + 1 == seats.count == size
        if size <= per_row:
            assert first // per_row == last // per_row
        after = last


def test_rows_are_named_like_columns_of_a_spreadsheet():
    assert [row_name(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def planned(lists, by) -> Ceremony:
    return actions.plan_ceremony(
        lists[0].round.group.competition, name="Malam Penghargaan", venue="Jakarta",
        starts_at=calendar.now() + timedelta(days=30), seats_per_row=4, lists=lists, by=by,
    )  # fmt: skip


@pytest.fixture
def finalists(entered, secretariat):
    found = fixed(Round.objects.get(key="panel"), entered, 3, secretariat)
    announced(found, number="B/9")
    return found


@pytest.fixture
def ceremony(public, finalists, secretariat) -> Ceremony:
    return planned([finalists, public], secretariat)


def titles(ceremony) -> list[str]:
    return list(ceremony.calls.values_list("proposal__title", flat=True))


def test_each_is_called_once_for_the_highest_honour_which_comes_last(ceremony):
    assert titles(ceremony) == ["Kalah", "Antar Obat", "Sekolah Apung"]  # a finalist, then a regency, then a city


def test_only_public_lists_are_called(winners, secretariat):
    with pytest.raises(ValidationError):
        planned([winners], secretariat)
    assert not Ceremony.objects.exists()


def test_a_call_moves_and_the_others_close_up(ceremony, secretariat):
    last = ceremony.calls.last()
    actions.settle_call(last, receiver="Wali Kota", office="Wali Kota", companions=2, place=1, by=secretariat)
    assert titles(ceremony) == ["Sekolah Apung", "Kalah", "Antar Obat"]
    assert list(ceremony.calls.values_list("place", flat=True)) == [1, 2, 3]
    actions.settle_call(last, receiver="", office="", companions=1, place=99, by=secretariat)
    assert titles(ceremony) == ["Kalah", "Antar Obat", "Sekolah Apung"]


def test_a_corrected_list_renews_the_calls_and_keeps_what_was_noted(ceremony, public, entered, secretariat):
    kept = ceremony.calls.get(proposal=entered[0])
    actions.settle_call(kept, receiver="Bupati", office="", companions=3, place=kept.place, by=secretariat)
    panel = Round.objects.get(key="panel").selections.get()
    fixed(panel.round, [entered[0], entered[2]], 2, secretariat, version=2, supersedes=panel, because="x")
    fixed(public.round, [entered[0]], 1, secretariat, version=2, supersedes=public, because="x")
    assert actions.renew_calls(ceremony, by=secretariat) == (0, 1)
    assert titles(ceremony) == ["Kalah", "Antar Obat"]
    assert Call.objects.get(pk=kept.pk).receiver == "Bupati"
    assert list(ceremony.calls.values_list("place", flat=True)) == [1, 2]


def test_the_spreadsheet_runs_nothing(as_user, ceremony, entered, secretariat):
    entered[0].title = '=HYPERLINK("x")'
    entered[0].save()
    first = ceremony.calls.first()
    actions.settle_call(first, receiver="@SUM(A1)", office="+1", companions=1, place=1, by=secretariat)
    got = as_user(secretariat).get(reverse("awards:spreadsheet", args=[ceremony.code]))
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(book.sheetnames) == 3
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    values = {cell.value for cell in cells}
    assert {'\'=HYPERLINK("x")', "'@SUM(A1)", "'+1", "A1–A2"} <= values


def test_the_secretariat_plans_from_the_page(as_user, public, winners, secretariat, agency_admin):
    client, address = as_user(secretariat), reverse("awards:new_ceremony", args=["2023"])
    assert client.post(address, {"name": "", "seats_per_row": 1}).status_code == 422
    fields = {"name": "Malam", "venue": "Jakarta", "starts_at": "2030-11-21T19:00", "seats_per_row": 10}
    assert client.post(address, fields | {"lists": [public.pk]}).status_code == 302
    one = Ceremony.objects.get()
    assert "Antar Obat" in client.get(one.get_absolute_url()).content.decode()
    call = reverse("awards:call", args=[one.calls.first().code])
    assert client.post(call, {"place": 0, "companions": 99}).status_code == 422
    assert client.post(call, {"place": 2, "companions": 3, "receiver": "Bupati"}).status_code == 302
    assert client.post(reverse("awards:renew", args=[one.code])).status_code == 302
    for closed in (address, one.get_absolute_url(), call, reverse("awards:spreadsheet", args=[one.code])):
        assert as_user(agency_admin).get(closed).status_code == 403


def test_an_unannounced_list_is_not_offered(as_user, winners, secretariat):
    announced(winners, days=1)
    page = as_user(secretariat).get(reverse("awards:new_ceremony", args=["2023"]))
    assert not page.context["form"].fields["lists"].queryset.exists()
