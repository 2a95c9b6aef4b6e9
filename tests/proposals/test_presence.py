"""Who else has a page open, on a real Valkey."""

import pytest
import redis
from django.urls import reverse

from proposals import presence
from sinovik import services
from sinovik.embedded import valkey

pytestmark = [pytest.mark.worker, pytest.mark.django_db]


@pytest.fixture
def line(settings, monkeypatch):
    services.ensure_queue()
    monkeypatch.setattr(presence, "WAIT", 30)  # two tenths of a second are no patience for a busy test machine
    presence._line.cache_clear()
    client = redis.Redis(unix_socket_path=str(valkey.socket_path(settings.QUEUE_FOLDER)))
    client.flushall()
    yield client
    client.close()
    presence._line.cache_clear()


def test_people_on_one_page_see_each_other_and_the_page_without_scripts_says_so(
    line, draft, innovator, colleague, agency_admin, as_user
):
    page = reverse("proposals:aspect", args=[draft.code, "kebaruan"])
    as_user(colleague).get(page)
    assert "Sari juga membuka halaman ini." in as_user(innovator).get(page).content.decode()
    asked = {"page": "kebaruan"}
    url = reverse("proposals:presence", args=[draft.code])
    assert as_user(colleague).post(url, asked).json()["others"] == "Innovator juga membuka halaman ini."
    assert as_user(agency_admin).post(url, asked).json()["others"].count(",") == 1
    assert as_user(colleague).post(url, {"page": "details"}).json()["others"] == ""


def test_who_left_is_forgotten_and_no_name_is_kept(line, draft, innovator, colleague):
    presence.others(draft, "kebaruan", me=colleague)
    key = f"presence:{draft.code}:kebaruan"
    assert 0 < line.ttl(key) <= presence.LASTS
    line.zincrby(key, -presence.LASTS - 1, str(colleague.pk))
    assert presence.others(draft, "kebaruan", me=innovator) == []
    assert line.zrange(key, 0, -1) == [str(innovator.pk).encode()]


def test_without_valkey_nobody_waits(line, draft, innovator, colleague, settings):
    presence.others(draft, "kebaruan", me=colleague)
    settings.REDIS_URL = "redis+socket:///nowhere/at/all.sock"
    assert presence.others(draft, "kebaruan", me=innovator) == []
    assert presence._line(settings.REDIS_URL).shut_until > 0
