"""What runs in the background: once a minute, and safe to run twice."""

from celery import shared_task

from awards import actions


@shared_task(name=actions.PRINT)
def print_waiting() -> None:
    """Also woken by each asking."""
    actions.print_waiting()
