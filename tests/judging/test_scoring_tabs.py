"""Two tabs save one sheet at the same moment: one is stored, the other learns of it, nothing is overwritten."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from judging.actions import Writer, save_assessment
from tests.judging.racing import at_once, refused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("final", [False, True])
def test_of_two_tabs_that_save_at_once_exactly_one_is_stored(sheet, final):
    def save(value: int) -> int:
        scores = {"kebaruan": Decimal(value), "dampak": Decimal(value)}
        writer = Writer(f"tab-{value}", 1)
        save_assessment(sheet, scores=scores, version=1, writer=writer, final=final, by=sheet.juror.user)
        return value

    found = at_once(lambda: save(10), lambda: save(90))
    stored = [each for each in found if not isinstance(each, ValidationError)]
    assert refused(found) == ["final" if final else "stale"]
    assert {int(score.value) for score in sheet.scores.all()} == set(stored)
    sheet.refresh_from_db()
    assert sheet.version == 2
    assert sheet.versions.count() == int(final)
