"""Which database and queue the portal uses: those of the environment, or its own under var/."""

from pathlib import Path

import bootstrap
import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sinovik.embedded import postgres, valkey

EMBEDDED_QUEUE = "redis+socket://"


def read_demonstration(env: environ.Env, file: Path) -> None:
    """Read what `make demo` left behind; variables of the environment win over it.

    A folder that once showed the demonstration must not open /mailbox/ on the real portal started there later.
    """
    is_real = "SECRET_KEY" in env.ENVIRON and "DEMO" not in env.ENVIRON
    env.read_env(file)
    if is_real and env.bool("DEMO", default=False):
        raise ImproperlyConfigured(
            f"SECRET_KEY is set as for a real portal, but {file} of an earlier `make demo` turns the demonstration on."
            " Remove that file for a real portal; set DEMO=true for a demonstration."
        )


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
