"""Writing one deed into the record, in the transaction of the deed itself."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model

from audit.models import Event


def record(verb: str, *, by: AbstractBaseUser | None, on: Model, data: Mapping[str, object] | None = None) -> None:
    """Adds one event: `by` (None: the portal itself) did `verb` ("app.deed") to `on`.

    `data` holds the facts that mattered, as JSON (dates, decimals and UUIDs are written as text); no personal data
    beyond what the fact needs, since an event is never deleted. Call it inside the action's transaction: if that
    rolls back, nothing was done and nothing is recorded.
    """
    Event.objects.create(
        actor_id=by.pk if by else None,
        verb=verb,
        object_type=on._meta.label_lower,
        object_key=getattr(on, "code", None) or str(on.pk),
        data=dict(data or {}),
    )
