"""One process that keeps several running: starts them, prefixes what they say, restarts what dies, leaves none."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

LONGEST_WAIT = 30.0  # seconds between two starts of a part that keeps dying
STEADY = 60.0  # seconds after which a part counts as well again
PATIENCE = 10.0  # seconds a part gets to finish what it is doing
LOOK = 0.2  # seconds between two looks at the parts

_PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """One program under supervision."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = 0.0  # when it starts again; 0 while it runs
    reader: threading.Thread | None = field(default=None, repr=False)


class Supervisor:
    """Runs `parts` until told to stop; `tend` is called every few seconds for what else must stay alive."""

    def __init__(self, parts: list[Part], *, env: dict[str, str], tend: Callable[[], None], output: IO[str]) -> None:
        self.parts, self.env, self.tend, self.output = parts, env, tend, output
        self.width = max(len(part.name) for part in parts)
        self._speaking = threading.Lock()
        self._stop = threading.Event()

    def run(self, *, ready: Callable[[], str | None]) -> None:
        """Blocks until SIGINT or SIGTERM. `ready()` is asked until it gives the text to greet with."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop.set())
        greeted, next_tending = False, 0.0
        try:
            for part in self.parts:
                self._start(part)
            while not self._stop.wait(LOOK):
                for part in self.parts:
                    self._watch(part)
                if not greeted and (text := ready()):
                    greeted = True
                    self._write(text)
                if time.monotonic() >= next_tending:
                    next_tending = time.monotonic() + 5
                    self._tend()
        finally:
            self._end()

    def say(self, name: str, text: str) -> None:
        self._write(f"{name:<{self.width}} | {text.rstrip()}\n")

    def _write(self, text: str) -> None:
        with self._speaking, contextlib.suppress(BrokenPipeError):
            self.output.write(text)
            self.output.flush()

    def _tend(self) -> None:
        try:
            self.tend()
        except Exception as error:  # noqa: BLE001 - a sick neighbour must not end the supervision
            self.say("up", str(error))

    def _start(self, part: Part) -> None:
        part.process = subprocess.Popen(  # noqa: S603 - our own programs
            part.command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip
        part.started, part.due = time.monotonic(), 0.0
        part.reader = threading.Thread(target=self._relay, args=(part, part.process.stdout), daemon=True)
        part.reader.start()

    def _relay(self, part: Part, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self.say(part.name, line)

    def _watch(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is None or part.due:
            if now >= part.due:
                self._start(part)
        elif (code := part.process.poll()) is not None:
            _signal_group(part.process, signal.SIGKILL)  # what it left behind
            part.failures = 1 if now - part.started > STEADY else part.failures + 1
            wait = min(2.0 ** (part.failures - 1), LONGEST_WAIT)
            part.due = now + wait
            self.say(part.name, f"ended with {_told(code)}; starting again in {wait:.0f} s")

    def _end(self) -> None:
        self.say("up", "stopping")
        running = [part.process for part in self.parts if part.process and part.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _signal_group(process, signal.SIGKILL)
        for part in self.parts:
            if part.reader:
                part.reader.join(1)
        self.say("up", "stopped")


def _signal_group(process: subprocess.Popen[str], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _told(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Runs in the child: when the supervisor is killed, the kernel asks its parts to end too."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
