"""Sending under load and under fire: many clicks from many sessions at once, connections dropped in mid-send."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random

import scratch
from figures import Figure

PROPOSALS, CLICKS, CLIENTS, KILLED = 50, 300, 16, 60


def main() -> Sequence[Figure]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()

    with scratch.database():
        return [*_clicks(), *_kills()]


def _in_parallel(deeds: Sequence[Callable[[], object]]) -> list[object]:
    from django.db import connection

    def run(deed: Callable[[], object]) -> object:
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, deeds))


def _clicks() -> list[Figure]:
    """CLICKS posts over PROPOSALS proposals from CLIENTS sessions at once, each answer followed to its receipt."""
    from django.test import Client
    from django.urls import reverse
    from sends_season import season

    from proposals.models import Submission

    proposals, admin = season(PROPOSALS, "clicks")
    clients = [_signed_in(Client(SERVER_NAME="localhost"), admin) for _turn in range(CLIENTS)]
    local, lock = threading.local(), threading.Lock()

    def click(proposal: object) -> bool:
        if not hasattr(local, "client"):
            with lock:
                local.client = clients.pop()
        answer = local.client.post(reverse("proposals:move", args=[proposal.code, "send"]), {"sequence": "1"})  # type: ignore[attr-defined]
        page = local.client.get(answer["Location"]) if answer.status_code == 302 else answer
        sent = Submission.objects.filter(proposal=proposal, stands=True).first()
        return page.status_code == 200 and sent is not None and sent.number in page.content.decode()

    order = [proposals[turn % PROPOSALS] for turn in range(CLICKS)]
    Random(1).shuffle(order)  # noqa: S311  no secret
    started = time.monotonic()
    right = _in_parallel([lambda each=each: click(each) for each in order])  # type: ignore[misc]
    took = time.monotonic() - started
    numbers = sorted(int(each.rsplit("-", 1)[1]) for each in Submission.objects.values_list("number", flat=True))
    gapless = numbers == list(range(1, PROPOSALS + 1))
    return [
        Figure("snapshots", f"{len(numbers)}", f"{PROPOSALS}", len(numbers) == PROPOSALS),
        Figure("receipt numbers distinct and gapless", str(gapless), "True", gapless),
        Figure("clicks that led to the right receipt", f"{sum(map(bool, right))}", f"{CLICKS}", all(right)),
        Figure("seconds for all of them", f"{took:.1f}"),
    ]


def _signed_in(client: object, person: object) -> object:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[attr-defined]
    return client


def _kills() -> list[Figure]:
    """The database ends the sending session at a random moment of each of KILLED sendings."""
    from django.db import InterfaceError, OperationalError, connection
    from sends_season import season

    from audit.models import Event
    from notifications.models import Message
    from proposals import actions
    from proposals.models import Move, Submission

    proposals, admin = season(KILLED, "kills")
    chance, acknowledged, broken = Random(2), set(), 0  # noqa: S311  no secret
    started = time.monotonic()
    actions.send(proposals[0], by=admin)  # type: ignore[arg-type]
    acknowledged.add(proposals[0].pk)  # type: ignore[attr-defined]
    usual = time.monotonic() - started
    for proposal in proposals[1:]:
        session = threading.Event()
        holder: dict[str, int] = {}

        def send(
            proposal: object = proposal, holder: dict[str, int] = holder, session: threading.Event = session
        ) -> None:
            nonlocal broken
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    holder["pid"] = cursor.fetchone()[0]
                session.set()
                actions.send(proposal, by=admin)  # type: ignore[arg-type]
                acknowledged.add(proposal.pk)  # type: ignore[attr-defined]
            except (OperationalError, InterfaceError):
                broken += 1
            finally:
                connection.close()

        worker = threading.Thread(target=send)
        worker.start()
        session.wait(10)
        time.sleep(chance.uniform(0, 2 * usual))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [holder["pid"]])
        worker.join(30)
    half = lost = 0
    for proposal in proposals:
        proposal.refresh_from_db()  # type: ignore[attr-defined]
        marks = (
            proposal.status == "sent",  # type: ignore[attr-defined]
            Submission.objects.filter(proposal=proposal).count() == 1,
            Move.objects.filter(proposal=proposal, name="send").count() == 1,
            Event.objects.filter(verb="proposals.send", object_key=proposal.code).count() == 1,  # type: ignore[attr-defined]
            Message.objects.filter(key__startswith=f"proposals.send:{proposal.code}:").exists(),  # type: ignore[attr-defined]
        )
        half += len(set(marks)) != 1
        lost += proposal.pk in acknowledged and not all(marks)  # type: ignore[attr-defined]
    sent = Submission.objects.filter(proposal__in=proposals)
    numbers = sorted(int(each.rsplit("-", 1)[1]) for each in sent.values_list("number", flat=True))
    gapless = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    return [
        Figure("sessions killed, sendings broken", f"{KILLED - 1}, {broken}"),
        Figure("proposals sent by halves", str(half), "0", half == 0),
        Figure("acknowledged sendings lost", f"{lost} of {len(acknowledged)}", "0", lost == 0),
        Figure("numbers gapless after it", str(gapless), "True", gapless),
    ]
