"""What a new announcement begins with, so that nobody copies figures or lists by hand."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from announcements.lists import selections_in_order
from announcements.models import Announcement
from competitions.models import Competition
from judging.models import Selection
from notifications.outbox import reading_as
from proposals.models import Proposal

Kind = Announcement.Kind
# What the lists of a round are announced as, by the award they give.
TIERS = {"": Kind.NOMINATION, "finalist": Kind.FINALIST, "special_finalist": Kind.FINALIST}


def kind_of(selection: Selection) -> str:
    tier = selection.round.award_tier
    return TIERS.get(tier, Kind.FINALIST if tier.endswith("finalist") else Kind.WINNER)


def suggestion(competition: Competition, kind: str) -> dict[str, object]:
    """Title, text and lists for a kind, in the portal's language: the public reads it, whoever writes it."""
    with reading_as(None):
        if kind == Kind.SCREENING:
            return _screening(competition)
        if kind == Kind.OPENING:
            return _opening(competition)
        if kind in (Kind.NOMINATION, Kind.FINALIST, Kind.WINNER):
            return _lists(competition, kind)
    return {"kind": kind} if kind in Kind.values else {}


def waiting() -> QuerySet[Selection]:
    """Lists that stand and that no announcement carries yet; what replaces a published list is corrected instead."""
    standing = Selection.objects.closed().filter(announcements=None, supersedes=None)
    ordered = ("-round__group__competition__year", "round__group__order", "round__order")
    return standing.select_related("round__group__competition").order_by(*ordered)


@dataclass
class Waiting:
    """Lists of one kind and year that one announcement can make public."""

    competition: Competition
    kind: str
    names: list[str] = field(default_factory=list)

    @classmethod
    def of_every_year(cls) -> "list[Waiting]":
        found: dict[tuple[int, str], Waiting] = {}
        for selection in waiting():
            competition, kind = selection.round.group.competition, kind_of(selection)
            found.setdefault((competition.pk, kind), cls(competition, kind)).names.append(selection.name)
        return list(found.values())


def _screening(competition: Competition) -> dict[str, object]:
    passed = Q(status=Proposal.Status.PASSED)
    screened = Q(status__in=[Proposal.Status.PASSED, Proposal.Status.FAILED])
    counts = Proposal.objects.filter(competition=competition).aggregate(
        passed=Count("pk", filter=passed), screened=Count("pk", filter=screened)
    )
    title = _("Results of the administrative screening of %(competition)s") % {"competition": competition.name}
    body = _body("screening", {"competition": competition, **counts})
    return {"kind": Kind.SCREENING, "title": title, "body": body}


def _opening(competition: Competition) -> dict[str, object]:
    title = _("Opening of %(competition)s") % {"competition": competition.name}
    stages = competition.stages.exclude(starts_at=None, ends_at=None).order_by("order")
    return {
        "kind": Kind.OPENING, "title": title, "body": _body("opening", {"competition": competition, "stages": stages})
    }  # fmt: skip


def _lists(competition: Competition, kind: str) -> dict[str, object]:
    found = [each for each in waiting().filter(round__group__competition=competition) if kind_of(each) == kind]
    if not found:
        return {"kind": kind}
    names = ", ".join(each.name for each in found)
    title = _("Announcement of %(lists)s, %(competition)s") % {"lists": names, "competition": competition.name}
    body = _body("lists", {"competition": competition, "selections": found})
    return {"kind": kind, "title": title[:200], "body": body, "selections": found}


def _body(name: str, context: dict[str, object]) -> str:
    return render_to_string(f"announcements/{name}_body.txt", context).strip()


def notes_on(announcement: Announcement) -> list[tuple[str, str]]:
    """What a draft says beside kind, title and text: label and value."""
    names = [selection.name for selection in selections_in_order(announcement)]
    letter = announcement.letter.name if announcement.letter else ""
    notes = [
        (_("Number"), announcement.number),
        (_("Reason"), announcement.because),
        (_("Lists"), "; ".join(names)),
        (_("Signed letter (PDF)"), letter),
    ]
    return [(label, value) for label, value in notes if value]
