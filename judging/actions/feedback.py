"""Letters of feedback: drafted in bulk, their comments let through one by one, approved, and sent once the list they
speak of is public. Nobody outside the secretariat sees a letter before it is sent."""

import random
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from judging.actions.sheets import managing
from judging.feedback.facts import pieces_of
from judging.feedback.naming import Names
from judging.models import (
    Assessment,
    Entry,
    FeedbackComment,
    FeedbackLetter,
    FeedbackRun,
    Juror,
    Selection,
    SelectionEntry,
)  # fmt: skip
from notifications import outbox
from proposals.audience import people_behind

ABANDONED = timedelta(minutes=10)
CHUNK = 200  # letters sent in one transaction
State, Decision = FeedbackLetter.State, FeedbackComment.Decision


@transaction.atomic
def request_letters(judging_round: Round, *, by: User, wake: bool = True) -> FeedbackRun:
    """Ask a worker to draft the letters of a round whose list is fixed. What is drafted is drafted anew, decisions on
    comments stay; approved and sent letters are not touched. ValidationError `not_fixed` or `running`."""
    managing(by)
    if Selection.objects.of(judging_round) is None:
        raise ValidationError(_("Letters are drafted once the plenary has fixed the list."), code="not_fixed")
    try:
        with transaction.atomic():
            run = FeedbackRun.objects.create(round=judging_round, asked_at=calendar.now(), asked_by=by)
    except IntegrityError as error:
        raise ValidationError(_("The letters of this round are being drafted."), code="running") from error
    record("judging.request_letters", by=by, on=judging_round)
    if wake:
        outbox.wake("judging.tasks.draft_letters", run.pk)
    return run


def draft_letters(pk: int) -> FeedbackRun | None:
    """Do a waiting run; None when it is done or another worker has it. A second run finds nothing to do."""
    now = calendar.now()
    free = Q(begun_at=None) | Q(begun_at__lt=now - ABANDONED)
    if not FeedbackRun.objects.filter(free, pk=pk, done_at=None).update(begun_at=now):
        return None
    run = FeedbackRun.objects.select_related("round__group__competition", "asked_by").get(pk=pk)
    try:
        run.count = _draft(run.round, by=run.asked_by)
    except ArithmeticError as error:
        run.problem = str(error)[:1000] or type(error).__name__
    run.done_at = calendar.now()
    run.save(update_fields=["count", "problem", "done_at"])
    return run


def draft_waiting() -> int:
    """Do the runs whose task was lost with a queue. Returns how many."""
    waiting = FeedbackRun.objects.filter(done_at=None).order_by("asked_at", "pk")
    return sum(draft_letters(pk) is not None for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def decide_comment(comment: FeedbackComment, *, decision: str, text: str, by: User) -> FeedbackComment:
    """Release a comment, perhaps with other words, hold it back, or open the question again. The letter says which
    comments the secretariat edited; what the juror wrote is kept. ValidationError `not_draft`, `empty`, `unknown`."""
    managing(by)
    if decision not in Decision.values:
        raise ValidationError(_("Choose whether the comment is released or held back."), code="unknown")
    _draft_letter(comment.letter_id)
    comment = FeedbackComment.objects.select_for_update().get(pk=comment.pk)
    if decision == Decision.RELEASED and not text.strip():
        raise ValidationError(_("A comment without words cannot be released. Hold it back instead."), code="empty")
    comment.decision, comment.text = decision, text.strip() or comment.text
    comment.decided_at, comment.decided_by = calendar.now(), by
    comment.save(update_fields=["decision", "text", "decided_at", "decided_by"])
    facts = {"letter": comment.letter.code, "decision": decision, "edited": comment.is_edited}
    record("judging.decide_comment", by=by, on=comment.assessment, data=facts)
    return comment


@transaction.atomic
def release_unmarked(judging_round: Round, *, expected: int, by: User) -> int:
    """Release all comments nobody has looked at in which the portal found nothing that may tell a name.
    ValidationError `changed` when they are not as many as the clerk was shown."""
    managing(by)
    waiting = FeedbackComment.objects.select_for_update(of=("self",)).filter(pk__in=unmarked(judging_round))
    found = list(waiting.order_by("pk"))
    _as_shown(len(found), expected)
    now = calendar.now()
    FeedbackComment.objects.filter(pk__in=[each.pk for each in found]).update(
        decision=Decision.RELEASED, decided_at=now, decided_by=by
    )
    record("judging.release_comments", by=by, on=judging_round, data={"count": len(found)})
    return len(found)


def unmarked(judging_round: Round) -> list[int]:
    """Primary keys of the comments in drafts of the round, not looked at yet, with nothing to look at."""
    waiting = FeedbackComment.objects.filter(
        decision=Decision.OPEN, letter__in=FeedbackLetter.objects.in_round(judging_round).filter(state=State.DRAFT)
    )
    names = names_of(judging_round)
    return [pk for pk, text in waiting.values_list("pk", "text") if not names.found_in(text)]


def names_of(judging_round: Round) -> Names:
    return Names(Juror.objects.filter(competition=judging_round.group.competition_id).select_related("user"))


@transaction.atomic
def remark_on_letter(letter: FeedbackLetter, *, remark: str, by: User) -> FeedbackLetter:
    """Add the secretariat's own words to a draft."""
    managing(by)
    locked = _draft_letter(letter.pk)
    locked.remark = remark.strip()
    locked.save(update_fields=["remark"])
    record("judging.remark_on_letter", by=by, on=locked)
    return locked


@transaction.atomic
def approve_letter(letter: FeedbackLetter, *, by: User) -> FeedbackLetter:
    """Let a letter go: it is sent with the others once the list is public. ValidationError `not_draft`, `open`."""
    managing(by)
    locked = _draft_letter(letter.pk)
    if locked.comments.filter(decision=Decision.OPEN).exists():
        raise ValidationError(_("First release or hold back every comment."), code="open")
    _approve([locked], by)
    record("judging.approve_letter", by=by, on=locked)
    return locked


@transaction.atomic
def approve_ready(judging_round: Round, *, expected: int, by: User) -> int:
    """Approve all drafts whose comments are decided. ValidationError `changed` when they are not as many as the clerk
    was shown."""
    managing(by)
    pks = FeedbackLetter.objects.in_round(judging_round).wanted().ready().order_by().values("pk")
    found = list(FeedbackLetter.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    _as_shown(len(found), expected)
    _approve(found, by)
    codes = [each.code for each in found]
    record("judging.approve_letters", by=by, on=judging_round, data={"count": len(found), "letters": codes})
    return len(found)


@transaction.atomic
def reopen_letter(letter: FeedbackLetter, *, by: User) -> FeedbackLetter:
    """Take an approved letter back into drafting. ValidationError `not_approved` once it is sent."""
    managing(by)
    locked = FeedbackLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if locked.state != State.APPROVED:
        raise ValidationError(_("Only an approved letter that is not sent yet can be taken back."), code="not_approved")
    locked.state, locked.approved_at, locked.approved_by = State.DRAFT, None, None
    locked.save(update_fields=["state", "approved_at", "approved_by"])
    record("judging.reopen_letter", by=by, on=locked)
    return locked


def send_letters(public: Collection[Selection]) -> int:
    """Send the approved letters about these lists, which the caller knows to be public (announcements.actions), to who
    leads each proposal and who acts for its agency. A letter waits while an award of the same proposal is still
    secret, for it speaks of that too. Returns how many. Safe to call at any time, by several at once."""
    standing = Selection.objects.closed().filter(pk__in=[each.pk for each in public])
    letters = FeedbackLetter.objects.filter(state=State.APPROVED, entry__round__in=standing.values("round"))
    secret = SelectionEntry.objects.filter(is_selected=True).exclude(selection__in=public)
    secret = secret.exclude(selection__round__award_tier="")
    pks = list(letters.wanted().exclude(entry__proposal__in=secret.values("proposal")).values_list("pk", flat=True))
    return sum(_send(pks[first : first + CHUNK]) for first in range(0, len(pks), CHUNK))


@transaction.atomic
def _send(pks: Iterable[int]) -> int:
    waiting = FeedbackLetter.objects.filter(pk__in=pks, state=State.APPROVED).with_people()
    letters = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    by_proposal = {letter.entry.proposal: letter for letter in letters}
    for person, proposals in people_behind(by_proposal).items():
        for proposal in proposals:
            letter = by_proposal[proposal]
            outbox.tell(
                to=person, template="judging/mail/feedback", key=f"judging.feedback:{letter.code}",
                context={"proposal": proposal, "round": letter.entry.round}, link=letter.get_absolute_url(),
                is_bulk=True,
            )  # fmt: skip
    now = calendar.now()
    for letter in letters:
        record("judging.send_letter", by=None, on=letter, data={"approved_by": letter.approved_by_id})
    FeedbackLetter.objects.filter(pk__in=[each.pk for each in letters]).update(state=State.SENT, sent_at=now)
    return len(letters)


@transaction.atomic
def _draft(judging_round: Round, *, by: User) -> int:
    """Write the pieces of every letter that is still a draft, and of those that are missing."""
    list(
        FeedbackLetter.objects.in_round(judging_round).select_for_update(of=("self",)).order_by("pk").values_list("pk")
    )
    chosen = Selection.objects.of(judging_round)
    left_out = SelectionEntry.objects.filter(selection=chosen, is_selected=False).values("proposal")
    settled = FeedbackLetter.objects.in_round(judging_round).exclude(state=State.DRAFT)
    entries = list(
        Entry.objects.filter(round=judging_round, proposal__in=left_out, proposal__disqualification__confirmed_at=None)
        .exclude(pk__in=settled.values("entry")).order_by("pk")
    )  # fmt: skip
    pieces, now = pieces_of(judging_round, entries), calendar.now()
    FeedbackLetter.objects.bulk_create(
        [FeedbackLetter(entry=each, pieces=pieces[each.pk], drafted_at=now, drafted_by=by) for each in entries],
        update_conflicts=True, unique_fields=["entry"], update_fields=["pieces", "drafted_at", "drafted_by"],
        batch_size=500,
    )  # fmt: skip
    _collect_comments(judging_round)
    record("judging.draft_letters", by=by, on=judging_round, data={"count": len(entries)})
    return len(entries)


def _collect_comments(judging_round: Round) -> None:
    """Lay the comments for the agency into the drafts, each once, at a place drawn by lot. What a sheet no longer says
    is taken out."""
    letters = dict(
        FeedbackLetter.objects.in_round(judging_round).filter(state=State.DRAFT).order_by().values_list("entry", "pk")
    )
    sheets = Assessment.objects.final().official().filter(entry__in=letters).order_by("pk")
    said = {each.pk: each.comment.strip() for each in sheets}
    laid = FeedbackComment.objects.filter(letter__in=letters.values()).values_list("pk", "assessment", "original")
    FeedbackComment.objects.filter(pk__in=[pk for pk, sheet, text in laid if said.get(sheet) != text]).delete()
    lot = random.SystemRandom()
    FeedbackComment.objects.bulk_create(
        [
            FeedbackComment(
                letter_id=letters[each.entry_id], assessment=each, place=lot.randrange(2**31 - 1),
                original=said[each.pk], text=said[each.pk],
            )
            for each in sheets if said[each.pk]
        ],
        ignore_conflicts=True, batch_size=500,
    )  # fmt: skip


def _draft_letter(pk: int) -> FeedbackLetter:
    locked = FeedbackLetter.objects.select_for_update(of=("self",)).get(pk=pk)
    if locked.state != State.DRAFT:
        raise ValidationError(_("This letter is approved already. Take it back before changing it."), code="not_draft")
    return locked


def _approve(letters: list[FeedbackLetter], by: User) -> None:
    for letter in letters:
        letter.state, letter.approved_at, letter.approved_by = State.APPROVED, calendar.now(), by
    FeedbackLetter.objects.bulk_update(letters, ["state", "approved_at", "approved_by"], batch_size=500)


def _as_shown(found: int, expected: int) -> None:
    if found != expected:
        words = _("There are %(found)d now, not %(expected)d as shown. Look at them again.")
        raise ValidationError(words, code="changed", params={"found": found, "expected": expected})
