"""Where an embedded server may live: whose user runs it, which folder holds it, where its socket fits."""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 103  # bytes: Linux takes 107, macOS 103
ROOM_NEEDED = 300 * 1024 * 1024  # bytes: a new cluster with its write-ahead log
ROOM_TO_RUN = 20 * 1024 * 1024  # bytes: with less, a server that fails has failed for that
SYSTEM_USERS = ("sinovik", "nobody", "daemon")  # who runs PostgreSQL when we are root: the first that exists


class ServerError(RuntimeError):
    """An embedded server cannot run; the text is one line that says why and what to do."""


@dataclass(frozen=True)
class Runner:
    """The system user a server runs as; `None` means the user we are."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_walk_to(self, path: Path) -> bool:
        """Whether this user may enter every folder on the way to `path`."""
        return self.uid is None or all(self._may(parent, stat.S_IXUSR) for parent in path.resolve().parents)

    def can_execute(self, path: Path) -> bool:
        return self.can_walk_to(path) and (self.uid is None or self._may(path, stat.S_IRUSR | stat.S_IXUSR))

    def _may(self, path: Path, wanted: int) -> bool:
        found = path.stat()
        shift = 0 if found.st_uid == self.uid else 3 if found.st_gid == self.gid else 6
        return found.st_mode & (wanted >> shift) == wanted >> shift


def runner(data: Path) -> Runner:
    """PostgreSQL refuses to run as root: then it runs as the owner of `data`, or as an unprivileged system user."""
    if os.geteuid() != 0:
        return Runner()
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Runner(owner.st_uid, owner.st_gid)
    for name in SYSTEM_USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(user.pw_uid, user.pw_gid)
    raise ServerError(
        "PostgreSQL does not run as root and this machine has no user 'nobody'. "
        "Create a user 'sinovik', or run the portal as an ordinary user."
    )


def settle(folder: Path, who: Runner) -> Path:
    """Make `folder` and return where it really lies.

    Where the server's own user may not walk (a clone under a home of mode 0700), the folder is a link to one
    under /var/lib; deleting the link means starting afresh.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink() and not folder.exists():
            folder.unlink()
        if not folder.exists():
            if who.can_walk_to(folder):
                folder.mkdir(exist_ok=True)
                folder.chmod(0o711)  # the clone's umask may be strict; what is secret inside has its own mode
            else:
                _link(folder)
        return folder.resolve()
    except OSError as error:
        raise unusable(folder, error) from error


def _link(folder: Path) -> None:
    outside = _outside(folder)
    try:
        folder.symlink_to(outside)
    except FileExistsError:  # another process was faster
        outside.rmdir()


def _outside(folder: Path) -> Path:
    name = f"{folder.name}-{uuid.uuid4().hex[:12]}"
    for base in (Path("/var/lib/sinovik"), Path("/var/tmp/sinovik")):  # noqa: S108 - a private folder in it
        try:
            base.mkdir(mode=0o711, parents=True, exist_ok=True)
            (base / name).mkdir(mode=0o711)
        except OSError:
            continue
        return base / name
    raise ServerError(
        "The database's own user may not enter this folder, and /var/lib cannot be written: "
        "put the portal elsewhere or set DATABASE_URL."
    )


def socket_folder(preferred: Path) -> Path:
    """`preferred`, or a short private folder when a socket inside `preferred` would have too long a path."""
    if len(os.fsencode(preferred)) + len("/.s.PGSQL.5432.lock") <= LONGEST_SOCKET_PATH:
        return preferred
    token = hashlib.sha256(os.fsencode(preferred)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"sinovik-{os.geteuid()}-{token}"


def make_private(folder: Path, who: Runner) -> None:
    """Make `folder` readable by its server's user only; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    allowed = {os.geteuid()} if who.uid is None else {0, who.uid}
    if folder.is_symlink() or folder.stat().st_uid not in allowed:
        raise ServerError(f"{folder} belongs to somebody else: remove it and try again.")
    folder.chmod(0o700)
    who.own(folder)


def room_for(folder: Path, needed: int | None = None) -> None:
    """Raise when the disk under `folder` has fewer than `needed` bytes free (default: what a new server needs)."""
    needed, free = ROOM_NEEDED if needed is None else needed, shutil.disk_usage(folder).free
    if free < needed:
        raise ServerError(f"Only {free // 2**20} MB are free on the disk of {folder}; {needed // 2**20} MB are needed.")


def unusable(path: Path, error: OSError) -> ServerError:
    return ServerError(
        f"{path} cannot be used: {error.strerror or error}. Free some space, or run as the user who owns it."
    )
