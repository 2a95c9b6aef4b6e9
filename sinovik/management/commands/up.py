import os
import socket
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse

from competitions.models import Competition
from sinovik import demo, services
from sinovik.supervisor import Part, Supervisor

WEB_PROCESSES, WEB_THREADS, WORKERS = 2, 4, 2

QUIET = "ignore:You're running the worker with superuser privileges"  # a demonstration may; README says how not to


class Command(BaseCommand):
    help = "Run the whole portal: web server, worker and clock, and the embedded servers where none are named."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
        parser.add_argument("--probe", action="store_true", help="only say whether the port is free")

    def handle(self, *args: Any, host: str, port: int, probe: bool, **options: Any) -> None:
        refuse_taken_port(host, port)
        if probe:
            return
        services.ensure_database()
        services.ensure_queue()
        address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}"  # noqa: S104
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": QUIET}
        env.setdefault("SITE_URL", address)
        supervisor = Supervisor(parts(host, port), env=env, tend=services.ensure_queue, output=sys.stdout)
        supervisor.run(ready=lambda: greeting(address) if answers(host, port) else None)


def refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another:"
                f" make demo PORT={port + 1}, or manage.py up --port {port + 1}."
            ) from error


def parts(host: str, port: int) -> list[Part]:
    python, var = [sys.executable, "-m"], Path(settings.VAR_DIR)
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [
        "gunicorn",
        "sinovik.wsgi:application",
        "--bind",
        bind,
        "--worker-class",
        "gthread",
        "--log-level",
        "warning",
    ]
    web += ["--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS), "--graceful-timeout", "5"]
    celery = ["celery", "--app", "sinovik", "--quiet"]
    worker = [*celery, "worker", "--concurrency", str(WORKERS), "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--schedule", str(var / "beat"), "--pidfile", ""]
    return [
        Part("web", python + web),
        Part("worker", [*python, *worker, "--loglevel", "WARNING"]),
        Part("beat", [*python, *beat, "--loglevel", "WARNING"]),
    ]


def answers(host: str, port: int) -> bool:
    """Whether the web server serves pages already."""
    try:
        with urllib.request.urlopen(f"http://{host.replace('0.0.0.0', '127.0.0.1')}:{port}/healthz", timeout=5):  # noqa: S104
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def greeting(address: str) -> str:
    """The address and, in a demonstration, who may log in."""
    return f"\nThe portal is at {address}   (Ctrl-C stops it)\n{demo_logins()}\n"


def demo_logins() -> str:
    """One line per role of the demonstration year, where there is one."""
    if not settings.DEMO or not Competition.objects.filter(code=demo.CODE).exists():
        return ""
    connection.close()  # the supervisor itself needs none from here on
    logins = demo.logins()
    widths = [max(len(login[column]) for login in logins) for column in (0, 1)]
    lines = [f"  {role:<{widths[0]}}   {email:<{widths[1]}}   {password}" for role, email, password in logins]
    letters = f"  letters of the demonstration: {settings.SITE_URL}{reverse('notifications:mailbox')}"
    return "\n".join(["", *lines, "", letters, ""])
