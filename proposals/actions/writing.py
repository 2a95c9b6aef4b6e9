"""Starting and writing a proposal. Every save locks the proposal, so that nothing slips in while it is being sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, Unit, User
from audit.recording import record
from competitions.models import Category, DocumentRequirement, Group, Question
from files.models import StoredFile
from files.storing import store_pdf
from proposals import rules
from proposals.models import Answer, AnswerVersion, Document, Proposal
from proposals.words import count_words
from proposals.workflow import refuse_unless_open

DETAILS = frozenset({
    "title", "started_on", "category", "sdgs", "video_url", "is_application", "unit", "past_innovation",
    "source_innovation",
})  # fmt: skip


class StaleVersion(Exception):
    """Somebody saved since this text was loaded. `current` is the row as it is stored now (None: it is gone)."""

    def __init__(self, current: Answer | Proposal | None) -> None:
        super().__init__("a newer version is stored")
        self.current = current


@transaction.atomic
def start_proposal(
    *, group: Group, category: Category, agency: Agency, title: str, by: User, unit: Unit | None = None
) -> Proposal:
    """A new draft, led by the one who starts it. Raises PermissionDenied to those who neither belong to the agency
    nor act for it, and ValidationError (closed, unit_closed, wrong_category, not_invited, not_participating)."""
    if not rules.may_start(by, agency, unit):
        raise PermissionDenied
    now = refuse_unless_open(group.competition)
    proposal = Proposal(
        competition=group.competition, group=group, category=category, agency=agency, unit=unit, lead=by,
        title=title.strip(), created_at=now,
    )  # fmt: skip
    if unit and not unit.is_open:
        message = _("The unit %(unit)s is closed; the agency admin can open it again.")
        raise ValidationError(message, code="unit_closed", params={"unit": unit})
    if category.competition_id != group.competition_id:
        raise ValidationError(_("This category belongs to another year."), code="wrong_category")
    if not agency.participates:
        raise ValidationError(_("This agency takes part through its province."), code="not_participating")
    if not group.invites(agency):
        raise ValidationError(_("This group is by invitation only."), code="not_invited")
    proposal.save()
    record("proposals.start", by=by, on=proposal, data={"group": group.key, "category": category.key})
    return proposal


@transaction.atomic
def save_details(proposal: Proposal, *, changes: Mapping[str, Any], base_version: int, by: User) -> Proposal:
    """Stores fields of DETAILS if nobody saved the page since `base_version`; else raises StaleVersion."""
    locked, _now = _locked_for_writing(proposal, by)
    assert set(changes) <= DETAILS, set(changes) - DETAILS  # noqa: S101  a programming error, never user input
    changed = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    if not changed:
        return locked
    if locked.version != base_version:
        raise StaleVersion(locked)
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*changed, "version", "updated_at"])
    return locked


@transaction.atomic
def save_answer(proposal: Proposal, question: Question, *, text: str, base_version: int, by: User) -> Answer:
    """Stores the text of one box if its stored version is still `base_version` (0: none yet), and keeps it as an
    AnswerVersion. The same text again changes nothing. Raises StaleVersion with the stored answer otherwise."""
    locked, now = _locked_for_writing(proposal, by)
    text = _cleaned(text)
    answer = Answer.objects.select_related("saved_by").filter(proposal=locked, question=question).first()
    if (answer.text if answer else "") == text:
        return answer or Answer(proposal=locked, question=question, version=0, saved_by=by)
    if (answer.version if answer else 0) != base_version:
        raise StaleVersion(answer)
    answer = answer or Answer(proposal=locked, question=question, version=0)
    answer.text, answer.words, answer.version = text, count_words(text), answer.version + 1
    answer.saved_at, answer.saved_by = now, by
    answer.save()
    AnswerVersion.objects.create(
        answer=answer, version=answer.version, text=text, saved_at=answer.saved_at, saved_by=by
    )
    Proposal.objects.filter(pk=locked.pk).update(updated_at=answer.saved_at)
    return answer


def _cleaned(text: str) -> str:
    """Line ends as one sign, and no NUL, which the database cannot hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def attach_document(
    proposal: Proposal, requirement: DocumentRequirement, *, upload: UploadedFile | StoredFile, by: User
) -> Document:
    """Checks and stores the file, then makes it the requirement's current one; a replaced file stays stored.

    Raises ValidationError in words for the person (closed, too_large, not_a_pdf, …).
    """
    if isinstance(upload, StoredFile):
        return _attach(proposal, requirement, upload, by)
    with transaction.atomic():
        _locked_for_writing(proposal, by)  # refuses before the costly check of the file, which holds no lock
    return _attach(proposal, requirement, store_pdf(upload, by=by, max_mb=requirement.max_mb), by)


@transaction.atomic
def _attach(proposal: Proposal, requirement: DocumentRequirement, stored: StoredFile, by: User) -> Document:
    locked, now = _locked_for_writing(proposal, by)
    if requirement.group_id != locked.group_id:
        raise ValidationError(_("This group does not ask for that document."), code="wrong_document")
    document, _created = Document.objects.update_or_create(
        proposal=locked, requirement=requirement, defaults={"file": stored, "attached_at": now, "attached_by": by}
    )
    Proposal.objects.filter(pk=locked.pk).update(updated_at=now)
    record("proposals.attach", by=by, on=locked, data={"requirement": requirement.key, "sha256": stored.sha256})
    return document


@transaction.atomic
def remove_document(proposal: Proposal, requirement: DocumentRequirement, *, by: User) -> None:
    """Takes the requirement's file off the proposal; the file itself stays stored."""
    locked, now = _locked_for_writing(proposal, by)
    removed, _rows = locked.documents.filter(requirement=requirement).delete()
    if removed:
        Proposal.objects.filter(pk=locked.pk).update(updated_at=now)
        record("proposals.remove_document", by=by, on=locked, data={"requirement": requirement.key})


def _locked_for_writing(proposal: Proposal, by: User) -> tuple[Proposal, datetime]:
    """The proposal's row, locked to the end of the transaction, if this person may write in it now; and this now."""
    locked = (
        Proposal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("competition", "agency", "category")
        .get(pk=proposal.pk)
    )
    now = refuse_unless_open(locked.competition)
    if not rules.may_edit(by, locked):
        if rules.may_ever_edit(by, locked):
            raise ValidationError(
                _("Nothing was saved: the proposal is now “%(status)s”. Copy your text before you leave this page."),
                code="not_yours_now",
                params={"status": locked.get_status_display()},
            )
        raise PermissionDenied
    return locked, now
