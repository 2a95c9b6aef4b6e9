"""Taking a PDF from a person: size first, then structure, then stored by content under an opaque name."""

import hashlib
import subprocess
import sys
import tempfile
import uuid
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files import cleaning
from files.models import StoredFile
from files.names import clean_name

REASONS = {
    "not_a_pdf": _("This file is not a PDF. Save or scan the document as PDF and attach it again."),
    "broken_pdf": _("This PDF is damaged or incomplete. Open it, save it again as PDF and attach the new file."),
    "encrypted_pdf": _("This PDF is protected by a password. Save it without protection and attach it again."),
    "empty_pdf": _("This PDF has no pages."),
    "too_many_pages": _("This PDF has more than %(pages)s pages. Attach only the pages that are asked for."),
    "too_heavy": _("This PDF is too complex to check. Print it to a new PDF and attach that file."),
}


def store_pdf(upload: UploadedFile, *, by: AbstractBaseUser | None, max_mb: Decimal | float) -> StoredFile:
    """Checks the upload, writes it again without active content and stores it. One row for each upload; equal
    contents share their bytes, and bytes that were cleaned before are not cleaned again.

    Raises ValidationError with code "empty", "too_large", or one of REASONS, in words for the person.
    """
    _check_size(upload, limit=int(Decimal(str(max_mb)) * 1024 * 1024))
    source = _digest(upload)
    stored = _cleaned_before(source) or _clean_and_save(upload)
    stored.pk = uuid.uuid4()
    stored.source_sha256 = source
    stored.name = clean_name(upload.name or "")
    stored.uploaded_at = timezone.now()
    stored.uploaded_by_id = by.pk if by else None
    stored.save(force_insert=True)
    return stored


def _cleaned_before(source: str) -> StoredFile | None:
    known = StoredFile.objects.filter(source_sha256=source).first()
    return known if known and default_storage.exists(known.path) else None


def _clean_and_save(upload: UploadedFile) -> StoredFile:
    content = _cleaned(upload)
    digest = hashlib.sha256(content).hexdigest()
    path = f"{digest[:2]}/{digest[2:4]}/{digest}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return StoredFile(media_type="application/pdf", size=len(content), sha256=digest, path=path)


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _check_size(upload: UploadedFile, *, limit: int) -> None:
    size = upload.size or 0
    if not size:
        raise ValidationError(_("This file is empty."), code="empty")
    if size > limit:
        raise ValidationError(
            _("This file is %(size)s; at most %(limit)s is allowed. Make it smaller, for example by scanning in grey."),
            code="too_large",
            params={"size": filesizeformat(size), "limit": filesizeformat(limit)},
        )


def _cleaned(upload: UploadedFile) -> bytes:
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        source, target = Path(folder, "source.pdf"), Path(folder, "target.pdf")
        with source.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        verdict = _verdict(source, target)
        if verdict != "ok":
            raise ValidationError(REASONS[verdict], code=verdict, params={"pages": cleaning.MAX_PAGES})
        return target.read_bytes()


def _verdict(source: Path, target: Path) -> str:
    """What the cleaning process says; a process that was stopped by its limits says "too_heavy"."""
    command = [sys.executable, "-I", cleaning.__file__, str(source), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=2 * cleaning.MAX_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        return "too_heavy"
    said = done.stdout.strip()
    return said if said == "ok" or said in REASONS else "too_heavy"
