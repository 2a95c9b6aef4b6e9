import io

import pytest
from django.urls import reverse

from files import middleware


@pytest.fixture
def small(settings):
    settings.REQUEST_MAX_MB = 1


def send(client, *, size: int, **headers: str):
    content = io.BytesIO(bytes(size))
    environ = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(size), "wsgi.input": content}
    response = client.generic("POST", reverse("accounts:register"), **environ, **headers)
    return response, content


def test_too_large_a_request_is_answered_with_a_page_in_words(small, as_user):
    response, content = send(as_user(None), size=1024 * 1024 + 1)
    assert response.status_code == 413
    assert "Berkas terlalu besar" in response.content.decode()
    assert content.tell() == 1024 * 1024 + 1, "a browser reads the answer only when it has sent everything"


def test_who_asks_for_json_gets_json(small, as_user):
    response, _content = send(as_user(None), size=1024 * 1024 + 1, HTTP_ACCEPT="application/json")
    assert response.json()["message"].startswith("Berkas melebihi")


def test_what_is_on_its_way_is_not_read_for_ever(small, as_user, monkeypatch):
    monkeypatch.setattr(middleware, "DRAIN_MB", 0.5)
    response, content = send(as_user(None), size=1024 * 1024 + 1)
    assert response.status_code == 413
    assert content.tell() == 512 * 1024


@pytest.mark.parametrize("length", ["", "much"])
def test_a_request_without_a_length_is_read_as_usual(small, as_user, length):
    assert as_user(None).get(reverse("accounts:register"), CONTENT_LENGTH=length).status_code == 200
