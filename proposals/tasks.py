"""What runs in the background: once a minute, and safe to run twice."""

from celery import shared_task

from proposals import actions
from proposals.actions.comparing import COMPARE, REST
from proposals.actions.exporting import EXPORT
from proposals.reminders import remind_all


@shared_task(name="proposals.tasks.remind")
def remind() -> None:
    remind_all()


@shared_task(name="proposals.tasks.forget_old_keys")
def forget_old_keys() -> None:
    actions.forget_old_keys()


@shared_task(name="proposals.tasks.send_at_closing")
def send_at_closing() -> None:
    actions.send_at_closing()


@shared_task(name="proposals.tasks.tell_comments")
def tell_comments() -> None:
    actions.tell_comments()


@shared_task(name=COMPARE)
def compare() -> None:
    """Also woken by each sending."""
    actions.compare_due(rest=REST)


@shared_task(name=EXPORT)
def export() -> None:
    """Also woken by each asking."""
    actions.export_due()
