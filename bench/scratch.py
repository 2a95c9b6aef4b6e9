"""A database of its own for a figure: found or started, filled by real actions, dropped afterwards."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager


def begin() -> None:
    """Settings for a bench from a fresh clone: a demonstration with a secret of its own, unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sinovik.settings")
    os.environ.setdefault("DEMO", "true")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(32))
    import django

    django.setup()


@contextmanager
def database() -> Iterator[None]:
    from sinovik.management.commands.rehearse import scratch_database, without_queue_warnings

    with without_queue_warnings(), scratch_database():
        yield
