"""A database of its own for a figure: found or started, filled by real actions, dropped afterwards."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def begin() -> None:
    """Settings for a bench from a fresh clone: a demonstration with a secret of its own, unless told otherwise.

    Pages name static files as they lie in the sources, since nobody has collected them; see `collected`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sinovik.settings")
    os.environ.setdefault("DEMO", "true")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(32))
    import django

    django.setup()
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@contextmanager
def collected() -> Iterator[None]:
    """Static files collected, named by their contents and compressed, as in production."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import override_settings

    named = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(STATIC_ROOT=folder, STORAGES={**settings.STORAGES, "staticfiles": named}),
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


@contextmanager
def database() -> Iterator[None]:
    from sinovik.management.commands.rehearse import scratch_database, without_queue_warnings

    with without_queue_warnings(), scratch_database():
        yield
