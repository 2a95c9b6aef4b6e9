"""The Celery application. Tasks are found in each app's tasks.py; the schedule stands in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sinovik.settings")

app = Celery("sinovik")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
