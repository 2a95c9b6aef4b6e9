"""How often one address may ask, counted in the cache of each web process."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60  # seconds


def may_ask(request: HttpRequest, name: str, *, most: int) -> bool:
    """Counts this question; False beyond `most` in the current minute from one address."""
    key = f"asks:{name}:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, WINDOW)
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # the minute ended in between
        return True
