"""The round beside the interviews of a rehearsed year: teams read the claims and write down what they found."""

from decimal import Decimal

from competitions import calendar
from competitions.models import Round
from judging import actions as judging
from judging.models import Assessment, Claim, Entry
from sinovik.rehearsal.season import Season

PARTLY_EVERY = 6  # one claim in so many is only partly confirmed
NOTE = "Jumlah penerima manfaat dalam catatan unit lebih kecil daripada yang ditulis dalam proposal."


def begin(season: Season, *, share: float = 0.5) -> int:
    """Choose who is looked at beside the interviews, form the teams, and look at a part of their claims. Returns how
    many findings there are."""
    supporters = Round.objects.filter(group__competition=season.competition).exclude(supports="").order_by("pk")
    return sum(_look(season, each, share) for each in supporters.select_related("stage", "group"))


def hold(season: Season, supporter: Round) -> None:
    """A round beside the one whose plenary comes: every claim looked at, and passed by everybody of the team."""
    calendar.lay_around(season.competition, supporter.stage.key)
    _look(season, supporter, 1)
    criteria = list(supporter.criteria.all())
    for sheet in Assessment.objects.filter(entry__round=supporter).select_related("juror__user", "entry"):
        scores = {criterion.key: Decimal(criterion.scale_max) for criterion in criteria}
        judging.save_assessment(
            sheet, scores=scores, by=sheet.juror.user, final=True, comment="Sesuai dengan uraian dalam proposal."
        )


def _look(season: Season, supporter: Round, share: float) -> int:
    """Each team takes its claims from the answers; one of them writes down what was found of a part of them."""
    judging.open_round(supporter, by=season.clerk)
    judging.assign(supporter, by=season.clerk, seed=season.random.randrange(2**31))
    found = 0
    for entry in Entry.objects.filter(round=supporter).select_related("proposal", "round").order_by("pk"):
        member = entry.assessments.select_related("juror__user").order_by("pk")[0].juror.user
        judging.draft_claims(entry, by=member)
        claims = list(entry.claims.order_by("pk"))
        for number, claim in enumerate(claims[: round(len(claims) * share)], start=1):
            partly = number % PARTLY_EVERY == 0
            finding, note = (Claim.Finding.PARTLY, NOTE) if partly else (Claim.Finding.CONFIRMED, "")
            judging.record_finding(claim, finding=finding, note=note, version=claim.version, by=member)
            found += 1
    return found
