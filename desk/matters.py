"""What waits, for whom, how long, and how much of it too long: one row for each matter, all counted in one query.

What waits for the secretariat is late after PATIENCE working days; everything else by the rule of its own kind.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Registration
from announcements.models import Announcement
from catalogue.actions.replicating import REMIND_AFTER
from catalogue.models import FollowUpReport, Replication, ReplicationRequest
from competitions.calendar import has_opened
from competitions.models import Competition, Stage
from competitions.progress import YearView
from helpdesk.hours import holidays_of, working_days_before
from helpdesk.models import Ticket
from judging.models import ChangeRequest, Disqualification, InterviewSlot, SelectionEntry
from notifications.delivery import OVERDUE
from notifications.models import Message
from objections.models import Objection as PublicObjection
from proposals.models import Correction, Objection, Proposal, Screening, SecondLook, Submission
from proposals.rules import WITH_WRITERS
from proposals.screening.looks import DISPUTED
from proposals.screening.looks import OPEN as NOT_LOOKED_AT
from proposals.screening.queue import WAITING

PATIENCE = 2  # working days
SECRETARIAT, AGENCIES, PANEL, PORTAL = _("The secretariat"), _("Agencies"), _("The panel"), _("The portal")
IN_YEAR = "submission__proposal__competition__in"


@dataclass(frozen=True)
class Moment:
    """What the questions are asked for: the years in progress, now, and since when what waits is late."""

    years: list[YearView]
    now: datetime
    patience: datetime

    @classmethod
    def of(cls, years: list[YearView]) -> "Moment":
        """There is some year."""
        now, closed_on = years[0].at, holidays_of(year.competition for year in years)
        return cls(years, now, working_days_before(PATIENCE, now, closed_on))

    @property
    def competitions(self) -> list[Competition]:
        return [year.competition for year in self.years]

    @property
    def writing(self) -> list[Competition]:
        """Those whose submission is open."""
        return [year.competition for year in self.years if year.submission]

    @property
    def screening(self) -> list[Competition]:
        """Those whose screening has begun."""
        return [
            year.competition
            for year in self.years
            if any(each.kind == Stage.Kind.SCREENING and has_opened(each, self.now) for each in year.stages)
        ]


@dataclass(frozen=True)
class Matter:
    """`rows` are the things that wait, `since` the field that says how long, `late` which of them wait too long
    (None: none ever does) and `rule` says it in words. `where`: the name and the query of the page where it is done."""

    key: str
    name: str | Promise
    whom: str | Promise
    rows: Callable[[Moment], QuerySet]
    since: str
    where: tuple[str, str] = ("", "")
    late: Callable[[Moment], Q] | None = None
    rule: str | Promise = ""

    @property
    def url(self) -> str:
        name, query = self.where
        return reverse(name) + query if name else ""


@dataclass(frozen=True)
class Waiting:
    """How many things of a matter wait, how many of them too long, and since when the first."""

    matter: Matter
    number: int
    late: int
    since: datetime | None


def _patience(field: str) -> Callable[[Moment], Q]:
    return lambda at: Q(**{f"{field}__lt": at.patience})


def _of_secretariat(
    key: str, name: str | Promise, rows: Callable[[Moment], QuerySet], since: str, where: str, query: str = ""
) -> Matter:
    rule = _("waiting for more than two working days")
    return Matter(key, name, SECRETARIAT, rows, since, (where, query), _patience(since), rule)


def _looks(at: Moment, which: Q) -> QuerySet[SecondLook]:
    return SecondLook.objects.filter(
        which, screening__submission__stands=True, **{f"screening__{IN_YEAR}": at.competitions}
    )


def _to_screen(at: Moment) -> QuerySet[Submission]:
    """Once its time has come, or somebody has begun before."""
    standing = Submission.objects.filter(proposal__competition__in=at.competitions, stands=True)
    begun = Q(proposal__competition__in=at.screening) | Q(screening__isnull=False)
    return standing.filter(WAITING, begun, proposal__status=Proposal.Status.SENT)


def _decided(at: Moment) -> QuerySet[Screening]:
    return Screening.objects.filter(submission__stands=True, **{IN_YEAR: at.competitions}).exclude(verdict="")


def _slots(at: Moment) -> QuerySet[InterviewSlot]:
    return InterviewSlot.objects.unconfirmed().filter(
        starts_at__gt=at.now, entry__round__group__competition__in=at.competitions
    )


def _changes(at: Moment) -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.filter(
        outcome="", slot__entry__round__group__competition__in=at.competitions, slot__status="waiting"
    )


def _objected(_at: Moment) -> QuerySet[Announcement]:
    """Each with the moment of the first objection: rows of its lists are not counted twice."""
    entered = SelectionEntry.objects.filter(selection__announcements=OuterRef(OuterRef("pk")), is_selected=True)
    against = PublicObjection.objects.undecided().filter(proposal__in=entered.values("proposal")).order_by("filed_at")
    objected_at = Subquery(against.values("filed_at")[:1])
    return Announcement.objects.scheduled().annotate(objected_at=objected_at).exclude(objected_at=None)


# What is counted only to be set against something else has no name.
MATTERS = [
    _of_secretariat(
        "registrations", _("Registrations to check"), lambda at: Registration.objects.pending(), "created_at",
        "accounts:registrations",
    ),
    Matter(
        "to_screen", _("Proposals to screen"), SECRETARIAT, _to_screen, "sent_at",
        ("proposals:screening", "?state=waiting"),
    ),
    Matter("decided", "", SECRETARIAT, _decided, "decided_at"),
    _of_secretariat(
        "looks", _("Second looks"), lambda at: _looks(at, NOT_LOOKED_AT), "asked_at", "proposals:screening",
        "?state=second",
    ),
    _of_secretariat(
        "disputed", _("Screenings two clerks differ about"), lambda at: _looks(at, DISPUTED), "looked_at",
        "proposals:screening", "?state=disputed",
    ),
    Matter(
        "unreleased", _("Screened, not announced yet"), SECRETARIAT, lambda at: _decided(at).filter(released_at=None),
        "decided_at", ("proposals:screening_release", ""),
    ),
    _of_secretariat(
        "objections", _("Agencies' objections to their screening"),
        lambda at: Objection.objects.filter(outcome="", **{f"screening__{IN_YEAR}": at.competitions}), "filed_at",
        "proposals:screening_objections",
    ),
    _of_secretariat(
        "tickets", _("Tickets without an answer"), lambda at: Ticket.objects.waiting(), "waiting_since",
        "helpdesk:queue", "?state=waiting",
    ),
    _of_secretariat(
        "changes", _("Agencies that ask for another interview time"), _changes, "asked_at", "judging:interviews"
    ),
    _of_secretariat(
        "public_objections", _("Public objections to refer to the panel"),
        lambda at: PublicObjection.objects.undecided().filter(referred_at=None), "filed_at", "objections:cases",
    ),
    _of_secretariat(
        "reports", _("Reports of past winners to accept"),
        lambda at: FollowUpReport.objects.counted().filter(state=FollowUpReport.State.SENT), "sent_at",
        "catalogue:follow_ups", "?state=sent",
    ),
    _of_secretariat(
        "disqualifications", _("Disqualifications a second clerk confirms"),
        lambda at: Disqualification.objects.filter(
            confirmed_at=None, proposal__competition__in=at.competitions
        ), "made_at", "proposals:list",
    ),
    Matter(
        "held", _("Announcements held back"), SECRETARIAT, lambda at: Announcement.objects.held(), "publish_at",
        ("announcements:manage", ""), lambda at: Q(publish_at__lte=at.now),
        _("their moment has come, but a list of theirs is under correction"),
    ),
    Matter(
        "objected", _("Scheduled results that somebody objects to"), SECRETARIAT, _objected, "objected_at",
        ("announcements:manage", ""), lambda at: Q(pk__isnull=False),
        _("an objection to a proposal of their lists is not decided yet"),
    ),
    Matter(
        "failed", _("Letters that could not be delivered"), SECRETARIAT,
        lambda at: Message.objects.failed(), "created_at", ("desk:letters", ""), lambda at: Q(pk__isnull=False),
        _("given up after several attempts"),
    ),
    Matter(
        "outbox", _("Letters on their way"), PORTAL, lambda at: Message.objects.unsent(), "created_at",
        ("desk:letters", ""), lambda at: Q(due_at__lt=at.now - OVERDUE),
        _("overdue by more than ten minutes: the mail server or the workers stand still"),
    ),
    Matter(
        "reviews", _("Proposals to review and send"), AGENCIES,
        lambda at: Proposal.objects.filter(competition__in=at.writing, status=Proposal.Status.IN_REVIEW), "updated_at",
        ("desk:new_broadcast", "?to=reviews"),
    ),
    Matter(
        "drafts", _("Proposals being written"), AGENCIES,
        lambda at: Proposal.objects.filter(competition__in=at.writing, status__in=WITH_WRITERS), "created_at",
        ("desk:new_broadcast", "?to=drafts"),
    ),
    Matter(
        "corrections", _("Proposals to correct after screening"), AGENCIES,
        lambda at: Correction.objects.running(at.now), "opened_at", ("proposals:screening", "?state=correct"),
    ),
    Matter(
        "interviews", _("Interviews to confirm"), AGENCIES, _slots, "published_at", ("judging:interviews", ""),
        lambda at: Q(confirm_by__lt=at.now), _("the last moment to confirm has passed"),
    ),
    Matter(
        "replications", _("Replications the source should confirm"), AGENCIES,
        lambda at: Replication.objects.waiting(), "declared_at",
        ("catalogue:replications", ""), lambda at: Q(declared_at__lt=at.now - REMIND_AFTER[-1]),
        _("no answer although the source was reminded twice"),
    ),
    Matter(
        "requests", _("Requests to replicate the source should answer"), AGENCIES,
        lambda at: ReplicationRequest.objects.waiting(), "waiting_since",
        ("catalogue:requests", ""), lambda at: Q(waiting_since__lt=at.now - REMIND_AFTER[-1]),
        _("no answer for three weeks"),
    ),
    Matter(
        "follow_ups", _("Past winners whose agency should report"), AGENCIES,
        lambda at: FollowUpReport.objects.counted().unanswered(), "follow_up__opened_at", ("catalogue:follow_ups", ""),
    ),
    Matter(
        "referred", _("Public objections to decide"), PANEL,
        lambda at: PublicObjection.objects.undecided().exclude(referred_at=None), "referred_at",
        ("objections:cases", ""), _patience("referred_at"), _("waiting for more than two working days"),
    ),
]  # fmt: skip


def counted(at: Moment, matters: Iterable[Matter] = MATTERS) -> dict[str, Waiting]:
    """Every matter by its key, in one query."""
    by_key = {matter.key: matter for matter in matters}
    first, *rest = [_numbers(matter, at) for matter in by_key.values()]
    rows = {key: numbers for key, *numbers in first.union(*rest, all=True)}
    return {key: Waiting(matter, *rows.get(key, (0, 0, None))) for key, matter in by_key.items()}


def _numbers(matter: Matter, at: Moment) -> QuerySet:
    """One row: key, number, how many are late, since when the first waits."""
    late = matter.late(at) if matter.late else Q(pk=None)
    return (
        matter.rows(at)
        .order_by()
        .annotate(matter=Value(matter.key))
        .values("matter")
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=late),
            since=Cast(Min(F(matter.since)), DateTimeField()),
        )
        .values_list("matter", "number", "late", "since")
    )
