"""The supervising process: what dies comes back, and nothing stays behind."""

import signal
import subprocess
import sys

import psutil
import pytest

from sinovik.embedded.server import wait_until

PARTS = """
import os, sys
from sinovik.supervisor import Part, Supervisor
def part(name, code):
    return Part(name, [sys.executable, "-u", "-c", code])
steady = "import signal; print('here'); signal.pause()"
stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here'); signal.pause(); signal.pause()"
sick = "print('oh'); raise SystemExit(3)"
chosen = {"steady": steady, "stubborn": stubborn, "sick": sick}
import sinovik.supervisor
sinovik.supervisor.PATIENCE = 1.0
Supervisor(
    [part(name, chosen[name]) for name in sys.argv[1:]], env=dict(os.environ), tend=lambda: None, output=sys.stdout
).run(ready=lambda: "ready\\n")
"""


@pytest.fixture
def supervise():
    started = []

    def start(*names: str) -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, "-c", PARTS, *names], stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def said(process, words):
    return next(line for line in process.stdout if words in line)


def test_what_parts_say_carries_their_name(supervise):
    assert said(supervise("steady"), "here") == "steady | here\n"


def test_a_killed_part_starts_again(supervise):
    process = supervise("steady")
    said(process, "here")
    psutil.Process(process.pid).children()[0].kill()
    assert "ended with SIGKILL; starting again in 1 s" in said(process, "ended")
    assert said(process, "here")


def test_a_part_that_keeps_dying_is_tried_less_and_less_often(supervise):
    process = supervise("sick")
    assert "exit code 3; starting again in 1 s" in said(process, "ended")
    assert "exit code 3; starting again in 2 s" in said(process, "ended")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_everything(supervise, number):
    process = supervise("steady", "stubborn")
    for _ in range(2):
        said(process, "here")
    children = psutil.Process(process.pid).children()
    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest.splitlines()[-1].endswith("| stopped")
    assert not [child for child in children if child.is_running()]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_killed_it_takes_its_parts_along(supervise):
    process = supervise("steady")
    said(process, "here")
    children = psutil.Process(process.pid).children()
    process.kill()
    process.wait()
    assert wait_until(lambda: not any(alive(child) for child in children), timeout=10)


def alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
