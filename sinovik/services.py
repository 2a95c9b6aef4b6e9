"""The portal's own PostgreSQL and Valkey, for machines that have none."""

from pathlib import Path

import bootstrap
import environ


def database(env: environ.Env, var: Path) -> dict[str, object]:
    return env.db("DATABASE_URL")


def redis_url(env: environ.Env, var: Path) -> str:
    return env.str("REDIS_URL")


def bootstrap_css_dir() -> Path:
    """Where the Bootstrap package keeps its distribution CSS."""
    return Path(next(iter(bootstrap.__path__))) / "css"
