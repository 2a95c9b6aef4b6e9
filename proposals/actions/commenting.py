"""Remarks on the passages of a proposal, and the letters that gather them."""

from collections import defaultdict
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Question
from proposals import audience, emails, rules
from proposals.actions.writing import locked
from proposals.models import Comment, Proposal

SETTLES = timedelta(minutes=10)  # a reviewer goes on to the next passage: one letter for all of them


@transaction.atomic
def comment(proposal: Proposal, question: Question, *, text: str, by: User, quote: str = "") -> Comment:
    """Keeps a remark on one answer; the others hear of it by letter once the reviewer has come to rest.

    The very same remark again, unresolved, is the first one. Raises PermissionDenied, and ValidationError (empty,
    not_quoted: the passage does not stand in the answer).
    """
    held = locked(proposal)
    if not rules.may_comment(rules.standing(by, held)) or question.aspect.group_id != held.group_id:
        raise PermissionDenied
    text, quote = text.strip(), quote.strip()
    if not text:
        raise ValidationError(_("Write what should be changed."), code="empty")
    answer = held.answers.filter(question=question).first()
    if quote and _plain(quote) not in _plain(answer.text if answer else ""):
        message = _("This passage does not stand in the answer. Copy it from there, or leave it empty.")
        raise ValidationError(message, code="not_quoted")
    same = held.comments.filter(question=question, text=text, quote=quote, made_by=by, resolved_at=None).first()
    if same:
        return same
    made = Comment.objects.create(
        proposal=held, question=question, text=text, quote=quote, made_by=by, made_at=calendar.now()
    )
    record("proposals.comment", by=by, on=held, data={"comment": made.code})
    return made


def _plain(text: str) -> str:
    return " ".join(text.split())


@transaction.atomic
def resolve(remark: Comment, *, by: User) -> None:
    """Marks a remark as done; twice changes nothing. Raises PermissionDenied."""
    row = Comment.objects.select_for_update(of=("self",)).select_related("proposal__agency").get(pk=remark.pk)
    if not rules.may_comment(rules.standing(by, row.proposal)):
        raise PermissionDenied
    if row.resolved_at is None:
        row.resolved_at, row.resolved_by = calendar.now(), by
        row.save(update_fields=["resolved_at", "resolved_by"])
        record("proposals.resolve_comment", by=by, on=row.proposal, data={"comment": row.code})


@transaction.atomic
def tell_comments() -> int:
    """Writes the letters about remarks that have settled: one for each person and proposal. Returns how many.

    Two workers at once: each takes what the other does not hold.
    """
    due = (
        Comment.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(told_at=None, resolved_at=None, made_at__lte=calendar.now() - SETTLES)
        .select_related("proposal__agency", "proposal__lead", "question__aspect", "made_by")
    )
    by_proposal: dict[Proposal, list[Comment]] = defaultdict(list)
    for each in due:
        by_proposal[each.proposal].append(each)
    letters = 0
    for proposal, remarks in by_proposal.items():
        for person in audience.team_and_admin(proposal):
            theirs = [each for each in remarks if each.made_by_id != person.pk]
            if theirs:
                emails.tell_of_comments(proposal, theirs, person)
                letters += 1
    Comment.objects.filter(pk__in=[each.pk for each in due]).update(told_at=calendar.now())
    return letters
