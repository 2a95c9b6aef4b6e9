"""Who may do which deed. Which rows one may know of is said in judging/querysets/."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.rules import is_admin_of, is_secretariat
from competitions.models import Round
from judging.models import Assessment, Attendance, Entry, InterviewSlot, Juror, Panel


def may_manage(user: User) -> bool:
    """Invite jurors, open and assign rounds, hold the plenary."""
    return bool(is_secretariat(user))


def seconds(judging_round: Round) -> QuerySet[User]:
    """Who may be the second person of a plenary's moves: the secretariat, and panelists noted as present."""
    present = Attendance.objects.filter(round=judging_round, user__isnull=False).values("user")
    panelists = Juror.objects.current().filter(
        kind=Juror.Kind.PANELIST, competition=judging_round.group.competition_id, user__in=present
    )
    return User.objects.active().filter(Q(is_secretariat=True) | Q(pk__in=panelists.values("user")))


def may_second(user: User, judging_round: Round) -> bool:
    return seconds(judging_round).filter(pk=user.pk).exists()


def is_that_juror(user: User, juror: Juror) -> bool:
    return bool(juror.user_id == user.pk and juror.left_at is None)


def may_score(user: User, assessment: Assessment) -> bool:
    """The sheet's own juror, while serving and with the pact accepted. Whether it is still open is another question."""
    juror = assessment.juror
    return is_that_juror(user, juror) and juror.pact_accepted_at is not None


def may_edit_conflicts(user: User, juror: Juror) -> bool:
    return is_that_juror(user, juror) or may_manage(user)


def may_discuss(user: User, assessment: Assessment) -> bool:
    """Speak about the sheet's entry: the sheet's own juror, if it counts, and the secretariat."""
    return may_manage(user) or (may_score(user, assessment) and not assessment.is_anchor_only)


def may_confirm(user: User, slot: InterviewSlot) -> bool:
    """Acts for the agency that presents."""
    return bool(is_admin_of(user, slot.entry.proposal.agency))


def may_run(user: User, slot: InterviewSlot) -> bool:
    """Begin and end an interview: the secretariat, and who hears it."""
    return may_manage(user) or InterviewSlot.objects.heard_by(user).filter(pk=slot.pk).exists()


def may_run_panel(user: User, panel: Panel) -> bool:
    """Shift the rest of a panel's day."""
    mine = panel.members.filter(user=user, left_at=None, pact_accepted_at__isnull=False)
    return may_manage(user) or mine.exists()


def may_verify(user: User, entry: Entry) -> bool:
    """Write down what was found: who has a sheet of the entry, and the secretariat."""
    mine = Assessment.objects.live().official().filter(entry=entry, juror__user=user, juror__left_at=None)
    return may_manage(user) or mine.exclude(juror__pact_accepted_at=None).exists()
