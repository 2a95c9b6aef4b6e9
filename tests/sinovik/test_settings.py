"""The settings read the environment, and refuse what would be unsafe."""

import os
import subprocess
import sys

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from sinovik import services
from sinovik.settings import env as reader

PRODUCTION = {
    "DEMO": "false",
    "DEBUG": "false",
    "SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://portal.example.go.id",
    "ALLOWED_HOSTS": "portal.example.go.id",
    "DATABASE_URL": "postgres://portal@db.example.go.id/portal",
    "REDIS_URL": "redis://queue.example.go.id/0",
    "EMAIL_URL": "smtp+tls://portal:password@mail.example.go.id:587",
    "DJANGO_SETTINGS_MODULE": "sinovik.settings",
}


def manage(*arguments, **environment):
    env = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], env=env, capture_output=True, text=True, check=False
    )


def test_without_a_secret_the_portal_refuses_in_one_line():
    done = manage("check", SECRET_KEY="", DEMO="false")
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not set.")
    assert len(done.stderr.splitlines()) == 1


def test_without_a_mail_server_no_letter_is_ticked_off_as_sent():
    done = manage("check", **(PRODUCTION | {"EMAIL_URL": ""}))
    assert done.returncode == 1
    assert done.stderr.startswith("EMAIL_URL is not set")


def test_a_production_environment_passes_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("named", "demo"),
    [
        ({}, True),
        ({"SECRET_KEY": "real"}, None),
        ({"SECRET_KEY": "real", "DEMO": "false"}, False),
        ({"SECRET_KEY": "mine", "DEMO": "true"}, True),
    ],
)
def test_a_leftover_demonstration_never_turns_a_real_portal_into_one(tmp_path, named, demo):
    """`demo` None: refused."""

    class Reader(environ.Env):
        ENVIRON = dict(named)

    (tmp_path / "demo.env").write_text("DEMO=true\nSECRET_KEY=of-the-demo\n")
    if demo is None:
        with pytest.raises(ImproperlyConfigured, match="Remove that file"):
            services.read_demonstration(Reader(), tmp_path / "demo.env")
    else:
        services.read_demonstration(Reader(), tmp_path / "demo.env")
        assert Reader().bool("DEMO", default=False) is demo


def test_https_makes_cookies_host_bound_and_requests_secure():
    asked = "s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.CSRF_COOKIE_SECURE"
    done = manage("shell", "--no-imports", "-c", f"from django.conf import settings as s; print({asked})", **PRODUCTION)
    assert done.stdout.split() == ["__Host-session", "True", "True"]


def test_named_servers_are_used_instead_of_our_own(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://portal@db.example.go.id/portal")
    monkeypatch.setenv("REDIS_URL", "redis://queue.example.go.id/0")
    assert services.database(reader, tmp_path)["HOST"] == "db.example.go.id"
    assert services.redis_url(reader, tmp_path) == "redis://queue.example.go.id/0"


@pytest.mark.parametrize("stage", ["scoring", "plenary"])
def test_each_stage_of_the_demonstration_has_its_own_database(tmp_path, monkeypatch, stage):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_NAME", f"sinovik_{stage}")
    assert services.database(reader, tmp_path)["NAME"] == f"sinovik_{stage}"
