"""What can happen to the catalogue: an innovation wins something, gets another name, turns out to be another row; a
spreadsheet of past awards is taken in."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.recording import record
from catalogue import importing
from catalogue.columns import guess
from catalogue.models import IMPLIED, Award, Import, Innovation, Merge
from catalogue.spreadsheets import Table
from notifications.outbox import wake

WRITE_IMPORTS = "catalogue.tasks.write_imports"  # woken by each confirmation of a large file, swept each minute
AT_ONCE = 1000  # rows written while the person waits


@transaction.atomic
def record_award(
    *,
    title: str,
    agency: Agency | None,
    agency_name: str = "",
    category_name: str = "",
    summary: str = "",
    sdgs: Sequence[int] = (),
    year: int,
    tier: str,
    label: str,
    source: str = "",
    innovation: Innovation | None = None,
    by: User | None = None,
) -> Award:
    """Put an award into the catalogue, with its innovation if the catalogue does not hold it yet.

    The innovation is the one given, or the one with this title and agency. A winner becomes a finalist of the same
    year too, where no award says so already. An award that is there already is left alone: safe to call again.
    `by` is empty when the portal itself publishes at the due moment.
    """
    if innovation and innovation.merged_into:
        innovation = innovation.merged_into
    facts = {"category_name": category_name, "summary": summary, "sdgs": list(sdgs), "source": source}
    innovation = innovation or _innovation(title, agency, agency_name, facts)
    award, created = innovation.awards.get_or_create(year=year, tier=tier, defaults={"label": label[:100]})
    if implied := IMPLIED.get(tier):
        innovation.awards.get_or_create(year=year, tier=implied, defaults={"label": str(Award.Tier(implied).label)})
    if created:
        data = {"year": year, "tier": tier, "label": award.label}
        record("catalogue.record_award", by=by, on=innovation, data=data)
    return award


@transaction.atomic
def withdraw_award(
    *, title: str, agency: Agency, year: int, tier: str, reason: str, innovation: Innovation | None = None
) -> bool:
    """Take back an award that a corrected announcement no longer gives; the innovation stays. Twice is once."""
    if innovation is None:
        innovation = Innovation.objects.filter(title__iexact=title.strip(), agency_name=agency.name).first()
    if innovation and innovation.merged_into:
        innovation = innovation.merged_into
    award = innovation.awards.filter(year=year, tier=tier).first() if innovation else None
    if innovation is None or award is None:
        return False
    data = {"year": year, "tier": tier, "label": award.label, "reason": reason}
    record("catalogue.withdraw_award", by=None, on=innovation, data=data)
    award.delete()
    return True


def _innovation(title: str, agency: Agency | None, agency_name: str, facts: dict[str, Any]) -> Innovation:
    title, agency_name = title.strip(), agency_name or (agency.name if agency else "")
    known = (
        Innovation.objects.select_related("merged_into").filter(title__iexact=title, agency_name=agency_name).first()
    )
    found = known and (known.merged_into or known)
    defaults = {"agency": agency, **facts}
    return found or Innovation.objects.get_or_create(title=title, agency_name=agency_name, defaults=defaults)[0]


@transaction.atomic
def begin_import(table: Table, *, name: str, by: User) -> Import:
    """Keeps the lines of a spreadsheet, with a guess of what its columns hold. The catalogue stays as it is."""
    found = Import.objects.create(
        name=name[:200], heads=table.heads, lines=table.lines, places=guess(table.heads), made_by=by
    )
    record("catalogue.begin_import", by=by, on=found, data={"lines": len(table.lines)})
    return found


@transaction.atomic
def settle_import(
    found: Import, *, places: dict[str, int], as_written: list[str], same: dict[str, str], by: User
) -> Import:
    """Notes what the columns hold, which agencies are taken as written and which rows are which innovation."""
    found = _draft(found)
    found.places, found.as_written, found.same = places, sorted(as_written), same
    found.save(update_fields=["places", "as_written", "same"])
    return found


@transaction.atomic
def confirm_import(found: Import, *, by: User) -> Import:
    """Writes all rows into the catalogue, or none; a large file is left to a worker, which does the same.

    Raises ValidationError if a row is wrong or undecided, also by what changed in the catalogue since."""
    found = _draft(found)
    record("catalogue.confirm_import", by=by, on=found, data={"lines": len(found.lines)})
    if len(found.lines) > AT_ONCE:
        found.state = Import.State.QUEUED
        found.save(update_fields=["state"])
        wake(WRITE_IMPORTS)
        return found
    return _write_import(found)


def write_imports() -> int:
    """Writes what waits, each whole or not at all; returns how many. Safe to run twice at once."""
    written = 0
    for pk in list(Import.objects.filter(state=Import.State.QUEUED).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                rows = Import.objects.select_for_update(skip_locked=True)
                if found := rows.filter(pk=pk, state=Import.State.QUEUED).first():
                    _write_import(found)
                    written += 1
        except (ValidationError, IntegrityError) as error:
            said = (
                " ".join(error.messages)
                if isinstance(error, ValidationError)
                else _("The catalogue changed meanwhile.")
            )
            Import.objects.filter(pk=pk, state=Import.State.QUEUED).update(state=Import.State.FAILED, problem=said)
    return written


def _write_import(found: Import) -> Import:
    lock_catalogue()
    found.written = importing.write(found)
    found.state, found.written_at = Import.State.DONE, Now()
    found.save(update_fields=["written", "state", "written_at"])
    found.refresh_from_db(fields=["written_at"])
    record("catalogue.write_import", by=found.made_by, on=found, data={k: len(v) for k, v in found.written.items()})
    return found


@transaction.atomic
def undo_import(found: Import, *, by: User) -> Import:
    """Takes back all that the import brought. Raises ValidationError if anything else refers to it by now."""
    found = Import.objects.select_for_update().get(pk=found.pk)
    if found.state != Import.State.DONE:
        raise ValidationError(_("This import is not in the catalogue."), code="not_written")
    lock_catalogue()
    if titles := importing.touched(found):
        message = _("Something else refers to what it brought: %s. Correct those rows one by one.")
        raise ValidationError(message % ", ".join(titles[:3]), code="touched")
    Award.objects.filter(pk__in=found.written["awards"]).delete()
    Innovation.objects.filter(pk__in=found.written["innovations"]).delete()
    found.state = Import.State.UNDONE
    found.save(update_fields=["state"])
    record("catalogue.undo_import", by=by, on=found, data={k: len(v) for k, v in found.written.items()})
    return found


@transaction.atomic
def discard_import(found: Import, *, by: User) -> Import:
    """Forgets the lines of an import that was never written."""
    found = Import.objects.select_for_update().get(pk=found.pk)
    if found.state not in (Import.State.DRAFT, Import.State.FAILED):
        raise ValidationError(_("This import was written already."), code="written")
    found.state, found.lines = Import.State.DISCARDED, []
    found.save(update_fields=["state", "lines"])
    record("catalogue.discard_import", by=by, on=found)
    return found


def _draft(found: Import) -> Import:
    found = Import.objects.select_for_update().get(pk=found.pk)
    if found.state != Import.State.DRAFT:
        raise ValidationError(_("This import was written already."), code="written")
    return found


def lock_catalogue() -> None:
    """Only one at a time decides which innovations are the same; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue'))")


@transaction.atomic
def rename(innovation: Innovation, *, title: str, by: User) -> Innovation:
    """Gives it its present title; the one before is kept and still found. Raises ValidationError for one that another
    innovation of the agency has."""
    innovation = _current(innovation)
    title = " ".join(title.split())
    if title == innovation.title:
        return innovation
    same = Innovation.objects.filter(title__iexact=title, agency_name=innovation.agency_name)
    if same.exclude(pk=innovation.pk).exists():
        raise ValidationError(
            _("Another innovation of this agency has this title. Join the two instead."), code="title_taken"
        )
    before = innovation.title
    others = [each for each in innovation.former_titles if each != title]
    innovation.title, innovation.former_titles = title, [*others, before]
    innovation.save(update_fields=["title", "former_titles"])
    record("catalogue.rename", by=by, on=innovation, data={"from": before, "to": title})
    return innovation


@transaction.atomic
def merge(other: Innovation, *, into: Innovation, reason: str, by: User) -> Merge:
    """`other` turns out to be `into`, which gets its awards and titles; the address of `other` leads there.

    The row itself stays as it was, for all that refers to it, and so that it can be undone."""
    lock_catalogue()
    other, kept = _current(other), _current(into)
    if other.pk == kept.pk:
        raise ValidationError(_("Choose another innovation than this one."), code="itself")
    if other.merged.exists():
        raise ValidationError(
            _("Another row was joined to this one. Join this one's pair to it the other way round."), code="has_merged"
        )
    known = {kept.title, *kept.former_titles}
    titles = [each for each in dict.fromkeys([*other.former_titles, other.title]) if each not in known]
    awards = []
    for award in other.awards.order_by("pk"):
        same, is_new = kept.awards.get_or_create(year=award.year, tier=award.tier, defaults={"label": award.label})
        awards += [same.pk] if is_new else []
    kept.former_titles = [*kept.former_titles, *titles]
    kept.save(update_fields=["former_titles"])
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    added = {"awards": awards, "titles": titles}
    merged = Merge.objects.create(kept=kept, other=other, reason=reason, added=added, made_by=by)
    record("catalogue.merge", by=by, on=kept, data={"other": other.code, "reason": reason, **added})
    return merged


@transaction.atomic
def undo_merge(merged: Merge, *, by: User) -> Merge:
    """Makes two innovations of them again; what the kept one got from the other is taken away."""
    lock_catalogue()
    merged = Merge.objects.select_for_update().get(pk=merged.pk)
    if merged.undone_at:
        raise ValidationError(_("The two were parted already."), code="undone")
    kept = Innovation.objects.select_for_update().get(pk=merged.kept_id)
    Award.objects.filter(pk__in=merged.added["awards"], innovation=kept).delete()
    kept.former_titles = [each for each in kept.former_titles if each not in merged.added["titles"]]
    kept.save(update_fields=["former_titles"])
    Innovation.objects.filter(pk=merged.other_id).update(merged_into=None)
    merged.undone_at, merged.undone_by = Now(), by
    merged.save(update_fields=["undone_at", "undone_by"])
    record("catalogue.undo_merge", by=by, on=kept, data={"other": merged.other.code})
    return merged


@transaction.atomic
def set_contact(innovation: Innovation, *, name: str, email: str, phone: str, by: User) -> Innovation:
    """Names who answers those who want to replicate it; the record says that it changed, not who it is."""
    innovation = _current(innovation)
    innovation.contact_name, innovation.contact_email, innovation.contact_phone = name, email, phone
    innovation.save(update_fields=["contact_name", "contact_email", "contact_phone"])
    record("catalogue.set_contact", by=by, on=innovation)
    return innovation


def _current(innovation: Innovation) -> Innovation:
    found = Innovation.objects.select_for_update().get(pk=innovation.pk)
    if found.merged_into_id:
        raise ValidationError(_("This innovation was joined to another one meanwhile."), code="merged")
    return found
