"""The secretariat's numbers, and the one thing it does next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Registration
from competitions.models import Round, Stage
from judging.models import Selection
from judging.querysets.selections import is_fixed
from judging.querysets.sheets import LIVE
from proposals.models import Proposal, Screening
from sinovik.home.steps import Status, Step
from sinovik.home.years import YearView, ids


@dataclass(frozen=True)
class RoundState:
    """A round that is being judged: its sheets, how many are final, and how far its list has come."""

    round: Round
    sheets: int
    final: int
    is_fixed: bool
    is_announced: bool


@dataclass(frozen=True)
class Desk:
    """The secretariat's numbers: what waits, the year's proposals by status, the rounds and the next dates."""

    registrations: int
    to_screen: int
    screened: int
    unreleased: int
    by_status: list[tuple[str, str, int]]
    rounds: list[RoundState]
    dates: list[tuple[datetime, str, Stage]]


def secretariat_desk(found: list[YearView]) -> Desk:
    competitions = ids(found)
    screening = Screening.objects.filter(submission__stands=True, submission__proposal__competition__in=competitions)
    counts = screening.aggregate(
        to_screen=Count("pk", filter=Q(verdict="")),
        screened=Count("pk", filter=~Q(verdict="")),
        unreleased=Count("pk", filter=~Q(verdict="") & Q(released_at=None)),
    )
    statuses = dict(
        Proposal.objects.filter(competition__in=competitions).order_by().values_list("status").annotate(Count("pk"))
    )
    return Desk(
        registrations=Registration.objects.filter(status=Registration.Status.PENDING).count(),
        **counts,
        by_status=[(value, str(label), statuses.get(value, 0)) for value, label in Status.choices],
        rounds=_rounds_in_progress(competitions),
        dates=_next_dates(found),
    )


def _rounds_in_progress(competitions: list[int]) -> list[RoundState]:
    """Rounds that have assessments, in the order of the year."""
    standing = Selection.objects.standing().filter(round=OuterRef("pk"))  # a corrected list is announced anew
    announced = standing.filter(announcements__publish_at__isnull=False)
    rows = (
        Round.objects.filter(group__competition__in=competitions)
        .select_related("group__competition", "stage")
        .annotate(
            sheets=Count("entries__assessments", filter=Q(entries__assessments__status__in=LIVE)),
            final=Count("entries__assessments", filter=Q(entries__assessments__status="final")),
            is_fixed=is_fixed(),
            is_announced=Exists(announced),
        )
        .filter(sheets__gt=0)
        .order_by("group__competition", "group__order", "order")
    )
    return [RoundState(row, row.sheets, row.final, row.is_fixed, row.is_announced) for row in rows]


def _next_dates(found: list[YearView], limit: int = 5) -> list[tuple[datetime, str, Stage]]:
    moments = [
        (moment, words, stage)
        for year in found
        for stage in year.stages
        for moment, words in ((stage.starts_at, _("begins")), (stage.ends_at, _("ends")))
        if moment and moment > year.at
    ]
    return sorted(moments, key=lambda row: row[0])[:limit]


def secretariat_step(desk: Desk) -> Step:
    if desk.to_screen:
        title = ngettext("%d proposal waits for screening", "%d proposals wait for screening", desk.to_screen)
        text = _("The oldest one that nobody reads yet comes first.")
        return Step(title % desk.to_screen, text, reverse("proposals:screening"), _("Open the queue"))
    if desk.registrations:
        title = ngettext("%d registration waits", "%d registrations wait", desk.registrations)
        text = _("Compare the letter with the agency, then approve or refuse with a reason.")
        return Step(title % desk.registrations, text, reverse("accounts:registrations"), _("Check the registrations"))
    if desk.unreleased:
        text = _("All are screened. The agencies hear the results together, when you announce them.")
        where = reverse("proposals:screening_release")
        return Step(_("Screening is finished"), text, where, _("Announce the results"))
    return _next_list(desk) or Step(_("Nothing waits for the secretariat now"), _("The next dates are listed below."))


def _next_list(desk: Desk) -> Step | None:
    """The list that a finished round waits for: to be fixed in its plenary, or to be announced."""
    for state in desk.rounds:
        row, group = state.round, state.round.group
        if row.has_selection and not state.is_fixed and state.sheets == state.final:
            where = reverse("judging:plenary", args=[group.competition.code, group.key, row.key])
            title = _("%(group)s: every sheet of “%(round)s” is final") % {"group": group.name, "round": row.name}
            return Step(title, _("The plenary can fix the list."), where, _("Open the plenary"))
    for state in desk.rounds:
        if state.round.has_selection and state.is_fixed and not state.is_announced:
            names = {"list": state.round.selection_name, "group": state.round.group.name}
            text = _("Nobody outside the secretariat sees it before it is announced.")
            where, action = reverse("announcements:manage"), _("Prepare the announcement")
            return Step(_("%(list)s of %(group)s is fixed") % names, text, where, action)
    return None
