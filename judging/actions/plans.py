"""An assignment is proposed, computed, changed by hand, deployed or discarded. Before that nothing is given out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from judging.actions.sheets import drop, give, lock_round, managing, refuse_if_frozen
from judging.assignment.planning import Options, options_of, propose, read_round
from judging.assignment.weighing import Given, Measured, measure
from judging.models import Assessment, AssignmentPlan, Juror
from notifications import outbox

ABANDONED = timedelta(minutes=12)  # longer than a task may run: its worker died


@dataclass
class Deployed:
    """What deploying did. `left_out` are moves of sheets that their jurors had begun meanwhile."""

    plan: AssignmentPlan
    given: int
    moved: int
    left_out: int
    measured: Measured


@transaction.atomic
def request_plan(judging_round: Round, *, options: Options, by: User, wake: bool = True) -> AssignmentPlan:
    """Put a new plan into the queue for a worker to compute."""
    managing(by)
    refuse_if_frozen(judging_round)
    mode = AssignmentPlan.Mode.LEVEL if options.level else AssignmentPlan.Mode.FILL
    chosen = {"links_percent": options.links_percent, "pairs_limit": options.pairs_limit}
    plan = AssignmentPlan.objects.create(
        round=judging_round, mode=mode, seed=options.seed, options=chosen, made_at=calendar.now(), made_by=by
    )
    record("judging.request_plan", by=by, on=plan, data={"round": judging_round.key, "seed": options.seed} | chosen)
    if wake:
        outbox.wake("judging.tasks.solve_plan", plan.pk)
    return plan


def solve_plan(pk: int) -> AssignmentPlan | None:
    """Compute a queued plan; None when it is not waiting (another worker has it, or it was discarded).

    Not one transaction: the page that waits shall see the steps. A second run finds nothing to do.
    """
    now = calendar.now()
    waiting = Q(state=AssignmentPlan.State.QUEUED) | Q(state=AssignmentPlan.State.SOLVING, begun_at__lt=now - ABANDONED)
    mine = AssignmentPlan.objects.filter(pk=pk)
    if not mine.filter(waiting).update(state=AssignmentPlan.State.SOLVING, begun_at=now, progress="reading:0"):
        return None
    plan = AssignmentPlan.objects.select_related("round__group__competition", "round__stage").get(pk=pk)

    def watch(step: str, number: int) -> None:
        mine.update(progress=f"{step}:{number}")

    try:
        plan.rows, plan.proof = propose(plan.round, options_of(plan), watch)
    except ArithmeticError as error:
        mine.update(state=AssignmentPlan.State.FAILED, problem=str(error)[:1000], progress="")
        return None
    plan.proof |= {"numbers": measure(plan).numbers()}
    still_wanted = mine.filter(state=AssignmentPlan.State.SOLVING)
    still_wanted.update(
        state=AssignmentPlan.State.PROPOSED, rows=plan.rows, proof=plan.proof, solved_at=calendar.now(), progress=""
    )
    plan.refresh_from_db()
    return plan


def solve_waiting() -> int:
    """Compute the plans that wait, oldest first: those whose task was lost with a queue. Returns how many."""
    running = (AssignmentPlan.State.QUEUED, AssignmentPlan.State.SOLVING)
    waiting = AssignmentPlan.objects.filter(state__in=running).order_by("made_at", "pk")
    return sum(solve_plan(pk) is not None for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def move_row(
    plan: AssignmentPlan, *, entry: int, giver: Juror, taker: Juror, reason: str, version: int, by: User
) -> AssignmentPlan:
    """Give one proposed sheet to another juror, by hand and with a reason."""
    locked = _open_for_change(plan, reason=reason, version=version, by=by)
    _replace(locked, [(entry, giver, taker)], reason=reason, by=by)
    return locked


@transaction.atomic
def swap_rows(
    plan: AssignmentPlan, *, one: tuple[int, Juror], other: tuple[int, Juror], reason: str, version: int, by: User
) -> AssignmentPlan:
    """Let two jurors exchange two proposed sheets; their loads stay as they are."""
    locked = _open_for_change(plan, reason=reason, version=version, by=by)
    _replace(locked, [(one[0], one[1], other[1]), (other[0], other[1], one[1])], reason=reason, by=by)
    return locked


@transaction.atomic
def discard_plan(plan: AssignmentPlan, *, by: User) -> None:
    """Set a plan aside that is not wanted; it stays to be read."""
    managing(by)
    running = AssignmentPlan.objects.exclude(state=AssignmentPlan.State.DEPLOYED).filter(pk=plan.pk)
    if running.update(state=AssignmentPlan.State.DISCARDED):
        record("judging.discard_plan", by=by, on=plan)


@transaction.atomic
def deploy_plan(plan: AssignmentPlan, *, version: int, by: User) -> Deployed:
    """Give out what the plan proposes and tell each juror. Sheets that exist stay, but for the moves it shows.

    ValidationError `done` when it was deployed or set aside, `changed` when it was changed by hand or no longer fits
    the round, `conflict` when a tie has come up since. A sheet its juror has begun meanwhile is not moved.
    """
    managing(by)
    judging_round = lock_round(plan.round_id)
    refuse_if_frozen(judging_round)
    locked = AssignmentPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    locked.round = judging_round
    _check_state(locked, version)
    _lock_sheets(locked)
    reading = read_round(judging_round)
    if not reading.jurors:
        raise ValidationError(_("No juror has accepted the integrity pact yet."), code="no_jurors")
    measured = measure(locked, reading)
    _check_fits(measured)
    for each in measured.moves:
        if each.sheet is not None:
            sheet = Assessment.objects.get(pk=each.sheet)
            drop(sheet, Assessment.Status.HANDED_BACK, why=f"moved by plan {locked.code}", by=by)
    give([(each.entry, each.juror) for each in measured.given], seed=locked.seed)
    locked.state, locked.deployed_at, locked.deployed_by = AssignmentPlan.State.DEPLOYED, calendar.now(), by
    locked.proof |= {"numbers": measured.numbers()}
    locked.save(update_fields=["state", "deployed_at", "deployed_by", "proof"])
    record(
        "judging.deploy_plan", by=by, on=locked, data={"round": judging_round.key, "seed": locked.seed} | locked.proof
    )
    _tell(locked, measured)
    moved = len(measured.moves)
    return Deployed(locked, len(measured.given) - moved, moved, measured.begun, measured)


def assign(judging_round: Round, *, by: User, seed: int = 0, options: Options | None = None) -> Deployed:
    """Propose and deploy in one call, for who need not look first."""
    plan = request_plan(judging_round, options=options or Options(seed=seed), by=by, wake=False)
    solved = solve_plan(plan.pk)
    if solved is None:
        plan.refresh_from_db()
        raise ValidationError(plan.problem or _("The plan could not be computed."), code="unsolved")
    return deploy_plan(solved, version=solved.version, by=by)


def _open_for_change(plan: AssignmentPlan, *, reason: str, version: int, by: User) -> AssignmentPlan:
    managing(by)
    refuse_if_frozen(plan.round)
    locked = AssignmentPlan.objects.select_for_update(of=("self",)).select_related("round__group").get(pk=plan.pk)
    _check_state(locked, version)
    if not reason.strip():
        raise ValidationError(_("Say why the plan is changed by hand."), code="no_reason")
    return locked


def _check_state(plan: AssignmentPlan, version: int) -> None:
    if plan.state != AssignmentPlan.State.PROPOSED:
        words = _("This plan is no longer open: %(state)s.")
        raise ValidationError(words, code="done", params={"state": plan.get_state_display()})
    if plan.version != version:
        raise ValidationError(_("Somebody changed this plan meanwhile. Look at it again."), code="changed")


def _check_fits(measured: Measured) -> None:
    if measured.conflicts:
        first = measured.conflicts[0]
        words = _("A conflict of interest has come up since: %(juror)s and %(proposal)s. %(path)s")
        named = {"juror": first.juror, "proposal": first.entry.proposal.code, "path": first.path}
        raise ValidationError(words, code="conflict", params=named)
    if measured.stale or measured.crowded:
        words = _("Jurors, entries or sheets changed since this plan was proposed. Compute a new one.")
        raise ValidationError(words, code="changed")


def _replace(plan: AssignmentPlan, changes: list[tuple[int, Juror, Juror]], *, reason: str, by: User) -> None:
    """Put other jurors into rows of the plan; every new pair is checked as the solver would."""
    reading = read_round(plan.round)
    entries = {entry.pk: i for i, entry in enumerate(reading.entries)}
    column = {juror.pk: j for j, juror in enumerate(reading.jurors)}
    rows = [list(row) for row in plan.rows]
    for entry, giver, _taker in changes:
        if not any(row[0] == entry and row[1] == giver.pk for row in rows):
            raise ValidationError(_("That sheet is not in this plan."), code="unknown_row")
    leaving = {(entry, giver.pk) for entry, giver, _taker in changes}
    for entry, giver, taker in changes:
        if taker.pk not in column or entry not in entries:
            words = _("%(name)s is not given proposals in this round.")
            raise ValidationError(words, code="not_ready", params={"name": taker})
        _check_pair(reading, entries[entry], column[taker.pk], taker)
        others = {(row[0], row[1]) for row in rows} - leaving
        if (entry, taker.pk) in others or taker.pk == giver.pk:
            raise _has_it(taker)
        place = next(n for n, row in enumerate(rows) if row[0] == entry and row[1] == giver.pk)
        rows[place][1] = taker.pk
        leaving.discard((entry, giver.pk))
    now = calendar.now()
    plan.edits = [
        *plan.edits,
        *({"entry": entry, "giver": giver.code, "taker": taker.code, "reason": reason.strip(), "by": str(by),
           "at": now.isoformat()} for entry, giver, taker in changes),
    ]  # fmt: skip
    plan.rows, plan.version = rows, plan.version + 1
    plan.proof |= {"numbers": measure(plan, reading).numbers()}
    plan.save(update_fields=["rows", "edits", "version", "proof"])
    record("judging.edit_plan", by=by, on=plan, data={"changes": plan.edits[-len(changes) :]})


def _check_pair(reading: Any, i: int, j: int, taker: Juror) -> None:
    if path := reading.ties[taker.pk].path(reading.entries[i].proposal):
        words = _("%(name)s may not judge this proposal: %(path)s")
        raise ValidationError(words, code="conflict", params={"name": taker, "path": path})
    if reading.closed[i, j] or any((i, j) == (row, column) for row, column, _pk, _begun in reading.sheets):
        raise _has_it(taker)


def _has_it(taker: Juror) -> ValidationError:
    words = _("%(name)s has this proposal already, or has given it back.")
    return ValidationError(words, code="has_it", params={"name": taker})


def _lock_sheets(plan: AssignmentPlan) -> None:
    """Whoever is about to begin a sheet that moves either comes first, and keeps it, or finds it gone."""
    moving = [row[2] for row in plan.rows if row[2] is not None]
    list(Assessment.objects.select_for_update(of=("self",)).filter(pk__in=moving).order_by("pk").values_list("pk"))


def _tell(plan: AssignmentPlan, measured: Measured) -> None:
    gained: dict[int, list[Given]] = {}
    lost: dict[int, list[Given]] = {}
    for each in measured.given:
        gained.setdefault(each.juror.pk, []).append(each)
        if each.giver is not None:
            lost.setdefault(each.giver.pk, []).append(each)
    jurors = {load.juror.pk: load.juror for load in measured.loads}
    for template, rows in (("assigned", gained), ("taken", lost)):
        for pk, found in rows.items():
            _letter(plan, template, jurors[pk], {"round": plan.round, "count": len(found)})


def _letter(plan: AssignmentPlan, template: str, juror: Juror, context: Mapping[str, object]) -> None:
    key = f"judging.{template}:{plan.code}:{juror.code}"
    outbox.tell(
        to=juror.user, template=f"judging/mail/{template}", key=key, context=context, link=reverse("judging:desk")
    )
