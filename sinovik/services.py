"""Which database and queue the portal uses: those of the environment, or its own under var/."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

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


def file_store(url: str) -> dict[str, object]:
    """Django's settings of where uploads lie: on this machine, or `s3://KEY:SECRET@host/bucket?region=…&scheme=http`.

    Nobody is ever sent to the store: the portal reads it and serves the bytes itself, after asking who may see them.
    """
    if not url:
        return {"BACKEND": "files.storage.WholeFileStorage"}
    where = urlsplit(url)
    asked = dict(parse_qsl(where.query))
    bucket = where.path.strip("/")
    if where.scheme != "s3" or not where.hostname or not bucket or "/" in bucket:
        raise ImproperlyConfigured(
            "STORAGE_URL is s3://KEY:SECRET@host/bucket, for example with ?region=ap-southeast-3."
        )
    port = f":{where.port}" if where.port else ""
    options = {
        "access_key": unquote(where.username or ""),
        "secret_key": unquote(where.password or ""),
        "bucket_name": bucket,
        "endpoint_url": f"{asked.get('scheme', 'https')}://{where.hostname}{port}",
        "region_name": asked.get("region"),
        "default_acl": None,  # private, as the bucket is
        "file_overwrite": True,  # names are made from the content: the same name is the same bytes
        "querystring_auth": True,
        "addressing_style": "path",
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


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
