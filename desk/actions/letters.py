"""Letters that could not be delivered are tried again when somebody asks for it."""

from django.db import transaction

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from notifications.actions import try_again
from notifications.models import Message


@transaction.atomic
def send_again(*, message: int | None = None, by: User) -> int:
    """Puts one failed letter (by key), or all of them, back into the outbox; returns how many."""
    as_secretariat(by)
    failed = Message.objects.failed()
    again = try_again(failed if message is None else failed.filter(pk=message))
    if again:
        record("desk.send_again", by=by, on=by, data={"letters": again, "message": message})
    return again
