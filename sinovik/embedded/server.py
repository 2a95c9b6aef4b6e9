"""One server shared by several processes: who starts it, who counts as its user, who stops it."""

import atexit
import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from sinovik.embedded import place

START_TIMEOUT = 60.0  # seconds; recovery after a crash may replay a lot
POLL = 0.02  # seconds between two looks at a condition


class Server:
    """A server living in one folder. Subclasses know how to look whether it lives, start it and stop it.

    Two lock files decide everything, and the kernel drops both when a process dies: `start.lock` is held
    while starting or stopping, `users.lock` is held shared by each process for as long as it uses the server.
    """

    name = ""

    def __init__(self, folder: Path) -> None:
        self.given = folder
        self.folder = folder
        self._mutex = threading.RLock()
        self._users: int | None = None  # file descriptor that holds our share of users.lock
        os.register_at_fork(after_in_child=self._forget)

    # --- what subclasses say ---
    def settle(self) -> Path:
        raise NotImplementedError

    def is_alive(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    # --- what callers use ---
    def ensure(self) -> None:
        """Make sure that the server runs and that this process counts among its users.

        Raises ServerError when it cannot run.
        """
        with self._mutex:
            try:
                self.folder = self.settle()
                with self._starting():
                    if self._users is None:
                        self._users = self._lock("users.lock", fcntl.LOCK_SH)
                        atexit.register(self._leave, os.getpid())
                    if not self.is_alive():
                        self.start()
            except OSError as error:
                self.leave()
                raise place.unusable(self.given, error) from error
            except BaseException:
                self.leave()
                raise

    def leave(self) -> None:
        """Stop using the server; the last user stops it."""
        with self._mutex:
            if self._users is None:
                return
            with self._starting():
                os.close(self._users)
                self._users = None
                with contextlib.suppress(BlockingIOError):
                    os.close(self._lock("users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB))
                    self.stop()

    def _leave(self, pid: int) -> None:
        if pid == os.getpid():
            with contextlib.suppress(OSError, place.ServerError):  # var/ removed under our feet
                self.leave()

    def _forget(self) -> None:
        """A forked child is a user of its own once it asks; the share it inherited belongs to its parent."""
        self._mutex = threading.RLock()
        if self._users is not None:
            os.close(self._users)
            self._users = None

    # --- locks and processes ---
    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        descriptor = self._lock("start.lock", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _lock(self, name: str, operation: int) -> int:
        descriptor = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, operation)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


def processes_in(folder: Path, program: str) -> list[psutil.Process]:
    """Living processes called `program` whose working folder is `folder`: pid files lie after a crash."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "status"]):
        info = process.info
        if info["status"] == psutil.STATUS_ZOMBIE or not (info["name"] or "").startswith(program):
            continue
        if info["cwd"] and Path(info["cwd"]) == folder:
            found.append(process)
    return found


def end_processes(processes: list[psutil.Process], patience: float) -> None:
    """Give `processes` `patience` seconds to end by themselves, then end them."""
    _, stubborn = psutil.wait_procs(processes, timeout=patience)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)


def wait_until(
    condition: Callable[[], bool], *, still_possible: Callable[[], bool] = lambda: True, timeout: float = START_TIMEOUT
) -> bool:
    """Look at `condition()` until it holds; give up after `timeout` seconds or when it became impossible."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if condition():
            return True
        if not still_possible():
            return condition()
        time.sleep(POLL)
    return False
