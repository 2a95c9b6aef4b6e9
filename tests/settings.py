"""The settings of the test run: the portal's own, on a throwaway database and with cheap passwords."""

import os

os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["DEMO"] = os.environ["DEBUG"] = "false"
os.environ["DATABASE_NAME"] = "sinovik"
os.environ["SITE_URL"] = "http://localhost:8000"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in the thread of the test
os.environ["EMAIL_URL"] = "consolemail://"
for name in ("ALLOWED_HOSTS", "REDIS_URL", "MEDIA_ROOT", "STORAGE_URL", "CLAMAV_URL", "UPLOAD_MB_PER_DAY"):
    os.environ.pop(name, None)

from sinovik.services import redis_url  # noqa: E402
from sinovik.settings import *  # noqa: E402, F403
from sinovik.settings import DATABASES, STORAGES, VAR_DIR, env  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "sinovik.embedded":
    DATABASES["default"] |= {"HOST": str(VAR_DIR / "test-postgres"), "THROWAWAY": True}
QUEUE_FOLDER = VAR_DIR / "test-valkey"  # runs in the worker suite only; elsewhere nobody listens
REDIS_URL = CELERY_BROKER_URL = redis_url(env, QUEUE_FOLDER)

WHITENOISE_AUTOREFRESH = True  # nothing is collected for the tests
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = VAR_DIR / "test-static"  # empty: tests read static files where they are written
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
OPEN_DATA_PER_MINUTE = 1_000_000  # all tests ask from one address
