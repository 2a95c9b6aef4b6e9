"""How much may be sent in a day: by a person, for a proposal or an agency, from one address without an account.

Everything that arrives counts, also what is refused afterwards: it is the checking that costs.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.crypto import salted_hmac

from files.models import Usage
from files.refusals import refusal

MB = 1024 * 1024


@dataclass(frozen=True, order=True)
class Payer:
    """Whose day's allowance an upload uses: `kind` is a key of UPLOAD_MB_PER_DAY."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def visitor(address: str) -> list[Payer]:
    """Somebody without an account: the address (kept unreadable) and all such visitors together."""
    return [Payer("address", salted_hmac("files.quotas", address).hexdigest()[:32]), Payer("visitors", "all")]


@transaction.atomic
def charge(payers: Collection[Payer], *, size: int) -> None:
    """Counts `size` bytes on each payer's day, or raises ValidationError("quota") and counts nothing."""
    by_account = {str(payer): payer for payer in sorted(payers)}
    if not by_account:
        return
    today = timezone.localdate()
    Usage.objects.bulk_create([Usage(account=each, day=today) for each in by_account], ignore_conflicts=True)
    rows = Usage.objects.select_for_update().filter(account__in=by_account, day=today).order_by("account")
    for row in rows:
        limit = settings.UPLOAD_MB_PER_DAY[by_account[row.account].kind] * MB
        if row.size + size > limit:
            raise refusal("quota", limit=filesizeformat(limit))
    Usage.objects.filter(pk__in=[row.pk for row in rows]).update(
        size=F("size") + size, files=F("files") + 1, last_at=Now()
    )
