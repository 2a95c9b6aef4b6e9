"""Taking a file from a person: size, allowance, structure, virus scanner; then stored by content, name opaque."""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from files.antivirus import ScannerAway, virus_in
from files.kinds import FORMATS, format_of, is_of
from files.models import StoredFile
from files.names import clean_name
from files.quotas import MB, Payer, charge
from files.refusals import REASONS, refusal

PATIENCE = 10  # seconds of waiting, on a machine that is busy with other things
_CHECK = "import sys; sys.path.append(sys.argv[1]); from files.cleaning.process import main; main(*sys.argv[2:])"


def store(
    upload: UploadedFile,
    *,
    kinds: Collection[str],
    by: AbstractBaseUser | None,
    max_mb: Decimal | float,
    payers: Collection[Payer] = (),
) -> StoredFile:
    """Checks the upload, writes it again without what acts by itself, and stores it.

    `kinds` are keys of files.kinds.KINDS. The day's allowance of `by` and of each payer is used. The same content
    under the same name from the same person is the same StoredFile: sending again after a lost answer changes
    nothing. Raises ValidationError with a code of files.refusals.REASONS, in words for the person.
    """
    size = upload.size or 0
    _check_size(size, limit=int(Decimal(str(max_mb)) * MB))
    charge([*payers, *([Payer("user", str(by.pk))] if by else [])], size=size)
    with _on_disk(upload) as source:
        digest = _digest(source)
        known = _checked_before(digest, kinds)
        checked = None if known else _checked(source, kinds)
        _refuse_viruses(source)
        as_row = partial(_row, source_sha256=digest, name=upload.name or "", by=by)
        stored = _kept_before(known, as_row) if known else None
        return stored or _kept(*(checked or _checked(source, kinds)), as_row)


def check_number(files: int, most: int, *, field: str = "uploads") -> None:
    """ValidationError `too_many_files` for the form's field."""
    if files > most:
        words = _("At most %(number)d files can be attached.") % {"number": most}
        raise ValidationError({field: ValidationError(words, code="too_many_files")})


def store_several(
    uploads: Sequence[UploadedFile], *, field: str = "uploads", most: int, **how: Any
) -> list[StoredFile]:
    """Each as `store(upload, **how)` does; what is refused, also more than `most`, is said of the form's field."""
    check_number(len(uploads), most, field=field)
    try:
        return [store(upload, **how) for upload in uploads]
    except ValidationError as error:
        raise ValidationError({field: error}) from None


@transaction.atomic
def _kept_before(known: StoredFile, as_row: Callable[[StoredFile], StoredFile]) -> StoredFile | None:
    """The row; None where the bytes were cleaned up since they were found."""
    lock_content(known.sha256)
    return as_row(known) if default_storage.exists(known.path) else None


@transaction.atomic
def _kept(like: StoredFile, content: Path, as_row: Callable[[StoredFile], StoredFile]) -> StoredFile:
    """The row, and the bytes if they are not there yet; nobody cleans up this content meanwhile."""
    lock_content(like.sha256)
    if not default_storage.exists(like.path):
        with content.open("rb") as file:
            default_storage.save(like.path, File(file))
    return as_row(like)


def _row(like: StoredFile, *, source_sha256: str, name: str, by: AbstractBaseUser | None) -> StoredFile:
    name = clean_name(name, extension=FORMATS[format_of(like.media_type)].extension)
    facts = {"name": name, "media_type": like.media_type, "size": like.size, "sha256": like.sha256, "path": like.path}
    facts |= {"uploaded_by_id": by.pk if by else None, "source_sha256": source_sha256}
    stored = StoredFile.objects.filter(**facts).first() or StoredFile(**facts)
    stored.uploaded_at = timezone.now()  # also of one sent again: it is in use from now
    stored.save()
    return stored


@transaction.atomic
def keep(content: bytes, *, name: str, media_type: str) -> StoredFile:
    """Stores what the portal itself wrote, by content like everything else, and returns its row."""
    digest = hashlib.sha256(content).hexdigest()
    path = f"{digest[:2]}/{digest[2:4]}/{digest}"
    lock_content(digest)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return StoredFile.objects.create(name=name, media_type=media_type, size=len(content), sha256=digest, path=path)


def lock_content(sha256: str) -> None:
    """One at a time stores or cleans up this content, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15] or "0", 16)])


def _check_size(size: int, *, limit: int) -> None:
    if not size:
        raise refusal("empty")
    if size > limit:
        raise refusal("too_large", size=filesizeformat(size), limit=filesizeformat(limit))


@contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        source = Path(folder, "source")
        with source.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        yield source


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked_before(source: str, kinds: Collection[str]) -> StoredFile | None:
    """A file made from the same bytes, if it is of a kind accepted here and still there."""
    known = StoredFile.objects.filter(source_sha256=source).first()
    if known and is_of(format_of(known.media_type), kinds) and default_storage.exists(known.path):
        return known
    return None


def _checked(source: Path, kinds: Collection[str]) -> tuple[StoredFile, Path]:
    """The harmless twin beside the source, with a row that says what it is."""
    target = source.with_name("target")
    verdict, _space, said = verdict_on(source, target, kinds).partition(" ")
    if verdict != "ok":
        raise refusal(said if said in REASONS else "too_heavy", kinds=kinds)
    digest = _digest(target)
    path = f"{digest[:2]}/{digest[2:4]}/{digest}"
    media_type = FORMATS[said].media_type
    return StoredFile(media_type=media_type, size=target.stat().st_size, sha256=digest, path=path), target


def verdict_on(source: Path, target: Path, kinds: Collection[str]) -> str:
    """What the checking process prints; nothing, if its limits ended it."""
    command = check_command(source, target, kinds)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip()


def check_command(source: Path, target: Path, kinds: Collection[str]) -> list[str]:
    arguments = [str(source), str(target), ",".join(kinds), str(settings.UPLOAD_CHECK_SECONDS)]
    return [sys.executable, "-I", "-c", _CHECK, str(settings.BASE_DIR), *arguments]


def _refuse_viruses(source: Path) -> None:
    try:
        found = virus_in(source)
    except ScannerAway:
        raise refusal("scanner_away") from None
    if found:
        raise refusal("virus")
