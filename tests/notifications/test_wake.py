"""The queue may be down or dead: telling people goes on and does not wait."""

import socket
import time

import pytest
from celery import current_app

from notifications.outbox import _enqueue


@pytest.fixture
def broker(monkeypatch):
    def at(port: int) -> None:
        monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
        monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")

    return at


def seconds_to_enqueue() -> float:
    started = time.monotonic()
    _enqueue()
    return time.monotonic() - started


def test_a_closed_port_costs_next_to_nothing(broker, caplog):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        broker(unused.getsockname()[1])
        assert seconds_to_enqueue() < 2
    assert "The queue is down" in caplog.text


def test_a_queue_that_never_answers_is_not_waited_for(broker, caplog):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        broker(silent.getsockname()[1])
        assert seconds_to_enqueue() < 4
    assert "The queue is down" in caplog.text
