"""The Celery application. Tasks are found in each app's tasks.py; the schedule stands in settings."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sinovik.settings")

app = Celery("sinovik")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.celeryd_init.connect
@signals.beat_init.connect
def _ensure_services(**_: object) -> None:
    """A worker or a beat started by hand finds its database and its queue running too."""
    from sinovik import services

    services.ensure_database()
    services.ensure_queue()
