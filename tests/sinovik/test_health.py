from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from notifications.models import Message
from sinovik import health


def test_the_process_answers_without_a_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_a_working_portal_is_ready(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "outbox": "ok", "outbox_overdue_seconds": 0, "disk": "ok"}


@pytest.mark.django_db
def test_a_late_outbox_is_told_but_fails_nothing(client):
    due = timezone.now() - timedelta(hours=1)
    Message.objects.create(key="k", kind="k", address="a@example.go.id", subject="s", body="b", due_at=due)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["outbox"] == "late"
    assert response.json()["outbox_overdue_seconds"] >= 3600


@pytest.mark.django_db
def test_without_a_database_it_is_not_ready(client):
    def refuse(*_arguments):
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "down"


@pytest.mark.django_db
def test_on_a_full_disk_it_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "DISK_FULL", 0.0)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["disk"]) == (503, "full")
