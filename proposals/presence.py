"""Who else has a page of a proposal open: a courtesy, kept in Valkey only and for a minute and a half.

Nothing depends on it. Where Valkey does not answer, nobody is named, and it is asked again half a minute later, so that
no save waits for it. Only primary keys are kept there, no names.
"""

import time
from functools import cache

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from proposals.models import Proposal

LASTS = 90  # seconds after somebody was last heard of; the page tells of itself every 30
WAIT = 0.2  # seconds
TRY_AGAIN = 30  # seconds


class Line:
    """The connection of this process, and until when not to try it again."""

    def __init__(self, address: str) -> None:
        url = address.replace("redis+socket://", "unix://", 1)
        self.client = redis.Redis.from_url(
            url, socket_timeout=WAIT, socket_connect_timeout=WAIT, retry=None, decode_responses=True
        )
        self.shut_until = 0.0


@cache
def _line(address: str) -> Line:
    return Line(address)


def others(proposal: Proposal, page: str, *, me: User) -> list[User]:
    """Notes that this person has the page open, and says who else has, by name."""
    line = _line(settings.REDIS_URL)
    if time.monotonic() < line.shut_until:
        return []
    key, now = f"presence:{proposal.code}:{page}", time.time()
    try:
        with line.client.pipeline(transaction=False) as asked:
            asked.zadd(key, {str(me.pk): now})
            asked.zremrangebyscore(key, 0, now - LASTS)
            asked.expire(key, LASTS)
            asked.zrange(key, 0, -1)
            present = asked.execute()[-1]
    except redis.RedisError:
        line.shut_until = time.monotonic() + TRY_AGAIN
        return []
    found = {int(each) for each in present} - {me.pk}
    return list(User.objects.filter(pk__in=found).order_by("name")) if found else []


def sentence(proposal: Proposal, page: str, *, me: User) -> str:
    """Who else has the page open, in words; empty when nobody has."""
    names = [each.name for each in others(proposal, page, me=me)]
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s has this page open too.") % {"name": names[0]}
    return _("These people have this page open too: %(names)s.") % {"names": ", ".join(names)}
