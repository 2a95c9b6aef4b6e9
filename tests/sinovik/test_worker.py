"""A real worker on a real queue, a real clock and a real mail server: every letter arrives, and arrives once."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.actions import invite_innovator
from notifications.models import Message
from sinovik import services
from sinovik.embedded import server, valkey

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


class Sink:
    """A mail server that keeps what it accepted; `close_gate` makes it hesitate at the last moment."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        self.asked = threading.Event()
        self.talking = 0
        self.gate = threading.Event()
        self.gate.set()

    async def handle_DATA(self, _server, _session, envelope):
        self.asked.set()
        self.talking += 1
        try:
            while not self.gate.is_set():
                await asyncio.sleep(0.02)
        finally:
            self.talking -= 1  # also when the other side is gone
        self.accepted += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def sink():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.port = port
    yield handler
    handler.gate.set()
    controller.stop()


@pytest.fixture
def queue(settings):
    """The embedded Valkey, empty."""
    services.ensure_queue()
    line = redis.Redis(unix_socket_path=str(valkey.socket_path(settings.QUEUE_FOLDER)))
    line.flushall()
    yield line
    line.close()


@pytest.fixture
def celery(sink, tmp_path):
    """Starts a worker or a beat; whatever still runs at the end is ended."""
    started = []

    def start(*arguments: str) -> subprocess.Popen:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
            "TEST_DATABASE": connection.settings_dict["NAME"],
            "TEST_SINK_PORT": str(sink.port),
        }
        log = (tmp_path / f"{arguments[0]}.log").open("ab")
        command = [sys.executable, "-m", "celery", "--app", "sinovik", *arguments]
        process = subprocess.Popen(
            command, env=env, cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        started.append(process)
        return process

    def worker() -> subprocess.Popen:
        return start("worker", "--concurrency", "1", "--without-gossip", "--without-mingle")

    def beat() -> subprocess.Popen:
        return start("beat", "--schedule", str(tmp_path / "beat"), "--pidfile", "")

    start.worker, start.beat = worker, beat
    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def arrived(sink, *addresses):
    return server.wait_until(lambda: set(addresses) <= set(sink.accepted), timeout=60)


def all_sent():
    return server.wait_until(lambda: not Message.objects.unsent().exists(), timeout=60)


def test_what_a_deed_tells_arrives(agency, agency_admin, queue, celery, sink):
    celery.worker()
    invite_innovator(agency, email="baru@example.go.id", name="Orang Baru", by=agency_admin)
    assert arrived(sink, "baru@example.go.id")
    assert all_sent()
    assert sink.accepted.count("baru@example.go.id") == 1


def test_a_worker_killed_in_the_middle_costs_nothing_and_doubles_nothing(agency, agency_admin, queue, celery, sink):
    sink.gate.clear()
    first = celery.worker()
    invite_innovator(agency, email="baru@example.go.id", name="Orang Baru", by=agency_admin)
    assert sink.asked.wait(60)
    kill(first)
    assert server.wait_until(lambda: sink.talking == 0)
    assert sink.accepted == []
    sink.gate.set()
    Message.objects.filter(status="sending").update(due_at=timezone.now())  # its claim runs out
    celery.worker()
    celery.beat()
    assert all_sent()
    assert sink.accepted.count("baru@example.go.id") == 1


def test_an_emptied_queue_loses_no_letter(agency, agency_admin, queue, celery, sink):
    invite_innovator(agency, email="baru@example.go.id", name="Orang Baru", by=agency_admin)
    assert queue.llen("celery") >= 1
    queue.flushall()
    celery.worker()
    celery.beat()
    assert arrived(sink, "baru@example.go.id")
    assert all_sent()
    assert sink.accepted.count("baru@example.go.id") == 1


def test_a_queue_that_is_down_delays_nobody(agency, agency_admin, celery, sink):
    valkey.at(settings.QUEUE_FOLDER).leave()
    before = timezone.now()
    invite_innovator(agency, email="baru@example.go.id", name="Orang Baru", by=agency_admin)
    assert (timezone.now() - before).total_seconds() < 2
    services.ensure_queue()
    celery.worker()
    celery.beat()
    assert arrived(sink, "baru@example.go.id")
