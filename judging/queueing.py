"""Asking a worker after the transaction, without waiting for a queue that is down."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def ask_worker(task: str, *arguments: object) -> None:
    """Send the task once the transaction has committed. If the queue is down, the minute's sweep finds the work."""
    transaction.on_commit(lambda: _send(task, arguments))


def _send(task: str, arguments: tuple[object, ...]) -> None:
    impatient = {"socket_connect_timeout": 0.5, "socket_timeout": 1, "max_retries": 1, "interval_start": 0}
    try:
        with current_app.connection_for_write(connect_timeout=1, transport_options=impatient) as connection:
            current_app.send_task(task, args=arguments, connection=connection, retry=False)
    except (OSError, KombuError, RedisError) as error:
        log.warning("The queue is down (%s); %s waits for the next sweep.", error, task)
