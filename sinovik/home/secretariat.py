"""The one thing the secretariat does next. Everything else that waits is on its desk."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.progress import YearView
from desk.matters import Moment, counted
from desk.rounds import RoundState, rounds_in_progress, with_behind
from desk.today import what_is_late
from sinovik.home.steps import Step


@dataclass(frozen=True)
class Desk:
    """What the next step follows from, and how much waits too long (the desk's own page says what)."""

    registrations: int
    to_screen: int
    unreleased: int
    tickets: int
    late: int
    rounds: list[RoundState]


def secretariat_desk(found: list[YearView]) -> Desk:
    if not found:
        return Desk(0, 0, 0, 0, 0, [])
    at = Moment.of(found)
    counts, rounds = counted(at), rounds_in_progress(at.competitions)
    late = what_is_late(at, counts, with_behind(rounds, at.now))
    numbers = {key: counts[key].number for key in ("registrations", "to_screen", "unreleased", "tickets")}
    return Desk(**numbers, late=len(late), rounds=rounds)


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
    return _next_list(desk) or _tickets(desk) or Step(_("Nothing waits for the secretariat now"))


def _tickets(desk: Desk) -> Step | None:
    if not desk.tickets:
        return None
    title = ngettext("%d ticket waits for an answer", "%d tickets wait for an answer", desk.tickets) % desk.tickets
    return Step(title, _("The one that waits longest comes first."), reverse("helpdesk:queue"), _("Open the tickets"))


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
