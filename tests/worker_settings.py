"""What a worker started by a test reads: the database of that test, a mail sink, and a clock that ticks each second."""

import os

os.environ["DEMO"] = "false"

from tests.settings import *  # noqa: F403
from tests.settings import CELERY_BEAT_SCHEDULE, DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
CELERY_BEAT_SCHEDULE = {name: {**entry, "schedule": 1.0} for name, entry in CELERY_BEAT_SCHEDULE.items()}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["TEST_SINK_PORT"])
EMAIL_TIMEOUT = 60
