"""Starting a proposal, and its documents. Every change locks the proposal: nothing slips in while it is sent."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, Unit, User
from audit.recording import record
from competitions.models import Category, DocumentRequirement, Group
from files.models import StoredFile
from files.quotas import Payer
from files.storing import store
from proposals import rules
from proposals.models import Document, Proposal
from proposals.workflow import refuse_unless_open


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


def attach_document(
    proposal: Proposal, requirement: DocumentRequirement, *, upload: UploadedFile | StoredFile, by: User
) -> Document:
    """Checks and stores the file, then makes it the requirement's current one; a replaced file stays stored.

    The same file again (a retry after a lost answer) changes nothing. Raises ValidationError in words for the person
    (closed, too_large, wrong_kind, …).
    """
    if isinstance(upload, StoredFile):
        return _attach(proposal, requirement, upload, by)
    with transaction.atomic():
        locked_for_writing(proposal, by)  # refuses before the costly check of the file, which holds no lock
    stored = store(upload, kinds=requirement.accepts, by=by, max_mb=requirement.max_mb, payers=payers_of(proposal))
    return _attach(proposal, requirement, stored, by)


@transaction.atomic
def _attach(proposal: Proposal, requirement: DocumentRequirement, stored: StoredFile, by: User) -> Document:
    held, now = locked_for_writing(proposal, by)
    if requirement.group_id != held.group_id:
        raise ValidationError(_("This group does not ask for that document."), code="wrong_document")
    put_document(held, requirement, stored, by=by, now=now)
    return held.documents.get(requirement=requirement)


def put_document(
    held: Proposal, requirement: DocumentRequirement, stored: StoredFile, *, by: User, now: datetime
) -> bool:
    """The file as the requirement's current one in the locked proposal; False where it is that already."""
    if held.documents.filter(requirement=requirement, file=stored).exists():
        return False
    Document.objects.update_or_create(
        proposal=held, requirement=requirement, defaults={"file": stored, "attached_at": now, "attached_by": by}
    )
    Proposal.objects.filter(pk=held.pk).update(updated_at=now)
    record("proposals.attach", by=by, on=held, data={"requirement": requirement.key, "sha256": stored.sha256})
    return True


def payers_of(proposal: Proposal) -> list[Payer]:
    """Whose allowance of the day an upload for this proposal uses, beside its sender's."""
    return [Payer("proposal", proposal.code), Payer("agency", proposal.agency.code)]


@transaction.atomic
def remove_document(proposal: Proposal, requirement: DocumentRequirement, *, by: User) -> None:
    """Takes the requirement's file off the proposal; the file itself stays stored."""
    held, now = locked_for_writing(proposal, by)
    removed, _rows = held.documents.filter(requirement=requirement).delete()
    if removed:
        Proposal.objects.filter(pk=held.pk).update(updated_at=now)
        record("proposals.remove_document", by=by, on=held, data={"requirement": requirement.key})


def locked_for_writing(proposal: Proposal, by: User) -> tuple[Proposal, datetime]:
    """The proposal's row, locked to the end of the transaction, if this person may write in it now; and this now."""
    found = locked(proposal)
    return found, refuse_unless_writable(found, by)


def locked(proposal: Proposal) -> Proposal:
    """The proposal's row, locked to the end of the transaction. Only what never changes is joined: a join on what the
    lock waited for (its lead, say) would lose the row."""
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("competition", "agency__parent").get(pk=proposal.pk)


def refuse_unless_writable(proposal: Proposal, by: User) -> datetime:
    """The database's now. Raises PermissionDenied, or ValidationError (closed, not_yours_now) to those who write in
    it at other times."""
    who = rules.standing(by, proposal)
    may_edit = rules.may_edit(who)
    if not may_edit and not rules.may_ever_edit(who):
        raise PermissionDenied
    now = refuse_unless_open(proposal.competition)
    if not may_edit:
        raise ValidationError(
            _("Nothing was saved: the proposal is now “%(status)s”. Copy your text before you leave this page."),
            code="not_yours_now",
            params={"status": proposal.get_status_display()},
        )
    return now
