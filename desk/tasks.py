"""What runs in the background: once a minute, and safe to run twice."""

from celery import shared_task

from desk import actions


@shared_task(name=actions.WRITE_LETTERS)
def write_letters() -> None:
    """Also woken by each confirmation."""
    actions.write_letters()


@shared_task(name=actions.EXTRACT)
def extract() -> None:
    """Also woken by each asking."""
    actions.extract_due()
