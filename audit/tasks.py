from celery import shared_task

from audit import sealing


@shared_task(name="audit.tasks.seal")
def seal() -> None:
    sealing.seal_new()
