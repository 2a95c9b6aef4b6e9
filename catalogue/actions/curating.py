"""An innovation gets another name, turns out to be another row, or names who answers about it."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from audit.recording import record
from catalogue.models import Award, Innovation, Merge


def lock_catalogue() -> None:
    """Only one at a time decides which innovations are the same; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue'))")


@transaction.atomic
def rename(innovation: Innovation, *, title: str, by: User) -> Innovation:
    """Gives it its present title; the one before is kept and still found. Raises ValidationError for one that another
    innovation of the agency has."""
    innovation = locked_current(innovation)
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
    other, kept = locked_current(other), locked_current(into)
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
    innovation = locked_current(innovation)
    innovation.contact_name, innovation.contact_email, innovation.contact_phone = name, email, phone
    innovation.save(update_fields=["contact_name", "contact_email", "contact_phone"])
    record("catalogue.set_contact", by=by, on=innovation)
    return innovation


def locked_current(innovation: Innovation) -> Innovation:
    """The row under lock. ValidationError `merged` where another one stands for it."""
    found = Innovation.objects.select_for_update().get(pk=innovation.pk)
    if found.merged_into_id:
        raise ValidationError(_("This innovation was joined to another one meanwhile."), code="merged")
    return found
