"""A scanner that speaks clamd's protocol over a real socket, and one that is away, silent or confused."""

import socketserver
import struct
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from files.cleanup import forget_unused
from files.models import StoredFile
from files.storing import store
from tests.files import hostile, hostile_office

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    answers = "scan"  # or the bytes to say whatever comes

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.scanned.append(len(content))
        self.server.meanwhile()
        verdict = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(verdict if self.server.says is None else self.server.says)


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, settings, tmp_path):
    if request.param == "tcp":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "c.sock"), Clamd)
        settings.CLAMAV_URL = f"unix://{tmp_path / 'c.sock'}"
    settings.CLAMAV_TIMEOUT = 5
    server.daemon_threads, server.scanned, server.says = True, [], None
    server.meanwhile = lambda: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(content: bytes, kinds=("pdf",)) -> StoredFile:
    return store(SimpleUploadedFile("surat.pdf", content), kinds=kinds, by=None, max_mb=1)


def refused(content: bytes, kinds=("pdf",)) -> str:
    with pytest.raises(ValidationError) as refusal:
        send(content, kinds)
    assert not StoredFile.objects.exists()
    return refusal.value.code


def infected_pdf() -> bytes:
    def attach(pdf, page):
        pdf.attachments["a.txt"] = EICAR

    return hostile.written_plainly(attach)


def test_a_clean_file_is_scanned_whole_and_stored(db, clamd):
    content = hostile.plain(60)
    assert send(content).pk
    assert clamd.scanned == [len(content)]


@pytest.mark.parametrize("kind", ["pdf", "office"])
def test_what_the_scanner_finds_is_refused(db, clamd, kind, caplog):
    content = infected_pdf() if kind == "pdf" else hostile_office.office() + EICAR
    assert refused(content, [kind]) == "virus"
    assert "Eicar" in caplog.text


def test_a_file_known_from_before_is_scanned_again(db, clamd, settings):
    url, settings.CLAMAV_URL = settings.CLAMAV_URL, ""
    send(infected_pdf()).delete()
    send(hostile.plain())
    settings.CLAMAV_URL = url
    send(hostile.plain())
    assert len(clamd.scanned) == 1


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK but\0", b"OK\0"])
def test_a_confused_scanner_means_that_nothing_is_stored(db, clamd, says):
    clamd.says = says
    assert refused(hostile.plain()) == "scanner_away"


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock", "tcp://"])
def test_a_scanner_that_is_away_means_that_nothing_is_stored(db, settings, url):
    settings.CLAMAV_URL, settings.CLAMAV_TIMEOUT = url, 1
    with pytest.raises(ValidationError, match="Pemeriksa virus tidak dapat dihubungi"):
        send(hostile.plain())
    assert not StoredFile.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_file_cleaned_up_while_it_is_sent_again_is_stored_again(clamd):
    def clean_up():
        forgotten.append(forget_unused())
        connection.close()

    forgotten, content = [], hostile.plain(60)
    first = send(content)
    StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    clamd.meanwhile = clean_up
    again = send(content)
    assert forgotten == [1]
    assert again.pk != first.pk
    assert default_storage.exists(again.path)
