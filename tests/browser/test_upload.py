"""A file chosen on a bad line: progress is shown, the connection is cut half-way, and one file is stored in the end."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from files.models import StoredFile
from proposals.models import Document
from tests.browser.conftest import give_password
from tests.browser.people import PASSWORD
from tests.files import hostile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class BadLine:
    """A line to the portal that breaks off in the middle of a large request, so many times.

    More often than a browser holds connections open (six): it quietly repeats what broke off on one of those.
    """

    def __init__(self, port: int, *, after: int, times: int = 8) -> None:
        self.port, self.after, self.left = port, after, times
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self.listener.getsockname()[1]}"
        self.sockets: list[socket.socket] = [self.listener]
        self.threads: list[threading.Thread] = []
        self._start(self._accept)

    def _start(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _who = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                self.sockets += [near, far]
                self._start(self._carry, near, far, True)
                self._start(self._carry, far, near, False)

    def _carry(self, source: socket.socket, target: socket.socket, is_upwards: bool) -> None:
        carried = 0
        with contextlib.suppress(OSError):
            while chunk := source.recv(4096):
                carried += len(chunk)
                if is_upwards and self.left and carried > self.after:
                    self.left -= 1
                    break
                target.sendall(chunk)
        self._end(source, target)

    def _end(self, *sockets: socket.socket) -> None:
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._end(*self.sockets)
        for thread in self.threads:
            thread.join()
        for each in self.sockets:
            each.close()


@pytest.fixture
def line(live_server, file) -> Iterator[BadLine]:
    made = BadLine(live_server.thread.port, after=file.stat().st_size // 2)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path) -> Path:
    """A megabyte of a sound PDF."""
    path = tmp_path / "surat.pdf"
    noise = os.urandom(900_000)
    path.write_bytes(hostile.with_page(lambda pdf, page: page.obj.__setitem__("/Thumb", pdf.make_stream(noise))))
    return path


@pytest.fixture
def page(new_context, innovator, live_server):
    give_password(innovator)
    opened = new_context(viewport={"width": 1280, "height": 900}).new_page()
    opened.set_default_timeout(60_000)
    return opened


def sign_in(page, base: str, email: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def test_a_line_cut_half_way_costs_nothing_and_leaves_one_file(page, draft, innovator, line, file):
    sign_in(page, line.address, innovator.email)
    page.goto(f"{line.address}/proposals/{draft.code}/documents/")
    said = []
    page.expose_function("heard", lambda words: said.append(words))
    page.evaluate(
        "() => new MutationObserver(() => heard(document.querySelector('.upload__state')?.textContent ?? ''))"
        ".observe(document.querySelector('main'), {subtree: true, childList: true, characterData: true})"
    )
    page.set_input_files("input[type=file]", str(file))
    expect(page.get_by_text("Berkas sudah terlampir.")).to_be_visible(timeout=60_000)
    assert line.left == 0
    assert any("Mengirim berkas" in each for each in said), said
    assert any("Sambungan terputus" in each for each in said), said
    assert StoredFile.objects.count() == Document.objects.count() == 1


def test_a_file_too_large_or_refused_is_said_before_and_after_sending(page, draft, innovator, live_server, tmp_path):
    sign_in(page, live_server.url, innovator.email)
    page.goto(f"{live_server.url}/proposals/{draft.code}/documents/")
    large, wrong = tmp_path / "besar.pdf", tmp_path / "salah.pdf"
    large.write_bytes(bytes(2_000_000))
    wrong.write_bytes(b"<html>")
    page.set_input_files("input[type=file]", str(large))
    expect(page.get_by_text("Berkas ini lebih besar dari 1 MB.")).to_be_visible()
    page.set_input_files("input[type=file]", str(wrong))
    expect(page.locator(".upload__refusal", has_text="bukan jenis yang diterima").first).to_be_visible()
    assert not StoredFile.objects.exists()
