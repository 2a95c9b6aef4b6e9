"""A proposal's own life as a table: draft → in review → sent → passed | failed, with returned and withdrawn.

Each Transition is one verb: from where, to where, who may, under which conditions. `actions.move` is the only code
that changes a status, and it reads this table. How far a proposal gets after screening is not here: that is which
Selections hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions import calendar
from competitions.models import Competition, Stage
from proposals import deadline, eligibility, rules
from proposals.facts import Facts, gather
from proposals.models import Correction, Objection, Proposal, Screening
from proposals.models.after_screening import NOT_RUNNING

Status = Proposal.Status
WITH_WRITERS = rules.WITH_WRITERS
STYLES = ("primary", "secondary", "danger")


class Case:
    """A proposal about to move, with the facts its conditions and its snapshot share, gathered once and on demand."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal

    @cached_property
    def facts(self) -> Facts:
        """At the moment the request counts for: within the grace, the deadline itself."""
        stage = calendar.submission_stage(self.proposal.competition)
        return gather(self.proposal, deadline.counted(stage, calendar.now()))


Condition = Callable[[Case], None]


@dataclass(frozen=True)
class Transition:
    """One verb of the table. `conditions` raise ValidationError with a code; `asks` explains what will happen on
    the confirmation page; `past` names the step once it was made."""

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    allowed: Callable[[rules.Standing], bool]
    conditions: tuple[Condition, ...] = ()
    needs_note: bool = False
    asks: str | Promise = ""
    past: str | Promise = ""
    style: str = "secondary"


def while_open(case: Case) -> None:
    """Submission is open by the database's clock."""
    refuse_unless_open(case.proposal.competition)


def refuse_unless_open(competition: Competition) -> datetime:
    """The database's now. Raises ValidationError (closed) outside the stage of submission, naming its moments."""
    stage, at = calendar.submission_stage(competition), calendar.now()
    _refuse_closed(stage, at)
    return at


def _refuse_closed(stage: Stage, at: datetime) -> None:
    if not calendar.is_open(stage, at):
        raise ValidationError(deadline.words(stage, at), code="closed")


def when_complete(case: Case) -> None:
    """Nothing the writers can mend is missing or wrong."""
    _refuse([each for rule in eligibility.CONTENT_RULES for each in rule(case.facts)])


def when_eligible(case: Case) -> None:
    """Complete, open, invited and within the cap: the very findings the proposal's pages show."""
    _refuse(eligibility.judge(case.facts))


def _refuse(found: list[eligibility.Finding]) -> None:
    failed = eligibility.failures(found)
    if any(each.rule == "open" for each in failed):
        raise ValidationError(next(each.message for each in failed if each.rule == "open"), code="closed")
    if failed:
        raise ValidationError([ValidationError(each.message, code=each.rule) for each in failed])


def decided_as(verdict: str) -> Condition:
    """The screening of the standing submission ended with this verdict."""

    def condition(case: Case) -> None:
        decided = Screening.objects.filter(
            submission__proposal=case.proposal, submission__stands=True, verdict=verdict, decided_at__isnull=False
        )
        if not decided.exists():
            raise ValidationError(_("The screening of this proposal has not been decided so."), code="undecided")

    return condition


def while_correcting(case: Case) -> None:
    """The agency was asked to mend it and its time runs."""
    if not Correction.objects.running().filter(screening__submission__proposal=case.proposal).exists():
        raise ValidationError(NOT_RUNNING, code="closed")


def after_objection(case: Case) -> None:
    """The secretariat answered the agency's objection so."""
    won = Objection.objects.filter(screening__submission__proposal=case.proposal, outcome=Objection.Outcome.OVERTURNED)
    if not won.exists():
        raise ValidationError(_("No objection to this result was granted."), code="no_objection")


def before_assessment(case: Case) -> None:
    """Who passes later than this could no longer be judged beside the others."""
    begins = assessment_begins(case.proposal.competition)
    if begins and begins <= calendar.now():
        words = _("Assessment has begun: this proposal can no longer be added to those that are judged.")
        raise ValidationError(words, code="assessment_begun")


def assessment_begins(competition: Competition) -> datetime | None:
    """When the first stage of assessment starts."""
    first = competition.stages.filter(kind=Stage.Kind.ASSESSMENT).order_by("order").first()
    return first.starts_at if first else None


TRANSITIONS: dict[str, Transition] = {
    each.name: each
    for each in (
        Transition(
            "submit", gettext_lazy("Hand over to the agency admin"), WITH_WRITERS, Status.IN_REVIEW, rules.may_submit,
            (while_open, when_complete), style="primary",
            past=gettext_lazy("Handed over to the agency admin"),
        ),
        Transition(
            "take_back", gettext_lazy("Take back to correct"), frozenset({Status.IN_REVIEW}), Status.DRAFT,
            rules.may_submit, (while_open,), past=gettext_lazy("Taken back to correct"),
        ),
        Transition(
            "return", gettext_lazy("Return for correction"), frozenset({Status.IN_REVIEW}), Status.RETURNED,
            rules.administers, (while_open,), needs_note=True,
            asks=gettext_lazy("Write what has to be corrected. The innovator gets your note by e-mail."),
            past=gettext_lazy("Returned for correction to the innovator"),
        ),
        Transition(
            "send", gettext_lazy("Send to the ministry"), WITH_WRITERS | {Status.IN_REVIEW}, Status.SENT,
            rules.may_send, (when_eligible,), style="primary",
            asks=gettext_lazy(
                "What you send is frozen and gets a receipt. It can be withdrawn until submission closes, not changed."
            ),
            past=gettext_lazy("Sent to the ministry"),
        ),
        Transition(
            "withdraw", gettext_lazy("Withdraw the proposal"),
            WITH_WRITERS | {Status.IN_REVIEW, Status.SENT}, Status.WITHDRAWN,
            rules.may_withdraw, (while_open,), needs_note=True,
            asks=gettext_lazy(
                "A withdrawn proposal does not take part. Until submission closes it can be reopened and sent again."
            ),
            past=gettext_lazy("Withdrawn"), style="danger",
        ),
        Transition(
            "correct", gettext_lazy("Correct and send again"), frozenset({Status.SENT}), Status.IN_REVIEW,
            rules.administers, (while_open,), needs_note=True,
            asks=gettext_lazy(
                "The ministry's copy is withdrawn and the proposal opens for correction, with you. It takes part only"
                " if it is sent again before submission closes; it then gets a new receipt, and this one stays in the"
                " history."
            ),
            past=gettext_lazy("Withdrawn to be corrected"),
        ),
        Transition(
            "reopen", gettext_lazy("Reopen as a draft"), frozenset({Status.WITHDRAWN}), Status.DRAFT,
            rules.may_reopen, (while_open,),
            asks=gettext_lazy(
                "The proposal becomes a draft again, with its innovator. It can be sent to the ministry only after the"
                " innovator has handed it over to the agency admin again."
            ),
            past=gettext_lazy("Reopened as a draft"),
        ),
        Transition(
            "release_passed", gettext_lazy("Announce as passed"), frozenset({Status.SENT}), Status.PASSED,
            rules.may_release, (decided_as(Screening.Verdict.PASS),), past=gettext_lazy("Passed screening"),
        ),
        Transition(
            "release_failed", gettext_lazy("Announce as failed"), frozenset({Status.SENT}), Status.FAILED,
            rules.may_release, (decided_as(Screening.Verdict.FAIL),), past=gettext_lazy("Failed screening"),
        ),
        Transition(
            "mend", gettext_lazy("Send the correction"), frozenset({Status.SENT}), Status.SENT,
            rules.administers, (while_correcting, when_complete), past=gettext_lazy("Corrected and sent again"),
        ),
        Transition(
            "overturn", gettext_lazy("Pass after an objection"), frozenset({Status.FAILED}), Status.PASSED,
            rules.may_release, (after_objection, before_assessment), needs_note=True,
            past=gettext_lazy("Passed after an objection"),
        ),
    )
}  # fmt: skip
# Made by the deeds of proposals.screening, not by a button of the proposal's page.
WITHOUT_BUTTON = frozenset({"release_passed", "release_failed", "mend", "overturn"})


def worded(step: Transition, status: str) -> Transition:
    """The step as it is called from this status: what never left the agency is not withdrawn from anybody."""
    if step.name != "withdraw" or status not in rules.UNSENT:
        return step
    return replace(
        step,
        label=_("Cancel this proposal"),
        asks=_("A cancelled proposal stays here but does not take part. Until submission closes it can be reopened."),
        past=_("Cancelled before it was sent"),
    )


def refuse_unless_now(step: Transition, who: rules.Standing) -> None:
    """Raises ValidationError (wrong_status) to whoever could make the step in another status: perhaps somebody else
    was faster. PermissionDenied to all others."""
    if who.status in step.sources and step.allowed(who):
        return
    if not any(step.allowed(replace(who, status=status)) for status in step.sources):
        raise PermissionDenied
    proposal = who.proposal
    last = proposal.moves.select_related("made_by").last()
    params = {"status": proposal.get_status_display(), "name": last.made_by.name if last and last.made_by else "–"}
    message = _("This cannot be done now: the proposal is “%(status)s”. Last changed by %(name)s.")
    raise ValidationError(message, code="wrong_status", params=params)


def open_to(who: rules.Standing) -> list[Transition]:
    """The moves this person may make now, whatever their conditions: buttons of the proposal's page, the main one
    first and the dangerous one last."""
    possible = [
        worded(each, who.status)
        for each in TRANSITIONS.values()
        if each.name not in WITHOUT_BUTTON and who.status in each.sources and each.allowed(who)
    ]
    return sorted(possible, key=lambda each: STYLES.index(each.style))
