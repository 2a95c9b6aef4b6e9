"""Whom and what the pages of the proposal side are about: three years lived by the steps of the demonstration."""

import os
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.core.management import call_command
from django.db.models import F

from accounts.models import Agency, User
from competitions import calendar
from competitions.models import Competition, ReasonTemplate, ScreeningRules
from proposals import actions, screening
from proposals.models import Batch, Correction, Proposal, Resemblance, Screening, Submission
from proposals.screening.queue import WAITING
from sinovik import demo
from sinovik.rehearsal.script import ENTERING, SCREENING, begin, live

WRITING, SCREENED, FORMER = "ajuan", "seleksi", "lama"
PROPOSALS = 24


@dataclass
class Scene:
    """People and proposals; `item` waits at the screening desk, `claimed` is held by the clerk."""

    innovator: User
    admin: User
    clerk: User
    former_admin: User
    draft: Proposal
    in_review: Proposal
    sent: Proposal
    item: Proposal
    claimed: Proposal
    mended: Proposal
    former: Proposal
    copied: Proposal
    failed: Proposal
    objected: Proposal
    batch: Batch
    resemblance: Resemblance
    reason: ReasonTemplate

    @property
    def aspect(self) -> str:
        return self.draft.group.aspects.order_by("order")[0].key

    @property
    def question(self) -> str:
        return self.draft.group.aspects.order_by("order")[0].questions.order_by("order")[0].key


def lived() -> Scene:
    """One year in mid-submission, one in mid-screening, and last year's with its results out."""
    with open(os.devnull, "w") as nowhere:
        call_command("load_agencies", stdout=nowhere)
    former, clerk = _year(FORMER, (*ENTERING, *SCREENING), seed=3)
    Competition.objects.filter(pk=former.pk).update(year=demo.YEAR - 1)
    screened, clerk = _year(SCREENED, demo.STAGES["screening"], seed=2)
    writing, _clerk = _year(WRITING, demo.STAGES["submission"], seed=1, named=True)
    return _scene(writing, screened, former, clerk)


def _year(code: str, steps: tuple, *, seed: int, named: bool = False) -> tuple[Competition, User]:
    people = dict(demo.LOGINS) if named else {}
    season = begin(demo.YEAR, code=code, proposals=PROPOSALS, jurors=None, seed=seed, named=people)
    list(live(season, tuple(step for step in steps if step is not demo.WAITING)))
    return season.competition, season.clerks[0]


def _scene(writing: Competition, screened: Competition, former: Competition, clerk: User) -> Scene:
    innovator, admin = (User.objects.get(email=demo.LOGINS[part].email) for part in ("innovator", "agency_admin"))
    there = writing.proposals.select_related("group", "lead")
    draft = there.filter(lead=innovator, status__in=["draft", "returned"], answers__isnull=False).distinct()[0]
    in_review = there.filter(agency__in=Agency.objects.administered_by(admin), status="in_review")[0]
    items = list(Submission.objects.filter(WAITING, stands=True, proposal__competition=screened).order_by("pk")[:3])
    screening.claim(items[1], by=clerk)
    failed = list(former.proposals.filter(status="failed", submissions__screening__released_at__isnull=False)[:2])
    old = former.proposals.exclude(status="draft").filter(agency__in=[failed[0].agency])[0]
    former_admin = failed[0].agency.admin
    objector = failed[1].agency.admin
    ScreeningRules.objects.filter(competition=former).update(objection_days=365)
    later = {name: F(name) + timedelta(days=365) for name in ("starts_at", "ends_at")}
    former.stages.filter(kind="assessment").update(**later)  # one may object until somebody assesses
    screening.object_to(failed[1], text="Dokumen yang disebut kurang telah dilampirkan.", by=objector)
    batch = actions.begin_batch(writing, key=uuid4(), codes=[draft.code], by=admin)
    actions.send_batch(batch, by=admin)  # refused, with its reasons
    alike = Resemblance.objects.create(
        submission=items[0], other=items[1], kind=Resemblance.Kind.TEXT, score=60, passages=[[0, 60, 0, 60, 9]]
    )
    return Scene(
        innovator=innovator, admin=admin, clerk=clerk, former_admin=former_admin, draft=draft, in_review=in_review,
        sent=there.filter(status="sent")[0], item=items[0].proposal, claimed=items[1].proposal,
        mended=_mended(items[2], clerk), former=old, copied=_copied(old, writing, former_admin), failed=failed[0],
        objected=failed[1], batch=batch, resemblance=alike, reason=screened.reason_templates.all()[0],
    )  # fmt: skip


def _copied(former: Proposal, year: Competition, by: User) -> Proposal:
    group = year.groups.get(key=former.group.key)
    category = year.categories.get(key=former.category.key)
    given = {"agency": former.agency, "unit": former.unit, "title": former.title}
    return actions.start_from(former, group=group, category=category, by=by, **given)


def _mended(submission: Submission, clerk: User) -> Proposal:
    """A proposal whose agency is asked to mend something, in a year that is made to have such a time."""
    competition = submission.proposal.competition
    ScreeningRules.objects.filter(competition=competition).update(correction_days=3)
    check = competition.screening_checks.all()[0]
    check.corrects = ["title", "video_url"]
    check.save(update_fields=["corrects"])
    held = screening.claim(submission, by=clerk)
    screening.decide(held, verdict="correct", failed_checks=[check], note="Judul belum jelas.", by=clerk)
    now = calendar.now()
    Screening.objects.filter(pk=held.pk).update(released_at=now)
    Correction.objects.create(screening=held, opened_at=now, ends_at=now + timedelta(days=3))
    return submission.proposal
