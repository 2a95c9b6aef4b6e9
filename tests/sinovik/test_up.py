"""`manage.py up` runs the whole portal, heals it and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import psutil
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from sinovik.embedded.server import wait_until


def test_a_taken_port_is_said_with_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} .* make demo PORT={port + 1}"):
            call_command("up", "--probe", port=port)


def test_a_free_port_passes_the_probe():
    call_command("up", "--probe", port=free_port())


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_the_whole_portal_starts_heals_and_stops():
    port = free_port()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.worker_settings", "TEST_SINK_PORT": "1"}
    env["TEST_DATABASE"] = connection.settings_dict["NAME"]
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, cwd=settings.BASE_DIR)
    try:
        assert wait_until(lambda: answer(port) == 200)
        family = psutil.Process(process.pid).children(recursive=True)
        web = next(child for child in family if "gunicorn" in " ".join(child.cmdline()))
        os.killpg(web.pid, signal.SIGKILL)
        assert wait_until(lambda: answer(port) != 200)
        assert wait_until(lambda: answer(port) == 200)
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(timeout=30)
        assert not [child for child in family if child.is_running()]
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port: int) -> int | None:
    """The status of /readyz, or None while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as response:
            return response.status
    except OSError:
        return None
