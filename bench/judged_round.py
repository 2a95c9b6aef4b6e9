"""A round whose sheets are all final, written straight into the rows of a scratch database, and who may look at it."""

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from competitions.loading import load_year
from competitions.models import Criterion, Round
from judging.models import Assessment, Entry, Juror, Score
from proposals.models import Proposal

YEAR = Path(__file__).resolve().parent.parent / "competitions" / "years" / "2023.toml"
JURORS, EACH = 40, 3


def begin_round(code: str, size: int, seed: int = 7) -> Round:
    """`size` proposals, each read by three of forty jurors, linked across all; scores are whole numbers."""
    competition = load_year(YEAR, code=code, is_demonstration=True)
    judging_round = Round.objects.select_related("group__competition", "stage").get(
        group=competition.groups.order_by("order")[0], key="desk"
    )
    rng = random.Random(seed)  # noqa: S311 (reproducible, not secret)
    entries = _entries(judging_round, size, rng)
    people = User.objects.bulk_create(
        User(email=f"{code}-{number}@contoh.sinovik.test", name=f"Penilai {number}") for number in range(JURORS)
    )
    jurors = Juror.objects.bulk_create(
        Juror(competition=competition, user=person, kind="evaluator", pact_accepted_at=timezone.now())
        for person in people
    )
    _score(judging_round, entries, jurors, rng)
    return judging_round


def _entries(judging_round: Round, size: int, rng: random.Random) -> list[Entry]:
    competition, group = judging_round.group.competition, judging_round.group
    agency, _new = Agency.objects.get_or_create(
        code="76.01", defaults={"name": "Kabupaten Contoh", "slug": "contoh", "type": "regency", "province": "Contoh"}
    )
    lead, _new = User.objects.get_or_create(email="inovator@contoh.sinovik.test", defaults={"name": "Inovator"})
    categories = list(competition.categories.all())
    proposals = Proposal.objects.bulk_create(
        Proposal(
            competition=competition, group=group, category=rng.choice(categories), agency=agency, lead=lead,
            title=f"Inovasi {number}", started_on=date(2019, 1, 2), status=Proposal.Status.PASSED,
        )
        for number in range(size)
    )  # fmt: skip
    return Entry.objects.bulk_create(Entry(round=judging_round, proposal=each) for each in proposals)


def _score(judging_round: Round, entries: list[Entry], jurors: list[Juror], rng: random.Random) -> None:
    criteria = list(Criterion.objects.filter(round=judging_round))
    level = [rng.gauss(0, 4) for _juror in jurors]
    sheets, marks = [], []
    for place, entry in enumerate(entries):
        quality = rng.gauss(72, 7)
        for turn in rng.sample(range(len(jurors)), EACH):
            sheets.append(
                Assessment(entry=entry, juror=jurors[turn], place=place, status="final", finalised_at=timezone.now())
            )
            marks.append(quality + level[turn])
    Assessment.objects.bulk_create(sheets, batch_size=1000)
    Score.objects.bulk_create(
        (
            Score(assessment=sheet, criterion=each, value=_mark(mark, each, rng))
            for sheet, mark in zip(sheets, marks, strict=True)
            for each in criteria
        ),
        batch_size=1000,
    )


def _mark(mark: float, criterion: Criterion, rng: random.Random) -> Decimal:
    share = min(max((mark + rng.gauss(0, 5)) / 100, 0), 1)
    return Decimal(round(criterion.scale_min + share * (criterion.scale_max - criterion.scale_min)))


def clerks() -> tuple[User, User]:
    """Two of the secretariat."""
    found = []
    for number in (1, 2):
        fields = {"name": f"Nama {number}", "is_secretariat": True}
        email = f"sekretariat-{number}@contoh.sinovik.test"
        found.append(User.objects.get_or_create(email=email, defaults=fields)[0])
    return found[0], found[1]


def office() -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(clerks()[0])
    return client


def address(name: str, judging_round: Round) -> str:
    group = judging_round.group
    return reverse(f"judging:{name}", args=[group.competition.code, group.key, judging_round.key])
