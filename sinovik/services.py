"""Which database and queue the portal uses: those of the environment, or its own under var/."""

from pathlib import Path

import bootstrap
import environ
from django.conf import settings

from sinovik.embedded import postgres, valkey

EMBEDDED_QUEUE = "redis+socket://"


def database(env: environ.Env, var: Path) -> dict[str, object]:
    """Django's settings of the one database."""
    name = env.str("DATABASE_NAME", default="sinovik")
    if env.str("DATABASE_URL", default=""):
        chosen: dict[str, object] = env.db_url("DATABASE_URL")
    else:
        chosen = {"ENGINE": "sinovik.embedded", "NAME": name, "HOST": str(var / "postgres")}
    return {**chosen, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def redis_url(env: environ.Env, folder: Path) -> str:
    """The queue's address. The embedded one listens on a socket, so its address is known before it runs."""
    url: str = env.str("REDIS_URL", default="")
    return url or f"{EMBEDDED_QUEUE}{valkey.socket_path(folder)}"


def ensure_database() -> None:
    """Start the embedded database and count this process among its users; nothing to do with another database."""
    chosen = settings.DATABASES["default"]
    if chosen["ENGINE"] == "sinovik.embedded":
        postgres.of(chosen).address(str(chosen["NAME"]))


def ensure_queue() -> None:
    """Start the embedded queue unless it runs; nothing to do when REDIS_URL names another.

    Called by whoever works the queue. Whoever only puts something into it does not call this: the outbox is swept
    each minute, so a lost wake-up costs a minute and nothing else.
    """
    if settings.REDIS_URL.startswith(EMBEDDED_QUEUE):
        valkey.at(settings.QUEUE_FOLDER).ensure()


def bootstrap_css_dir() -> Path:
    """Where the Bootstrap package keeps its distribution CSS."""
    return Path(next(iter(bootstrap.__path__))) / "css"
