"""Files nobody refers to: an upload whose form was never finished, a document that was replaced before it was sent."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from audit.recording import record
from files.models import StoredFile, Usage
from files.storing import lock_content

KEEP = timedelta(days=1)
KEEP_USAGE = timedelta(days=7)
AT_ONCE = 500


def unused() -> QuerySet[StoredFile]:
    """Older than a day and named by no row of any table, whichever apps there are."""
    found = StoredFile.objects.filter(uploaded_at__lt=Now() - KEEP)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            field = relation.field  # type: ignore[union-attr]
            held = field.model._base_manager.filter(**{field.name: OuterRef("pk")})
            found = found.filter(~Exists(held))
    return found


def forget_unused() -> int:
    """Deletes unused files, row first and bytes afterwards (if no other row has the same), and records each."""
    Usage.objects.filter(day__lt=Now() - KEEP_USAGE).delete()
    files = list(unused().order_by("uploaded_at")[:AT_ONCE])
    return sum(_forget(file) for file in files)


def _forget(file: StoredFile) -> bool:
    with transaction.atomic():
        lock_content(file.sha256)
        still = unused().filter(pk=file.pk).select_for_update(of=("self",), skip_locked=True).first()
        if still is None:
            return False
        record("files.forget", by=None, on=still, data={"sha256": still.sha256, "size": still.size})
        still.delete()
    with transaction.atomic():  # by itself: bytes may be left without a row, never a row without its bytes
        lock_content(file.sha256)
        if not StoredFile.objects.filter(path=file.path).exists():
            default_storage.delete(file.path)
    return True
