"""A team verifies an entry claim by claim. Locks: the claim alone; a new set of claims locks the round first."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Aspect
from files.storing import store
from judging import rules
from judging.actions.sheets import lock_round, refuse_if_frozen
from judging.models import Claim, ClaimPhoto, Entry
from judging.verification.claims import first_claims

PHOTO_MB = 8
MOST_PHOTOS = 12


@transaction.atomic
def draft_claims(entry: Entry, *, by: User) -> int:
    """Take a first set of claims from the proposal's answers, once; returns how many."""
    _check(entry, by)
    lock_round(entry.round_id)
    if entry.claims.exists():
        raise ValidationError(_("There are claims already; add others one by one."), code="drafted")
    found = Claim.objects.bulk_create(first_claims(entry))
    record("judging.draft_claims", by=by, on=entry.proposal, data={"claims": len(found)})
    return len(found)


@transaction.atomic
def add_claim(entry: Entry, *, text: str, aspect: Aspect | None, by: User) -> Claim:
    """Add something the proposal says to what the team looks at."""
    _check(entry, by)
    claim = Claim(entry=entry, aspect=aspect, text=text.strip())
    claim.full_clean()
    claim.save()
    record("judging.add_claim", by=by, on=claim, data={"text": claim.text})
    return claim


@transaction.atomic
def remove_claim(claim: Claim, *, by: User) -> None:
    """Take back a claim nobody has looked at yet."""
    locked = _locked(claim, by)
    if locked.finding or locked.photos.exists():
        raise ValidationError(_("This claim has a finding or a photograph; it stays."), code="found")
    record("judging.remove_claim", by=by, on=locked, data={"text": locked.text})
    locked.delete()


@transaction.atomic
def record_finding(claim: Claim, *, finding: str, note: str, version: int, by: User) -> Claim:
    """Write down what was found. ValidationError `stale` when somebody of the team saved meanwhile, in which case
    nothing is overwritten; saved twice with the same words, the second changes nothing."""
    locked = _locked(claim, by)
    if (locked.finding, locked.note) == (finding, note.strip()):
        return locked
    if version != locked.version:
        words = _("Somebody of the team saved another finding meanwhile. Nothing was overwritten.")
        raise ValidationError(words, code="stale")
    locked.finding, locked.note, locked.version = finding, note.strip(), locked.version + 1
    locked.found_at, locked.found_by = calendar.now(), by
    locked.full_clean()
    locked.save(update_fields=["finding", "note", "version", "found_at", "found_by"])
    record("judging.record_finding", by=by, on=locked, data={"finding": finding, "version": locked.version})
    return locked


def add_photo(claim: Claim, *, upload: UploadedFile, by: User) -> ClaimPhoto:
    """Keep a photograph of what was found, drawn again by the portal. The same one twice is kept once."""
    _check(claim.entry, by)
    if claim.photos.count() >= MOST_PHOTOS:
        raise ValidationError(
            _("A claim has at most %(count)d photographs."), code="many", params={"count": MOST_PHOTOS}
        )
    stored = store(upload, kinds=["image"], by=by, max_mb=PHOTO_MB)
    with transaction.atomic():
        photo, created = ClaimPhoto.objects.get_or_create(claim=claim, file=stored, defaults={"added_by": by})
        if created:
            record("judging.add_photo", by=by, on=claim, data={"sha256": stored.sha256})
    return photo


@transaction.atomic
def remove_photo(photo: ClaimPhoto, *, by: User) -> None:
    """Take a photograph back; the record keeps its digest."""
    _locked(photo.claim, by)
    record("judging.remove_photo", by=by, on=photo.claim, data={"sha256": photo.file.sha256})
    photo.delete()


def _check(entry: Entry, by: User) -> None:
    """PermissionDenied to who is neither of the team nor of the secretariat; ValidationError once the list is fixed."""
    if not rules.may_verify(by, entry):
        raise PermissionDenied
    refuse_if_frozen(entry.round)


def _locked(claim: Claim, by: User) -> Claim:
    claims = Claim.objects.select_for_update(of=("self",)).select_related("entry__round", "entry__proposal")
    locked = claims.get(pk=claim.pk)
    _check(locked.entry, by)
    return locked
