"""What runs in the background: once a minute, and safe to run twice."""

from celery import shared_task

from catalogue import actions


@shared_task(name=actions.WRITE_IMPORTS)
def write_imports() -> None:
    """Also woken by each confirmation of a large file."""
    actions.write_imports()
