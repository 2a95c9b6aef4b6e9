"""The browser of the browser tests: the machine's own Chromium, speaking Indonesian."""

import os

import pytest

from tests import chromium


def pytest_collection_modifyitems(items):
    """Browser tests may wait longer, and without a browser they are skipped where everybody sees it."""
    wanted = [item for item in items if item.get_closest_marker("browser")]
    if wanted and not chromium.find():
        if chromium.required():
            pytest.exit(chromium.MISSING, returncode=1)
        for item in wanted:
            item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 else ["--disable-dev-shm-usage"]
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "id-ID", "timezone_id": "Asia/Jakarta"}
