"""What can happen to an announcement: drafted, edited, scheduled, taken back, published to those concerned, corrected;
and the extension of a deadline, which announces itself."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules import as_secretariat
from announcements.awarding import feed
from announcements.concerned import concerned, concerned_by_extension
from announcements.extending import chosen
from announcements.models import Announcement
from audit.recording import record
from competitions import calendar
from competitions.actions import revise_stage
from competitions.models import Competition, Stage
from files.models import StoredFile
from judging.actions import send_letters
from judging.models import Selection
from notifications.outbox import reading_as, tell_each, tell_many
from proposals.models import Screening

log = logging.getLogger(__name__)
# A change begun before the moment must not land after it: nobody may have read the text before.
QUIET = timedelta(minutes=1)
CHANGED = gettext_lazy("This announcement was changed meanwhile, by a colleague or in another window.")


@transaction.atomic
def draft_announcement(
    competition: Competition,
    *,
    kind: str,
    number: str,
    title: str,
    body: str,
    selections: Iterable[Selection] = (),
    letter: StoredFile | None = None,
    by: User,
) -> Announcement:
    """Writes a new announcement only the secretariat can see. ValidationError when the number is taken."""
    as_secretariat(by)
    announcement = Announcement(
        competition=competition, kind=kind, number=number.strip(), title=title.strip(), body=body.strip(),
        letter=letter, created_by=by,
    )  # fmt: skip
    return _store(announcement, selections, "announcements.draft", by)


@transaction.atomic
def edit_announcement(
    announcement: Announcement,
    *,
    kind: str,
    number: str,
    title: str,
    body: str,
    selections: Iterable[Selection] = (),
    letter: StoredFile | None = None,
    because: str = "",
    revision: int,
    by: User,
) -> Announcement:
    """Changes an announcement that is not public yet. One that was held becomes a draft again. Twice is once.

    ValidationError `already_public`, `too_close`, `changed` when it was saved since that `revision` was read,
    when the number is taken, and for a scheduled one what scheduling refuses: it becomes public as it stands, and
    nobody looks again.
    """
    as_secretariat(by)
    locked, chosen = _unpublished(announcement), list(selections)
    written: dict[str, object] = {
        "kind": kind,
        "number": number.strip(),
        "title": title.strip(),
        "body": body.strip(),
        "letter": letter,
    }
    if locked.corrects_id:
        written["because"] = because.strip()
    if _stands(locked, written, chosen):
        return locked
    check_read(locked, revision)
    for name, value in written.items():
        setattr(locked, name, value)
    locked.revision += 1
    if locked.is_held:
        locked.publish_at = None
    stored = _store(locked, chosen, "announcements.edit", by)
    if stored.publish_at is not None:
        _check_content(stored)
    return stored


@transaction.atomic
def draft_correction(announcement: Announcement, *, number: str, because: str, by: User) -> Announcement:
    """Begins a new version of a public announcement: its text, its letter's place and the lists as they stand now.

    Only the secretariat sees it until its own moment; from then on the old version is readable under its number as
    corrected. ValidationError `not_public`, `already_corrected`, of the number, or without a reason.
    """
    as_secretariat(by)
    locked = Announcement.objects.with_publicity().select_for_update(of=("self",)).get(pk=announcement.pk)
    if not locked.is_public:
        raise ValidationError(_("What is not public yet is edited, not corrected."), code="not_public")
    if Announcement.objects.filter(corrects=locked).exists():
        raise ValidationError(_("A correction of this version was already begun."), code="already_corrected")
    if not because.strip():
        raise ValidationError({"because": ValidationError(_("Say why it is corrected."), code="no_reason")})
    version = Announcement(
        competition=locked.competition, kind=locked.kind, number=number.strip(), title=locked.title, body=locked.body,
        version=locked.version + 1, corrects=locked, because=because.strip(), created_by=by,
    )  # fmt: skip
    standing = Selection.objects.standing().filter(round__selections__announcements=locked).distinct()
    return _store(version, standing, "announcements.correct", by)


@transaction.atomic
def discard(announcement: Announcement, *, revision: int, by: User) -> None:
    """Removes a draft for good; the record keeps that it was. ValidationError when it is scheduled or public, and
    `changed` when it was saved since that `revision` was read."""
    as_secretariat(by)
    draft = _unpublished(announcement)
    check_read(draft, revision)
    if draft.publish_at is not None:
        raise ValidationError(_("Take it back into writing first."), code="scheduled")
    record("announcements.discard", by=by, on=draft, data={"number": draft.number, "title": draft.title})
    draft.delete()


@transaction.atomic
def schedule(announcement: Announcement, *, publish_at: datetime | None, revision: int, by: User) -> Announcement:
    """Fixes the moment from which everybody sees the announcement; None means now. The same moment twice is once.

    ValidationError `already_public`, `too_close`, `changed` (as in editing it), `in_the_past`, `empty`, `no_list`,
    `foreign_list`, `superseded_list`, `superseded_version` or `not_released`.
    """
    as_secretariat(by)
    announcement, now = _unpublished(announcement), calendar.now()
    if publish_at is not None and announcement.publish_at == publish_at and not announcement.is_held:
        return announcement
    check_read(announcement, revision)
    check_moment(publish_at)
    _check_content(announcement)
    announcement.publish_at, announcement.revision = publish_at or now, announcement.revision + 1
    announcement.save(update_fields=["publish_at", "revision"])
    record("announcements.schedule", by=by, on=announcement, data={"publish_at": announcement.publish_at})
    return announcement


@transaction.atomic
def unschedule(announcement: Announcement, *, by: User) -> Announcement:
    """Takes a scheduled announcement back into writing. ValidationError `already_public` or `too_close`: too late."""
    as_secretariat(by)
    announcement = _unpublished(announcement)
    announcement.publish_at, announcement.revision = None, announcement.revision + 1
    announcement.save(update_fields=["publish_at", "revision"])
    record("announcements.unschedule", by=by, on=announcement)
    return announcement


def announce_due() -> int:
    """Writes to those concerned by what has become public, and feeds the catalogue; returns how many announcements.

    Safe at any time and in several processes at once: each announcement is told in one transaction, once. One that
    cannot be told is tried again the next time and keeps no other waiting.
    """
    told = 0
    for pk in list(Announcement.objects.untold().order_by("publish_at").values_list("pk", flat=True)):
        try:
            told += _announce(pk)
        except Exception:
            log.exception("Announcement %s could not be told.", pk)
    return told


def send_feedback() -> int:
    """Sends the approved letters of feedback about every list that is public by now; returns how many."""
    public = Selection.objects.filter(announcements__in=Announcement.objects.public()).distinct()
    return send_letters(list(public))


@transaction.atomic
def extend_deadline(
    stage: Stage,
    *,
    ends_at: datetime,
    letter_number: str,
    reason: str,
    letter: StoredFile | None = None,
    move: Collection[str] = (),
    by: User,
) -> Announcement:
    """Moves the end of a stage, and the later stages named (their keys) by as many days; publishes an announcement of
    it at once, with the letter, and writes to those with work left in the stage.

    ValidationError of check_extension, of the letter's number, or whatever revising a stage refuses.
    """
    as_secretariat(by)
    locked = Stage.objects.select_for_update(of=("self",)).select_related("competition").get(pk=stage.pk)
    before = locked.ends_at
    check_extension(before, ends_at)
    moved = chosen(locked, ends_at, move)
    revise = partial(revise_stage, letter_number=letter_number, reason=reason, by=by)
    revise(locked, ends_at=ends_at)
    for each in moved:
        revise(each.stage, starts_at=each.starts_at, ends_at=each.ends_at)
    facts: dict[str, object] = {
        "stage": locked,
        "before": before,
        "after": ends_at,
        "moved": moved,
        "letter_number": letter_number,
        "reason": reason,
    }
    announcement = _extension(locked, letter_number, facts, letter, by)
    tell_many(
        concerned_by_extension(locked),
        template="announcements/mail/extension",
        key=f"announcements.extension:{announcement.code}",
        context={**facts, "announcement": announcement},
        link=announcement.get_absolute_url(),
    )
    return announcement


def check_extension(before: datetime | None, ends_at: datetime) -> None:
    """ValidationError `not_later` or `in_the_past` when the deadline `before` cannot be extended to that moment."""
    if before is None or ends_at <= before:
        text = _("An extension ends later than the present deadline.")
        raise ValidationError({"ends_at": ValidationError(text, code="not_later")})
    if ends_at <= calendar.now():
        raise ValidationError({"ends_at": ValidationError(_("This moment has passed."), code="in_the_past")})


def announced_by_letter(letter_number: str) -> Announcement | None:
    """The extension that a letter of this number has announced already: one letter may extend two stages, and whoever
    extends is asked whether it is meant. ValidationError `number_taken` when another announcement carries it."""
    found = Announcement.objects.filter(number=letter_number.strip()).first()
    if found and found.kind != Announcement.Kind.EXTENSION:
        text = _("The announcement “%(title)s” already carries this number.") % {"title": found.title}
        raise ValidationError({"letter_number": ValidationError(text, code="number_taken")})
    return found


def _store(announcement: Announcement, selections: Iterable[Selection], verb: str, by: User) -> Announcement:
    announcement.full_clean(exclude=["publish_at", "told_at", "created_by"])
    chosen = list(selections)
    if any(selection.round.group.competition_id != announcement.competition_id for selection in chosen):
        text = _("A list of another competition cannot be announced here.")
        raise ValidationError({"selections": ValidationError(text, code="other_competition")})
    announcement.save()
    announcement.selections.set(chosen)
    facts = {"number": announcement.number, "title": announcement.title, "kind": announcement.kind}
    if announcement.corrects:
        facts |= {"corrects": announcement.corrects.number, "because": announcement.because}
    if announcement.letter:
        facts["letter_sha256"] = announcement.letter.sha256
    record(verb, by=by, on=announcement, data=facts | {"selections": [selection.code for selection in chosen]})
    return announcement


def _unpublished(announcement: Announcement) -> Announcement:
    """The same row under lock, not public yet and not about to be."""
    locked = Announcement.objects.with_publicity().select_for_update(of=("self",)).filter(pk=announcement.pk).first()
    if locked is None:
        raise ValidationError(_("A colleague has removed this draft."), code="removed")
    if locked.is_public:
        text = _("This announcement is already public and can no longer change. Publish a correction of it.")
        raise ValidationError(text, code="already_public")
    if locked.publish_at and not locked.is_held and locked.publish_at <= calendar.now() + QUIET:
        text = _("It becomes public within a minute and can no longer be stopped. Correct it afterwards.")
        raise ValidationError(text, code="too_close")
    return locked


def _stands(stored: Announcement, written: dict[str, object], selections: list[Selection]) -> bool:
    """Pressed twice: what is asked for is there."""
    same = all(getattr(stored, name) == value for name, value in written.items())
    return same and not stored.is_held and set(selections) == set(stored.selections.all())


def check_moment(publish_at: datetime | None) -> None:
    """ValidationError `in_the_past`."""
    if publish_at is not None and publish_at < calendar.now():
        raise ValidationError({"publish_at": ValidationError(_("This moment has passed."), code="in_the_past")})


def check_read(stored: Announcement, revision: int) -> None:
    """ValidationError `changed` when the announcement is not the `revision` any more that was read."""
    if stored.revision != revision:
        raise ValidationError(CHANGED, code="changed")


def _check_content(announcement: Announcement) -> None:
    kind, attached = announcement.kind, list(announcement.selections.all())
    if announcement.carries_lists and not attached:
        raise ValidationError(_("Attach the list this announcement makes public."), code="no_list")
    if attached and not announcement.carries_lists:
        # its people would read it in public before anybody wrote to them
        text = _("Only an announcement of selection results carries lists. Choose that kind, or take the lists out.")
        raise ValidationError(text, code="foreign_list")
    if Selection.objects.closed().filter(pk__in=[each.pk for each in attached]).count() < len(attached):
        text = _("A list of this announcement is being corrected or was replaced. Attach the list that stands.")
        raise ValidationError(text, code="superseded_list")
    if announcement.corrects_id and not Announcement.objects.public().filter(pk=announcement.corrects_id).exists():
        raise ValidationError(_("The version it corrects is not public."), code="superseded_version")
    if kind == Announcement.Kind.SCREENING:
        screened = Screening.objects.filter(submission__proposal__competition=announcement.competition)
        if not screened.exclude(released_at=None).exists():
            raise ValidationError(_("The screening results are not released yet."), code="not_released")
    elif not attached and not announcement.body:
        raise ValidationError(_("Write the text of the announcement first."), code="empty")


@transaction.atomic
def _announce(pk: int) -> bool:
    announcement = Announcement.objects.untold().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if announcement is None:
        return False  # told meanwhile, or being told by another process
    people = concerned(announcement)
    key = f"announcements.published:{announcement.code}"
    results, published = reverse("announcements:results"), announcement.get_absolute_url()
    own = [
        (one.person, {"announcement": announcement, "outcomes": one.outcomes}, results)
        for one in people
        if one.outcomes
    ]
    tell_each(own, template="announcements/mail/results", key=key)
    others = [one.person for one in people if not one.outcomes]
    context = {"announcement": announcement}
    tell_many(others, template="announcements/mail/published", key=key, context=context, link=published)
    feed(announcement)
    announcement.told_at = calendar.now()
    announcement.save(update_fields=["told_at"])
    record("announcements.publish", by=None, on=announcement, data={"told": len(people)})
    return True


def _extension(
    stage: Stage, letter_number: str, facts: dict[str, object], letter: StoredFile | None, by: User
) -> Announcement:
    now = calendar.now()
    with reading_as(None):  # the public text is in the portal's language and zone, whoever writes it
        title = _("Extension: %(stage)s") % {"stage": stage.name}
        body = render_to_string("announcements/extension_body.txt", facts).strip()
    announcement = Announcement(
        competition=stage.competition, kind=Announcement.Kind.EXTENSION, number=_free_number(letter_number, stage),
        title=title, body=body, letter=letter, publish_at=now, told_at=now, created_by=by,
    )  # fmt: skip
    try:
        return _store(announcement, [], "announcements.extend", by)
    except ValidationError as error:
        if "number" not in error.error_dict:
            raise
        # what was typed is the letter's number: the form knows no other
        raise ValidationError({"letter_number": error.error_dict["number"]}) from error


def _free_number(letter_number: str, stage: Stage) -> str:
    """The letter's number; where the same letter extends a second stage, with that stage's name."""
    number = letter_number.strip()
    return f"{number} ({stage.name})" if announced_by_letter(number) else number
