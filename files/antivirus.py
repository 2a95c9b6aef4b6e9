"""Asking a ClamAV daemon about a file: `CLAMAV_URL` is tcp://host:3310 or unix:///path/to/clamd.sock, or empty.

With the setting on, nothing is stored that was not scanned: a scanner that is away, slow or confused means that the
upload is refused for now. It is not stored "to be scanned later", because a proposal could then be sent whose
evidence is taken away afterwards; the browser keeps the file and tries again.
"""

import logging
import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_log = logging.getLogger(__name__)


class ScannerAway(Exception):
    """No verdict was given."""


def virus_in(path: Path) -> str:
    """The name of what was found in the file, or nothing. Raises ScannerAway."""
    if not settings.CLAMAV_URL:
        return ""
    try:
        said = _asked(path)
    except OSError as error:
        _log.error("The virus scanner at %s does not answer: %s", settings.CLAMAV_URL, error)
        raise ScannerAway from error
    if said.endswith("FOUND"):
        name = said.removeprefix("stream: ").removesuffix("FOUND").strip()
        _log.warning("The virus scanner refused an upload: %s", name)
        return name or "?"
    if said != "stream: OK":
        _log.error("The virus scanner at %s said: %s", settings.CLAMAV_URL, said)
        raise ScannerAway
    return ""


def _asked(path: Path) -> str:
    """One INSTREAM: chunks with their length before them, an empty one at the end, one answer ended by NUL."""
    with _connected() as connection, path.open("rb") as file:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(_CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := connection.recv(_CHUNK)):
            answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connected() -> socket.socket:
    where = urlsplit(settings.CLAMAV_URL)
    seconds = settings.CLAMAV_TIMEOUT
    if where.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        try:
            connection.connect(where.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((where.hostname or "localhost", where.port or 3310), timeout=seconds)
