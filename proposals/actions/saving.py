"""Saving what is written, by compare-and-set: no save overwrites a text its writer has not seen, none is carried out
twice, and what is refused is set aside where its writers find it again."""

import hashlib
import json
from collections.abc import Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from competitions import calendar
from competitions.models import Question
from proposals import details
from proposals.actions.writing import locked, refuse_unless_writable
from proposals.models import Answer, AnswerVersion, DetailsVersion, Proposal, SaveOnce, SetAside
from proposals.words import clean, count_words

KEYS_KEPT = timedelta(hours=24)


class StaleVersion(Exception):
    """Somebody saved since this was loaded. `current` is the row as it is stored now (None: never written); of the
    details page `fields` names what clashes, all else of it is stored."""

    def __init__(self, current: Answer | Proposal | None, fields: tuple[str, ...] = ()) -> None:
        super().__init__("a newer version is stored")
        self.current = current
        self.fields = fields


def save_answer(
    proposal: Proposal, question: Question, *, text: str, base_version: int, by: User, key: str = ""
) -> Answer:
    """Stores the text of one box if its stored version is still `base_version` (0: none yet), and keeps it as an
    AnswerVersion. The same text again changes nothing; the same `key` again gets the first result.

    Raises StaleVersion with the stored answer, and ValidationError (closed, not_yours_now); either way the text is
    set aside. Raises PermissionDenied to whoever never writes here.
    """
    text = clean(text)
    try:
        with transaction.atomic():
            return _save_answer(proposal, question, text, base_version, by, key)
    except StaleVersion:
        _set_aside_text(proposal, question, text, SetAside.Reason.CONFLICT, by)
        raise
    except ValidationError:
        _set_aside_text(proposal, question, text, SetAside.Reason.LATE, by)
        raise


def _save_answer(
    proposal: Proposal, question: Question, text: str, base_version: int, by: User, key: str
) -> Answer:  # fmt: skip
    held = locked(proposal)
    answer = Answer.objects.select_related("saved_by").filter(proposal=held, question=question).first()
    digest = _digest(key, by, held, question.pk, base_version, text)
    first = SaveOnce.objects.filter(digest=digest).first() if key else None
    if first and answer:
        return _as_it_became(answer, first.version)
    now = refuse_unless_writable(held, by)
    if (answer.text if answer else "") == text:
        return answer or Answer(proposal=held, question=question, version=0, saved_by=by, saved_at=now)
    if (answer.version if answer else 0) != base_version:
        raise StaleVersion(answer)
    answer = keep_answer(answer or Answer(proposal=held, question=question, version=0), text, by=by, now=now)
    if key:
        SaveOnce.objects.create(digest=digest, version=answer.version, made_at=now)
    return answer


def keep_answer(answer: Answer, text: str, *, by: User, now: datetime) -> Answer:
    """The text as the answer's next version. The proposal is locked already, and whether this may be was asked."""
    answer.text, answer.words, answer.version = text, count_words(text), answer.version + 1
    answer.saved_at, answer.saved_by = now, by
    answer.save()
    AnswerVersion.objects.create(answer=answer, version=answer.version, text=text, saved_at=now, saved_by=by)
    Proposal.objects.filter(pk=answer.proposal_id).update(updated_at=now)
    return answer


def _as_it_became(answer: Answer, version: int) -> Answer:
    """The answer as an earlier save left it; not to be saved."""
    kept = answer.versions.select_related("saved_by").get(version=version)
    then = copy(answer)
    then.text, then.words, then.version = kept.text, count_words(kept.text), kept.version
    then.saved_at, then.saved_by = kept.saved_at, kept.saved_by
    return then


def save_details(
    proposal: Proposal, *, changes: Mapping[str, Any], base_version: int, by: User, key: str = ""
) -> Proposal:
    """Stores those of `changes` (of details.FIELDS) that differ from the page as it was at `base_version`, and keeps
    the whole page as a DetailsVersion. Two people who change different fields do not hinder each other.

    Raises StaleVersion naming the fields somebody else changed meanwhile; those are set aside, all others are stored.
    Raises ValidationError (closed, not_yours_now), with all changes set aside, and PermissionDenied.
    """
    assert set(changes) <= set(details.FIELDS), set(changes) - set(details.FIELDS)  # noqa: S101  a programming error
    wanted = details.written(changes)
    try:
        with transaction.atomic():
            held, clashing = _save_details(proposal, changes, base_version, by, key)
    except ValidationError:
        now = details.stored(proposal)
        _set_aside_values(proposal, {name: wanted[name] for name in wanted if wanted[name] != now[name]},
                          SetAside.Reason.LATE, by)  # fmt: skip
        raise
    if clashing:
        _set_aside_values(proposal, {name: wanted[name] for name in clashing}, SetAside.Reason.CONFLICT, by)
        raise StaleVersion(held, clashing)
    return held


def _save_details(
    proposal: Proposal, changes: Mapping[str, Any], base_version: int, by: User, key: str
) -> tuple[Proposal, tuple[str, ...]]:
    """The proposal as it is now, and the fields that clash."""
    held, wanted = locked(proposal), details.written(changes)
    digest = _digest(key, by, held, None, base_version, json.dumps(wanted, sort_keys=True))
    if key and SaveOnce.objects.filter(digest=digest).exists():
        return held, ()
    now, before = refuse_unless_writable(held, by), details.stored(held)
    base = _details_at(held, base_version, before, now)
    mine = [name for name in wanted if wanted[name] != before[name] and wanted[name] != base.get(name, before[name])]
    stale = {name for name in mine if held.version != base_version and base.get(name, ...) != before[name]}
    taken = [name for name in mine if name not in stale]
    if taken:
        keep_details(held, {name: changes[name] for name in taken}, by=by, now=now)
    if key and not stale:
        SaveOnce.objects.create(digest=digest, version=held.version, made_at=now)
    return held, tuple(name for name in mine if name in stale)


def keep_details(held: Proposal, changes: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """The locked proposal with these fields (of details.FIELDS) changed, as the next version of its details page."""
    _details_at(held, held.version, details.stored(held), now)
    for name, value in changes.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*changes, "version", "updated_at"])
    DetailsVersion.objects.create(
        proposal=held, version=held.version, values=details.stored(held), saved_at=now, saved_by=by
    )


def _details_at(proposal: Proposal, version: int, stored: details.Values, now: datetime) -> details.Values:
    """The page as it was at that version; empty where that is not known, so that every difference clashes. The page
    before its first save is kept here, with the moment the proposal was started."""
    if proposal.version == version:
        first = {"values": stored, "saved_at": min(proposal.created_at, now)}
        DetailsVersion.objects.get_or_create(proposal=proposal, version=version, defaults=first)
        return stored
    found = proposal.details_versions.filter(version=version).first()
    return found.values if found else {}


def _digest(key: str, by: User, proposal: Proposal, question: int | None, base_version: int, content: str) -> str:
    """What makes a request the same request. With other content it is another one, though a browser's page that was
    gone back to sends its old key again."""
    asked = json.dumps([key, by.pk, proposal.pk, question, base_version, content])
    return hashlib.sha256(asked.encode()).hexdigest()


@transaction.atomic
def _set_aside_text(proposal: Proposal, question: Question, text: str, reason: str, by: User) -> None:
    """Keeps the text outside of the proposal, once, unless its history holds it already."""
    own: QuerySet[SetAside] = SetAside.objects.filter(proposal=proposal, question=question, made_by=by, text=text)
    versions = AnswerVersion.objects.filter(answer__proposal=proposal, answer__question=question, text=text)
    if text.strip() and not own.exists() and not versions.exists():
        SetAside.objects.create(
            proposal=proposal, question=question, text=text, reason=reason, made_at=calendar.now(), made_by=by
        )


@transaction.atomic
def _set_aside_values(proposal: Proposal, values: details.Values, reason: str, by: User) -> None:
    own = SetAside.objects.filter(proposal=proposal, question=None, made_by=by, values=values)
    if values and not own.exists():
        SetAside.objects.create(proposal=proposal, values=values, reason=reason, made_at=calendar.now(), made_by=by)


def forget_old_keys() -> int:
    """Deletes the keys of saves older than a day; says how many."""
    forgotten, _rows = SaveOnce.objects.filter(made_at__lt=calendar.now() - KEYS_KEPT).delete()
    return forgotten
