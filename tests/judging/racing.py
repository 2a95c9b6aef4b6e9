"""Deeds begun at the same moment, each with a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.core.exceptions import ValidationError
from django.db import connection


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Run the deeds in threads of their own; what each returned, or the ValidationError it was refused with."""
    found: list[object] = [None] * len(deeds)
    gate = Barrier(len(deeds))

    def run(place: int) -> None:
        try:
            gate.wait()
            found[place] = deeds[place]()
        except ValidationError as error:
            found[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def refused(found: list[object]) -> list[str]:
    """The codes of the refusals among what `at_once` found."""
    return [each.error_list[0].code for each in found if isinstance(each, ValidationError)]
