"""Two tabs save one sheet at the same moment: one is stored, the other learns of it, nothing is overwritten."""

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from judging.actions import Writer, save_assessment

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("final", [False, True])
def test_of_two_tabs_that_save_at_once_exactly_one_is_stored(sheet, final):
    start, stored, refused = Barrier(2), list[int](), list[str]()

    def save(value: int) -> None:
        try:
            start.wait()
            scores = {"kebaruan": Decimal(value), "dampak": Decimal(value)}
            save_assessment(
                sheet, scores=scores, version=1, writer=Writer(f"tab-{value}", 1), final=final, by=sheet.juror.user
            )
            stored.append(value)
        except ValidationError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=save, args=(value,)) for value in (10, 90)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["final" if final else "stale"]
    assert {int(score.value) for score in sheet.scores.all()} == set(stored)
    sheet.refresh_from_db()
    assert sheet.version == 2
    assert sheet.versions.count() == int(final)
