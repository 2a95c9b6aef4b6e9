import pytest
import redis

from sinovik.embedded import server
from sinovik.embedded.valkey import Valkey


@pytest.fixture
def queue(tmp_path):
    own = Valkey(tmp_path / "valkey")
    yield own
    own.leave()


def client(queue):
    return redis.Redis(unix_socket_path=str(queue.socket), retry=None)


def put(queue, value):
    with client(queue) as line:
        line.rpush("work", value)


def held(queue):
    with client(queue) as line:
        return line.lrange("work", 0, -1)


def running(queue):
    return server.processes_in(queue.data, "valkey-server")


def test_it_keeps_work_over_a_restart_and_opens_no_port(queue):
    queue.ensure()
    put(queue, "letter")
    assert not [line for process in running(queue) for line in process.net_connections("inet")]
    queue.leave()
    assert not running(queue)
    queue.ensure()
    assert held(queue) == [b"letter"]


def test_a_killed_one_is_started_again(queue):
    queue.ensure()
    put(queue, "letter")
    for process in running(queue):
        process.kill()
    queue.ensure()
    assert held(queue) in ([b"letter"], [])  # up to a second of work may be lost: the outbox knows it too
    assert len(running(queue)) == 1


def test_a_damaged_file_is_set_aside(queue):
    queue.ensure()
    put(queue, "letter")
    queue.leave()
    for path in (queue.data / "appendonlydir").glob("*.manifest"):
        path.write_bytes(b"noise")
    queue.ensure()
    assert held(queue) == []
    assert list(queue.folder.glob("data.broken-*"))
