from celery import shared_task

from files import cleanup


@shared_task(name="files.tasks.forget_unused")
def forget_unused() -> None:
    cleanup.forget_unused()
