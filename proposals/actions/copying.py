"""Starting this year's proposal from one of an earlier year."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, Unit, User
from audit.recording import record
from competitions.models import Category, DocumentRequirement, Group
from proposals.actions.writing import attach_document, locked_for_writing, start_proposal
from proposals.copying import inherited, won_as
from proposals.models import Answer, AnswerVersion, Document, PastMatch, Proposal

COPIED = ("started_on", "sdgs", "video_url", "is_application")


@transaction.atomic
def start_from(
    earlier: Proposal, *, group: Group, category: Category, agency: Agency, title: str, by: User,
    unit: Unit | None = None,
) -> Proposal:  # fmt: skip
    """A new draft that begins with the earlier proposal's details and with its answers under the questions they belong
    to. Files are not taken over: each is offered again (`reuse_document`). What it won is linked as its history.

    Raises as `start_proposal` does; PermissionDenied when the earlier one is not the agency's or not this person's to
    know of; ValidationError (not_earlier, already_copied) once it was copied into this competition.
    """
    known = Proposal.objects.visible_to(by).filter(pk=earlier.pk, agency=agency).exists()
    if not known:
        raise PermissionDenied
    earlier = Proposal.objects.select_for_update(of=("self",), no_key=True).select_related("competition", "group").get(
        pk=earlier.pk
    )  # fmt: skip
    if earlier.competition.year >= group.competition.year:
        raise ValidationError(_("Only a proposal of an earlier year can be started from."), code="not_earlier")
    copies = earlier.copies.filter(competition=group.competition).exclude(status=Proposal.Status.WITHDRAWN)
    if copies.exists():
        message = _("A proposal of this year was already started from this one. Go on with that one.")
        raise ValidationError(message, code="already_copied")
    proposal = start_proposal(group=group, category=category, agency=agency, title=title, by=by, unit=unit)
    _fill_details(proposal, earlier, by)
    answers = _fill_answers(proposal, earlier, by)
    record("proposals.copy", by=by, on=proposal, data={"from": earlier.code, "answers": answers})
    return proposal


def _fill_details(proposal: Proposal, earlier: Proposal, by: User) -> None:
    for name in COPIED:
        setattr(proposal, name, getattr(earlier, name))
    won = won_as(earlier)
    proposal.copied_from, proposal.past_innovation = earlier, won[0] if won else None
    if proposal.group.needs_source_innovation:
        proposal.source_innovation = earlier.source_innovation
    proposal.save()
    PastMatch.objects.bulk_create(
        PastMatch(
            proposal=proposal, innovation=each, is_same=True, answered_at=proposal.created_at, answered_by=by
        )
        for each in won
    )  # fmt: skip


def _fill_answers(proposal: Proposal, earlier: Proposal, by: User) -> int:
    """Writes the answers that belong under a question of this year, whether too long or not; says how many."""
    now = proposal.created_at
    answers = Answer.objects.bulk_create(
        Answer(
            proposal=proposal, question=each.question, text=each.answer.text, words=each.answer.words, saved_at=now,
            saved_by=by,
        )
        for each in inherited(earlier, proposal.group).carried
        if each.answer and each.answer.words
    )  # fmt: skip
    AnswerVersion.objects.bulk_create(
        AnswerVersion(answer=each, version=each.version, text=each.text, saved_at=now, saved_by=by) for each in answers
    )
    return len(answers)


@transaction.atomic
def reuse_document(proposal: Proposal, requirement: DocumentRequirement, *, by: User) -> Document:
    """Attaches the file that the earlier proposal has for this requirement: the same stored file, checked then.

    Raises ValidationError (nothing_to_reuse, too_large) and as every save does.
    """
    held, _now = locked_for_writing(proposal, by)
    earlier = held.copied_from
    offered = inherited(earlier, held.group).offered if earlier else []
    found = next((each.document for each in offered if each.requirement == requirement), None)
    if found is None:
        raise ValidationError(_("The earlier proposal has no such file."), code="nothing_to_reuse")
    if found.file.size > requirement.max_mb * 1024 * 1024:
        message = _("This file has more than %(most)s MB, the limit of this year. Attach a smaller one.")
        raise ValidationError(message, code="too_large", params={"most": requirement.max_mb.normalize()})
    return attach_document(held, requirement, upload=found.file, by=by)
