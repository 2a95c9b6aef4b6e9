"""A source says that its innovation is ready to be replicated, and what it gives; or no longer."""

from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from audit.recording import record
from catalogue.actions.curating import locked_current, set_contact
from catalogue.models import Innovation, Offer
from catalogue.rules import may_offer
from files.attaching import attach
from files.storing import store_several

KINDS = ("pdf", "image", "office")
MOST_FILES, MAX_MB = 8, 10


def offer(
    innovation: Innovation,
    *,
    documents: str,
    assistance: str,
    costs: str,
    contact: dict[str, str],
    uploads: Sequence[UploadedFile] = (),
    taken_away: Collection[str] = (),
    by: User,
) -> Offer:
    """Everybody reads from now what the source gives, or what of it changed; `contact` (name, email, phone) becomes
    the innovation's contact. `taken_away`: codes of files that go. New files are checked and stored first.

    PermissionDenied, and ValidationError `merged`, `too_many_files`, or what `store` says of a file."""
    if not may_offer(by, innovation):
        raise PermissionDenied
    stored = store_several(uploads, most=MOST_FILES, kinds=KINDS, by=by, max_mb=MAX_MB)
    texts = {"documents": documents.strip(), "assistance": assistance.strip(), "costs": costs.strip()}
    with transaction.atomic():
        source = locked_current(innovation)
        before = Offer.objects.shown_of(source)
        found = before or Offer.objects.create(innovation=source, offered_by=by, **texts)
        if before:
            Offer.objects.filter(pk=found.pk).update(**texts, changed_at=Now())
        changed = attach(found.files, stored, taken_away=taken_away, most=MOST_FILES)
        record("catalogue.offer", by=by, on=found, data={**texts, **changed})
        if contact != {"name": source.contact_name, "email": source.contact_email, "phone": source.contact_phone}:
            set_contact(source, **contact, by=by)
        return Offer.objects.get(pk=found.pk)


@transaction.atomic
def withdraw_offer(innovation: Innovation, *, by: User) -> None:
    """The source no longer offers it; nobody can ask anew, and the requests that were made go on. Twice is once."""
    if not may_offer(by, innovation):
        raise PermissionDenied
    source = locked_current(innovation)
    while found := Offer.objects.shown_of(source):  # also those of rows joined to it
        Offer.objects.filter(pk=found.pk).update(withdrawn_at=Now())
        record("catalogue.withdraw_offer", by=by, on=found)
