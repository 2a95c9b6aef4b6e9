"""The demonstration: one known login per role, and how far each stage of the demonstration year has been lived."""

from datetime import timedelta
from functools import partial

from django.utils.translation import gettext_lazy as _

from announcements.models import Announcement
from competitions import calendar
from competitions.models import Competition, Stage
from sinovik.rehearsal import asking, awarding, entering, interviews, judging, network, verification
from sinovik.rehearsal.script import ENTERING, JURORS, ROUNDS, SCREENING, Step
from sinovik.rehearsal.season import Person, Season

PASSWORD = "inovasi-untuk-semua"  # noqa: S105  printed on the screen of every demonstration
CODE = "demo"
YEAR = 2023
PROPOSALS = 93  # three in a hundred of the real year: 6 nominations, 3 finalists, 1 winner in Kelompok Umum

CLOSING = (Stage.Kind.PLENARY, Stage.Kind.ANNOUNCEMENT)
MORNING = timedelta(hours=13, minutes=59, seconds=59)  # from ten to the end of a day

LOGINS = {
    "secretariat": Person("sekretariat@demo.sinovik.test", "Ratna Wulandari", PASSWORD),
    "agency_admin": Person("admin@demo.sinovik.test", "Hadi Kurniawan", PASSWORD),
    "innovator": Person("inovator@demo.sinovik.test", "dr. Maria Rumbiak", PASSWORD),
    "evaluator": Person("evaluator@demo.sinovik.test", "Prof. Dr. Yusuf Hakim", PASSWORD),
    "panelist": Person("panelis@demo.sinovik.test", "Prof. Dr. Dewi Pangestu", PASSWORD),
}
ROLES = {
    "secretariat": _("secretariat"),
    "agency_admin": _("agency admin"),
    "innovator": _("innovator"),
    "evaluator": _("evaluator (TE)"),
    "panelist": _("panelist (TPI)"),
}

# A demonstration is lived in one transaction, where the clock stands still: a second round of reminders would find
# the same moment and be told already.
WRITTEN = tuple(step for step in ENTERING[:-2] if not step.name.startswith("reminders sent again"))
# Past the submission the calendar is shifted once more, and a letter already public would name other dates.
ENTERED = (*(step for step in WRITTEN if step.name != "deadline extended"), *ENTERING[-2:])
WAITING = Step("registrations waiting", entering.leave_registrations_waiting)
ASKED = Step("tickets opened", asking.ask_for_help)
NETWORK = Step("replications, requests and reports", network.live)
OBJECTED = Step("objections filed", asking.object_to_finalists)


def _stand_after_the_winners(season: Season) -> int:
    keep_in_season(season.competition)
    return 1


STAGES: dict[str, tuple[Step, ...]] = {
    "submission": (
        *WRITTEN,
        Step("some returned for correction", entering.return_to_the_named_innovator),
        Step("some sent to the ministry", partial(entering.send_proposals, share=0.4)),
        WAITING, ASKED, NETWORK,
    ),
    "screening": (*ENTERED, Step("some screened", partial(entering.screen_proposals, share=0.4)), WAITING, ASKED),
    "scoring": (
        *ENTERED, *SCREENING, *JURORS, ROUNDS[0][0],
        Step("some sheets final", partial(judging.score, place=1, share=0.6)), ASKED,
    ),
    "plenary": (*ENTERED, *SCREENING, *JURORS, *ROUNDS[0], *ROUNDS[1][:2], ASKED),
    "interviews": (
        *ENTERED, *SCREENING, *JURORS, *ROUNDS[0], *ROUNDS[1], OBJECTED, ROUNDS[2][0],
        Step("some interviews confirmed", partial(interviews.confirm, share=0.5)),
        Step("some claims verified", verification.begin), ASKED,
    ),
    "announced": (
        *ENTERED, *SCREENING, *JURORS, *ROUNDS[0], *ROUNDS[1], OBJECTED, *ROUNDS[2], ASKED,
        Step("stands after its winners", _stand_after_the_winners), NETWORK,
        Step("certificates printed", awarding.print_certificates),
        Step("called to the award day", awarding.plan_award_day),
    ),
}  # fmt: skip


def logins() -> list[tuple[str, str, str]]:
    """(role, e-mail, password) of every known login, for the screen."""
    return [(str(ROLES[part]), person.email, person.password) for part, person in LOGINS.items()]


def keep_in_season(competition: Competition) -> None:
    """Move the demonstration year's calendar by whole days, so that its stage of today stays the current one.

    A year whose winners are announced stands within a day after their announcement.
    """
    stage = current_stage(competition)
    before = stage.starts_at
    if stage.kind == Stage.Kind.ANNOUNCEMENT:
        calendar.after(competition, stage.key)
    else:
        calendar.lay_around(competition, stage.key, fraction=0 if interviews.are_ahead(competition) else 0.5)
    stage.refresh_from_db()
    if before and stage.starts_at:
        interviews.shift(competition, stage.starts_at - before)
    _date_announcements(competition)


def _date_announcements(competition: Competition) -> None:
    """Each list is dated by the plenary that fixed it, or by the stage that announces it: a year lived in a minute
    would have all of them published in that minute."""
    rounds = list(competition.stages.filter(rounds__supports="").distinct().order_by("order"))
    for stage, following in zip(rounds, [*rounds[1:], None], strict=True):
        closing = competition.stages.filter(kind__in=CLOSING, order__gt=stage.order)
        last = (closing.filter(order__lt=following.order) if following else closing).order_by("order").last()
        if last and last.ends_at and calendar.has_closed(last):
            at = last.ends_at - MORNING
            of_stage = Announcement.objects.public().filter(selections__round__stage=stage, corrects=None)
            of_stage.update(publish_at=at, told_at=at)


def current_stage(competition: Competition) -> Stage:
    """The stage the demonstration has been lived up to, told by what exists and not by the calendar."""
    rounds = [
        each for group in competition.groups.all()[:1] for each in group.rounds.filter(supports="").order_by("order")
    ]
    if Announcement.objects.public().filter(selections__round=rounds[-1]).exists():
        return competition.stages.filter(kind=Stage.Kind.ANNOUNCEMENT).latest("order")
    opened = [each for each in rounds if each.entries.exists()]
    if opened:
        return opened[-1].stage
    submission = calendar.submission_stage(competition)
    return submission if calendar.is_open(submission) else calendar.stage(competition, "screening")
