"""What runs in the background: at its time, and safe to run twice."""

from celery import shared_task

from catalogue import actions


@shared_task(name=actions.WRITE_IMPORTS)
def write_imports() -> None:
    """Also woken by each confirmation of a large file."""
    actions.write_imports()


@shared_task(name="catalogue.tasks.remind")
def remind() -> None:
    """About declared replications their source has not answered, and follow-ups that close soon; once a day."""
    actions.remind_sources()
    actions.remind_of_follow_ups()
