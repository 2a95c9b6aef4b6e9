"""The page of registering says when the year's registration stage has ended."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
ENDED = "Masa pendaftaran tahun ini telah berakhir"


@pytest.mark.parametrize(("days", "said"), [(0, False), (-15, True), (-200, False)])
def test_only_while_the_year_goes_on_after_registration(client, year, move_calendar, days, said):
    move_calendar(days)
    assert (ENDED in client.get(reverse("accounts:register")).content.decode()) is said
