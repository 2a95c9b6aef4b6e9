"""The plenary before its list is frozen: who is present, departures from the ranking and their second person."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from competitions.weights import check_hundred
from judging import rules
from judging.actions.sheets import lock_round, managing, refuse_if_frozen
from judging.models import Attendance, Entry, PlenaryMove, Scenario
from judging.plenary.whatif import Settings, outcome_of
from judging.ranking.places import rank
from judging.ranking.selecting import Move, settle_line
from notifications.outbox import tell_many
from proposals.models import Proposal


@transaction.atomic
def note_present(judging_round: Round, *, people: Sequence[User], guests: Sequence[tuple[str, str]], by: User) -> int:
    """Put people (jurors, secretariat) and guests (name, office) on the list of those present; who is on it stays
    once. Returns how many are new."""
    managing(by)
    refuse_if_frozen(lock_round(judging_round.pk))
    known = Attendance.objects.filter(round=judging_round)
    users, names = set(known.values_list("user", flat=True)), set(known.filter(user=None).values_list("name", "office"))
    rows = [
        Attendance(round=judging_round, user=user, name=user.name, office=_office(user, judging_round))
        for user in people
        if user.pk not in users
    ]
    rows += [
        Attendance(round=judging_round, name=name, office=office)
        for name, office in dict.fromkeys(guests)
        if (name, office) not in names
    ]
    Attendance.objects.bulk_create(rows)
    if rows:
        record("judging.note_present", by=by, on=judging_round, data={"names": [row.name for row in rows]})
    return len(rows)


def _office(user: User, judging_round: Round) -> str:
    """In which part somebody is present, in the words of the minutes."""
    juror = user.juror_roles.filter(competition=judging_round.group.competition_id, left_at=None).first()
    if juror is None:
        return user.position or _now("Secretariat")
    return f"{juror.get_kind_display()}, {juror.institution}" if juror.institution else juror.get_kind_display()


@transaction.atomic
def note_absent(judging_round: Round, *, attendance: int, by: User) -> None:
    """Take somebody (primary key) off the list of those present. Twice is once."""
    managing(by)
    refuse_if_frozen(lock_round(judging_round.pk))
    for row in Attendance.objects.filter(round=judging_round, pk=attendance):
        record("judging.note_absent", by=by, on=judging_round, data={"name": row.name})
        row.delete()


@transaction.atomic
def prepare_move(judging_round: Round, *, proposal: Proposal, put_in: bool, reason: str, by: User) -> None:
    """Note that the plenary puts a proposal in, or takes it out, against the ranking. Replaces an earlier note; a
    second person must confirm it (anew), and who may is told."""
    managing(by)
    if not Entry.objects.competing().filter(round=judging_round, proposal=proposal).exists():
        raise ValidationError(_("That proposal is not in this round."), code="unknown_proposal")
    if not reason.strip():
        raise ValidationError(_("Say why the plenary departs from the ranking."), code="no_reason")
    _prepare_all(judging_round, [Move(proposal.code, put_in, reason)], by=by)


@transaction.atomic
def undo_move(judging_round: Round, *, proposal: Proposal, by: User) -> None:
    """Let the ranking decide on that proposal again."""
    managing(by)
    refuse_if_frozen(lock_round(judging_round.pk))
    PlenaryMove.objects.filter(round=judging_round, proposal=proposal).delete()
    record("judging.undo_move", by=by, on=proposal, data={"round": judging_round.key})


@transaction.atomic
def confirm_moves(judging_round: Round, *, proposals: Sequence[str], by: User) -> int:
    """The second person agrees to the moves of these proposals (codes); returns how many were confirmed now.

    Another member of the secretariat, or a panelist noted as present, never who made the move: PermissionDenied for
    anybody else, ValidationError `own_move` when nothing but one's own moves is left.
    """
    if not rules.may_second(by, judging_round):
        raise PermissionDenied
    refuse_if_frozen(lock_round(judging_round.pk))
    waiting = PlenaryMove.objects.filter(round=judging_round, proposal__code__in=proposals, confirmed_by=None)
    others = list(waiting.exclude(made_by=by).select_related("proposal"))
    if not others and waiting.exists():
        words = _("You made this departure yourself: somebody else must confirm it.")
        raise ValidationError(words, code="own_move")
    for row in others:
        row.confirmed_by, row.confirmed_at = by, calendar.now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        record("judging.confirm_move", by=by, on=row.proposal, data={"round": judging_round.key, "in": row.put_in})
    return len(others)


@transaction.atomic
def draw_from_tie(judging_round: Round, *, reason: str, by: User) -> int:
    """Prepare moves that fill the quota from the tie on its line (selecting.settle_line); returns how many."""
    managing(by)
    return _prepare_all(judging_round, settle_line(rank(judging_round), reason=reason), by=by)


@transaction.atomic
def keep_scenario(judging_round: Round, *, name: str, settings: Settings, by: User) -> Scenario:
    """Store a what-if under a name, for everybody to compare. It changes nothing and is never changed itself.

    ValidationError when the name is taken, `not_a_hundred` when weights are given that do not add up.
    """
    managing(by)
    if settings.weights:
        check_hundred(map(Decimal, settings.weights.values()))
    scenario = Scenario(round=judging_round, name=name.strip(), options=asdict(settings), made_by=by)
    scenario.full_clean(exclude=["options"])
    scenario.save()
    record("judging.keep_scenario", by=by, on=scenario, data={"round": judging_round.key, "name": scenario.name})
    return scenario


@transaction.atomic
def choose_scenario(scenario: Scenario, *, reason: str, by: User) -> int:
    """The plenary follows a scenario: each proposal it would move becomes a move of its own, with the reason.

    Moves prepared before are taken back. Nothing is official before a second person has confirmed each of them and the
    list is frozen. Returns how many moves there are.
    """
    managing(by)
    if not reason.strip():
        raise ValidationError(_("Say why the plenary departs from the ranking."), code="no_reason")
    judging_round = lock_round(scenario.round_id)
    refuse_if_frozen(judging_round)
    words = _now("Scenario “%(name)s”: %(reason)s") % {"name": scenario.name, "reason": reason.strip()}
    found = outcome_of(scenario)
    moves = [Move(code, True, words) for code in found.entering] + [Move(code, False, words) for code in found.leaving]
    PlenaryMove.objects.filter(round=judging_round).delete()
    facts = {"scenario": scenario.code, "name": scenario.name, "reason": reason.strip(), "moves": len(moves)}
    record("judging.choose_scenario", by=by, on=judging_round, data=facts)
    return _prepare_all(judging_round, moves, by=by)


def _prepare_all(judging_round: Round, moves: Sequence[Move], *, by: User) -> int:
    locked, now = lock_round(judging_round.pk), calendar.now()
    refuse_if_frozen(locked)
    proposals = {each.code: each for each in Proposal.objects.filter(code__in=[move.proposal for move in moves])}
    makers = set(PlenaryMove.objects.filter(round=locked, confirmed_by=None).values_list("made_by", flat=True))
    for move in moves:
        values = {
            "put_in": move.put_in, "reason": move.reason.strip()[:500], "made_by": by, "made_at": now,
            "confirmed_by": None, "confirmed_at": None,
        }  # fmt: skip
        proposal = proposals[move.proposal]
        PlenaryMove.objects.update_or_create(round=locked, proposal=proposal, defaults=values)
        record("judging.prepare_move", by=by, on=proposal, data={"round": locked.key, "in": move.put_in})
    if moves:
        _ask_for_second(locked, makers, by=by, once=f"{moves[0].proposal}:{now.isoformat()}")
    return len(moves)


def _ask_for_second(judging_round: Round, makers: Collection[int], *, by: User, once: str) -> None:
    """Tell who may confirm, once until they have: `makers` made what waited before, and whom it waits for knows."""
    group = judging_round.group
    tell_many(
        [person for person in rules.seconds(judging_round).exclude(pk=by.pk) if not set(makers) - {person.pk}],
        template="judging/mail/second_person",
        key=f"judging.second_person:{judging_round.pk}:{once}",
        context={"round": judging_round, "maker": by},
        link=reverse("judging:plenary_confirm", args=[group.competition.code, group.key, judging_round.key]),
    )


def prepared_moves(judging_round: Round) -> list[Move]:
    """The moves as they stand; those of proposals that left the competition are not among them. One query."""
    rows = PlenaryMove.objects.filter(round=judging_round).filter(proposal__disqualification__confirmed_at=None)
    names = rows.values_list("proposal__code", "put_in", "reason", "made_by__name", "confirmed_by__name")
    return [Move(code, put_in, reason, by, second or "") for code, put_in, reason, by, second in names]
