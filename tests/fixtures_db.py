"""What the test database needs beyond pytest-django."""

import pgtrigger
import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from sinovik import translations


@pytest.fixture(scope="session", autouse=True)
def _compiled_messages(django_test_environment):
    """Pages are tested in Indonesian, so a forgotten `manage.py messages --compile` must not matter."""
    for app in translations.local_apps():
        translations.compile_catalogue(app)


@pytest.fixture(scope="session", autouse=True)
def _flush_append_only_tables():
    """After a transactional test Django empties every table; only there the append-only triggers stand aside."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_past_triggers(self: BaseDatabaseOperations, statements: list[str]) -> None:
        with pgtrigger.ignore():
            flush(self, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_past_triggers)
        yield


@pytest.fixture(scope="session", autouse=True)
def _files_of_tests(tmp_path_factory):
    """Uploads of tests stay out of var/."""
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        yield
