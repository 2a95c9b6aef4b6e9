"""Which database and queue the portal uses: those of the environment, or its own under var/."""

from pathlib import Path

import bootstrap
import environ

from sinovik.embedded import place


def database(env: environ.Env, var: Path) -> dict[str, object]:
    """Django's settings of the one database."""
    name = env.str("DATABASE_NAME", default="sinovik")
    if env.str("DATABASE_URL", default=""):
        chosen: dict[str, object] = env.db_url("DATABASE_URL")
    else:
        chosen = {"ENGINE": "sinovik.embedded", "NAME": name, "HOST": str(var / "postgres")}
    return {**chosen, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def redis_url(env: environ.Env, var: Path) -> str:
    """The queue's address. The embedded one listens on a socket, so its address is known before it runs."""
    url: str = env.str("REDIS_URL", default="")
    return url or f"redis+socket://{queue_socket(var)}"


def queue_socket(var: Path) -> Path:
    return place.socket_folder(var / "valkey" / "run") / "valkey.sock"


def bootstrap_css_dir() -> Path:
    """Where the Bootstrap package keeps its distribution CSS."""
    return Path(next(iter(bootstrap.__path__))) / "css"
