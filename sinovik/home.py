"""What the home page shows to whom: what waits for this person, until when, and where the year stands.

Each function answers for one kind of reader, in a fixed number of queries however much waits.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Agency, Registration, User
from announcements.models import Announcement
from catalogue.models import Award
from competitions import calendar
from competitions.models import Competition, Group, Round, Stage
from judging.models import Assessment, Juror
from judging.querysets import is_fixed
from proposals.models import Proposal, Screening
from sinovik.navigation import Roles

Status = Proposal.Status
UNSENT = (Status.DRAFT, Status.RETURNED, Status.IN_REVIEW)
SENT = (Status.SENT, Status.PASSED, Status.FAILED)
LIVE_SHEETS = Q(entries__assessments__status__in=("assigned", "draft", "final"))
OPEN_SHEETS = ("assigned", "draft")

FIGURES: dict[str, str | Promise] = {
    "registered": gettext_lazy("proposals registered"),
    "sent": gettext_lazy("sent to the ministry"),
    "passed": gettext_lazy("passed screening"),
    "nominations": gettext_lazy("nominated"),
    "finalists": gettext_lazy("finalists"),
    "winners": gettext_lazy("winners"),
}


@dataclass(frozen=True)
class Step:
    """The one thing to do next: a sentence, why, and where. Without an address there is nothing to do but wait."""

    title: str
    text: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Task:
    """One line of what waits, as components/task_list.html shows it."""

    label: str
    url: str
    status: str
    status_label: str
    hint: str = ""


@dataclass(frozen=True)
class YearView:
    """A year in progress (or the last one): all its stages, those running now, and the next to begin."""

    competition: Competition
    at: datetime
    stages: list[Stage]
    running: list[Stage]
    next: Stage | None

    @property
    def submission(self) -> Stage | None:
        """The submission stage while it runs."""
        return next((stage for stage in self.running if stage.kind == Stage.Kind.SUBMISSION), None)

    @property
    def near(self) -> list[Stage]:
        """What to show of a long calendar: the last stage that is over, those running, and the next three."""
        over = [stage for stage in self.stages if calendar.has_closed(stage, self.at)]
        ahead = [stage for stage in self.stages if stage not in over and stage not in self.running]
        return [*over[-1:], *self.running, *ahead[: 3 if self.running else 5]]

    @property
    def headline(self) -> Stage | None:
        """The running stage most people wait for: submission, else the one that ends first."""
        ends = [stage for stage in self.running if stage.ends_at]
        return self.submission or min(ends, key=lambda stage: stage.ends_at or self.at, default=None)


@dataclass(frozen=True)
class Quota:
    """How many proposals of an agency stand in a group, against its cap (None: no limit)."""

    agency: Agency
    group: Group
    used: int
    cap: int | None


def years() -> list[YearView]:
    """The years in progress, newest first; between two years the last one."""
    stages = Prefetch("stages", queryset=Stage.objects.order_by("order"))
    found = list(Competition.objects.current().prefetch_related(stages))
    if not found:
        found = list(Competition.objects.exclude(stages=None).prefetch_related(stages)[:1])
    now = calendar.now()
    return [_year(competition, now) for competition in found]


def _year(competition: Competition, now: datetime) -> YearView:
    stages = list(competition.stages.all())
    return YearView(
        competition=competition,
        at=now,
        stages=stages,
        running=[stage for stage in stages if calendar.is_open(stage, now)],
        next=min(
            (stage for stage in stages if stage.starts_at and stage.starts_at > now),
            key=lambda stage: stage.starts_at or now,
            default=None,
        ),
    )


def news(limit: int = 3) -> list[Announcement]:
    """The latest public announcements."""
    return list(Announcement.objects.public().select_related("competition")[:limit])


def figures() -> tuple[int, list[tuple[int, str | Promise]]] | None:
    """(year, [(number, what it counts)]) of the last year whose real figures were published."""
    last = Competition.objects.filter(is_demonstration=False).exclude(counts={}).order_by("-year").first()
    if last is None:
        return None
    known = [(_total(last.counts.get(key)), label) for key, label in FIGURES.items()]
    return last.year, [(number, label) for number, label in known if number]


def _total(count: object) -> int:
    """A published figure: a number, or numbers by group."""
    numbers = count.values() if isinstance(count, dict) else [count]
    return sum(number for number in numbers if isinstance(number, int))


def awards() -> int:
    """How many distinctions the catalogue holds."""
    return Award.objects.count()


# --- Innovator ----------------------------------------------------------------------------------------------------
INNOVATOR_HINTS: dict[str, str | Promise] = {
    Status.DRAFT: gettext_lazy("Fill in what is missing, then hand it to your agency admin."),
    Status.RETURNED: gettext_lazy("Your agency admin returned it with a note: correct it and hand it in again."),
    Status.IN_REVIEW: gettext_lazy("Your agency admin reads it now and sends it to the ministry."),
    Status.SENT: gettext_lazy("It is with the ministry. Screening results are announced together."),
    Status.PASSED: gettext_lazy("It passed screening and is judged now."),
    Status.FAILED: gettext_lazy("It did not pass screening. The reasons are on its page."),
    Status.WITHDRAWN: gettext_lazy("It was withdrawn."),
}
TOO_LATE = gettext_lazy("Submission has closed. It was not sent and does not take part.")


def own_proposals(user: User, found: list[YearView]) -> list[Task]:
    """The proposals this person leads, newest first, each with what happens next."""
    still_open = {year.competition.pk for year in found if year.submission}
    proposals = Proposal.objects.filter(lead=user).select_related("competition").order_by("-updated_at")[:10]
    return [
        Task(
            label=proposal.title,
            url=reverse("proposals:proposal", args=[proposal.code]),
            status=proposal.status,
            status_label=proposal.get_status_display(),
            hint=str(
                TOO_LATE
                if proposal.status in UNSENT and proposal.competition_id not in still_open
                else INNOVATOR_HINTS[proposal.status]
            ),
        )
        for proposal in proposals
    ]


def innovator_step(tasks: list[Task], found: list[YearView]) -> Step:
    """What an innovator does next: correct, go on writing, begin, or wait."""
    is_open = any(year.submission for year in found)
    for status, title in ((Status.RETURNED, _("Correct “%s”")), (Status.DRAFT, _("Go on with “%s”"))):
        for task in tasks:
            if is_open and task.status == status:
                return Step(title % task.label, task.hint, task.url, _("Open the proposal"))
    if is_open:
        text = _("One page per aspect, saved as you write. You can stop at any moment and go on later.")
        return Step(_("Start a new proposal"), text, reverse("proposals:new"), _("Start a proposal"))
    if tasks:
        return Step(_("There is nothing you have to do now"), _("We write to you as soon as there is news."))
    return Step(_("Submission is not open now"), _("The calendar says when the next year begins."))


# --- Agency admin -------------------------------------------------------------------------------------------------
def agency_tasks(user: User, found: list[YearView]) -> list[Task]:
    """What the innovators of this admin's agencies handed in and what still is with them."""
    counts = dict(
        Proposal.objects.filter(agency__in=Agency.objects.administered_by(user), competition__in=_ids(found))
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    is_open = any(year.submission for year in found)
    waiting = (
        (Status.IN_REVIEW, _("Waiting for your review"), _("Read them, return them with a note or send them."), "open"),
        (Status.RETURNED, _("Returned to the innovator"), "", "draft"),
        (Status.DRAFT, _("Still being written"), "", "draft"),
    )
    too_late = (
        (Status.IN_REVIEW, _("Handed to you, not sent in time"), str(TOO_LATE), "muted"),
        (Status.RETURNED, _("Returned, not handed in again in time"), "", "muted"),
        (Status.DRAFT, _("Not finished in time"), "", "muted"),
    )
    rows = (
        *(waiting if is_open else too_late),
        (Status.SENT, _("Sent to the ministry"), "", "done"),
        (Status.PASSED, _("Passed screening"), "", "passed"),
        (Status.FAILED, _("Failed screening"), "", "failed"),
    )
    listing = reverse("proposals:list")
    return [
        Task(label, f"{listing}?status={status}", tone, str(counts[status]), hint)
        for status, label, hint, tone in rows
        if counts.get(status)
    ]


def _ids(found: list[YearView]) -> list[int]:
    return [year.competition.pk for year in found]


def quotas(user: User, found: list[YearView]) -> list[Quota]:
    """How much of each cap is used by what was sent, for every agency this person acts for."""
    agencies = list(Agency.objects.administered_by(user))
    groups = Group.objects.filter(competition__in=_ids(found)).prefetch_related("caps")
    used = {
        (row["agency"], row["group"]): row["n"]
        for row in Proposal.objects.filter(agency__in=agencies, status__in=SENT)
        .order_by()
        .values("agency", "group")
        .annotate(n=Count("pk"))
    }
    return [
        Quota(agency, group, used.get((agency.pk, group.pk), 0), group.cap_for(agency))
        for group in groups.select_related("competition")
        if not group.invitation_only
        for agency in agencies
    ]


def agency_step(tasks: list[Task], found: list[YearView]) -> Step:
    """What an agency admin does next: send what waits, invite innovators, or wait."""
    waiting = next((task for task in tasks if task.status == "open"), None)
    if waiting is not None:
        number = int(waiting.status_label)
        title = ngettext("%d proposal waits for you", "%d proposals wait for you", number) % number
        text = _("Nothing reaches the ministry unless you send it.")
        return Step(title, text, waiting.url, _("Review the proposals"))
    if any(year.submission for year in found):
        text = _("Open units and invite the innovators who write the proposals.")
        return Step(_("No proposal waits for you now"), text, reverse("accounts:agency"), _("Open the agency desk"))
    return Step(_("There is nothing you have to do now"), _("We write to you as soon as there is news."))


# --- Secretariat --------------------------------------------------------------------------------------------------
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
    ids = _ids(found)
    screening = Screening.objects.filter(submission__stands=True, submission__proposal__competition__in=ids)
    counts = screening.aggregate(
        to_screen=Count("pk", filter=Q(verdict="")),
        screened=Count("pk", filter=~Q(verdict="")),
        unreleased=Count("pk", filter=~Q(verdict="") & Q(released_at=None)),
    )
    statuses = dict(Proposal.objects.filter(competition__in=ids).order_by().values_list("status").annotate(Count("pk")))
    return Desk(
        registrations=Registration.objects.filter(status=Registration.Status.PENDING).count(),
        **counts,
        by_status=[(value, str(label), statuses.get(value, 0)) for value, label in Status.choices],
        rounds=_rounds_in_progress(ids),
        dates=_next_dates(found),
    )


def _rounds_in_progress(competitions: list[int]) -> list[RoundState]:
    """Rounds that have assessments, in the order of the year."""
    announced = Announcement.objects.filter(selections__round=OuterRef("pk"), publish_at__isnull=False)
    rows = (
        Round.objects.filter(group__competition__in=competitions)
        .select_related("group__competition", "stage")
        .annotate(
            sheets=Count("entries__assessments", filter=LIVE_SHEETS),
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


# --- Juror --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Pile:
    """One juror role: how many sheets are final, how many can still be finished, and until when."""

    juror: Juror
    total: int
    final: int
    open: int
    closes_at: datetime | None


def piles(jurors: list[Juror]) -> list[Pile]:
    rows = (
        Assessment.objects.filter(juror__in=jurors, status__in=("assigned", "draft", "final"))
        .order_by()
        .annotate(stands=is_fixed("entry__round__"))
        .values_list("juror", "status", "entry__round__stage__ends_at", "stands")
        .annotate(n=Count("pk"))
    )
    found, now = list(rows), calendar.now()
    return [_pile(juror, [row[1:] for row in found if row[0] == juror.pk], now) for juror in jurors]


def _pile(juror: Juror, rows: list[tuple[str, datetime | None, bool, int]], now: datetime) -> Pile:
    to_do = [
        (end, number)
        for status, end, stands, number in rows
        if status in OPEN_SHEETS and not stands and not calendar.has_closed(Stage(ends_at=end), now)
    ]
    return Pile(
        juror=juror,
        total=sum(row[-1] for row in rows),
        final=sum(row[-1] for row in rows if row[0] == "final"),
        open=sum(number for _end, number in to_do),
        closes_at=min((end for end, _number in to_do if end), default=None),
    )


def juror_step(found: list[Pile]) -> Step:
    """What a juror does next: the pact, the next sheet, or nothing."""
    unsigned = next((pile for pile in found if pile.juror.pact_accepted_at is None), None)
    if unsigned is not None:
        text = _("You see proposals only after you accept it.")
        url = reverse("judging:pact", args=[unsigned.juror.competition.code])
        return Step(_("Read and accept the integrity pact"), text, url, _("Read the pact"))
    left = sum(pile.open for pile in found)
    if left:
        title = ngettext("%d proposal is left to assess", "%d proposals are left to assess", left) % left
        text = _("Drafts are saved as you go; a score counts once you make it final.")
        return Step(title, text, reverse("judging:desk"), _("Go on assessing"))
    if any(pile.final < pile.total for pile in found):  # too late for the rest
        return Step(_("There is nothing you have to do now"), _("We write to you as soon as there is news."))
    return Step(_("You have assessed everything given to you"), _("Thank you. We write to you when there is more."))


# --- Waiting for a role -------------------------------------------------------------------------------------------
def registrations_of(user: User) -> list[Registration]:
    return list(user.registrations.select_related("agency").order_by("-created_at"))


def role_names(roles: Roles) -> list[str]:
    """What the reader is, in words, most official first."""
    names = [_("Secretariat")] if roles.is_secretariat else []
    names += [_("Agency admin of %(agency)s") % {"agency": agency} for agency in roles.admin_of]
    names += [_("Innovator of %(agency)s") % {"agency": agency} for agency in roles.innovator_of]
    names += list(dict.fromkeys(juror.get_kind_display() for juror in roles.jurors))
    return names
