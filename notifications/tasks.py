from celery import shared_task

from notifications import delivery


@shared_task(name="notifications.tasks.deliver_due")
def deliver_due() -> None:
    delivery.deliver_due()
