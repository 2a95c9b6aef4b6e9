"""The cast and the small year every test knows.

Two agencies (`agency`, `other_agency`), one person per role, and `year`: a competition in mid-submission with one
group, two categories, two aspects of 60 % and 40 %, one required letter, and three rounds. Rows are written
directly, so that a unit test stays fast; a whole year through real pages is in tests/browser.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Membership, Unit, User
from competitions.models import (
    Aspect,
    Category,
    Competition,
    Criterion,
    DocumentRequirement,
    Group,
    Question,
    Round,
    ScreeningCheck,
    Stage,
)
from judging.models import Juror
from proposals.models import Proposal


def person(name: str, **fields: object) -> User:
    """A signed-up person with a confirmed address; the e-mail follows from the name."""
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(email=f"{name}@example.go.id", name=name.replace("-", " ").title(), **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def agency(db) -> Agency:
    return Agency.objects.create(
        code="76.01", name="Pemerintah Kabupaten Contoh", slug="kab-contoh", type=Agency.Type.REGENCY,
        province="Sulawesi Contoh", time_zone="Asia/Makassar",
    )  # fmt: skip


@pytest.fixture
def other_agency(db) -> Agency:
    return Agency.objects.create(
        code="77.71", name="Pemerintah Kota Lain", slug="kota-lain", type=Agency.Type.CITY, province="Provinsi Lain"
    )


@pytest.fixture
def unit(agency) -> Unit:
    return Unit.objects.create(agency=agency, name="Puskesmas Contoh")


@pytest.fixture
def agency_admin(agency) -> User:
    user = person("agency-admin", time_zone="Asia/Makassar")
    Membership.objects.create(user=user, agency=agency, role=Membership.Role.ADMIN)
    return user


@pytest.fixture
def innovator(agency, unit) -> User:
    user = person("innovator", time_zone="Asia/Makassar")
    Membership.objects.create(user=user, agency=agency, unit=unit, role=Membership.Role.INNOVATOR)
    return user


@pytest.fixture
def other_admin(other_agency) -> User:
    user = person("other-admin")
    Membership.objects.create(user=user, agency=other_agency, role=Membership.Role.ADMIN)
    return user


@pytest.fixture
def outsider(other_agency) -> User:
    """An innovator of another agency."""
    user = person("outsider")
    Membership.objects.create(user=user, agency=other_agency, role=Membership.Role.INNOVATOR)
    return user


@pytest.fixture
def secretariat(db) -> User:
    return person("secretariat", is_secretariat=True)


@pytest.fixture
def clerk(db) -> User:
    """A second person of the secretariat."""
    return person("clerk", is_secretariat=True)


@pytest.fixture
def year(db) -> Competition:
    now = timezone.now()
    competition = Competition.objects.create(code="2023", year=2023, edition=10, name="KIPP 2023")
    stages = {}
    for order, (key, kind, start, end) in enumerate(
        [
            ("registration", Stage.Kind.REGISTRATION, -30, 10),
            ("submission", Stage.Kind.SUBMISSION, -20, 20),
            ("screening", Stage.Kind.SCREENING, 20, 30),
            ("desk", Stage.Kind.ASSESSMENT, 30, 50),
            ("panel", Stage.Kind.ASSESSMENT, 50, 60),
            ("interview", Stage.Kind.ASSESSMENT, 60, 80),
        ],
        start=1,
    ):
        starts, ends = now + timedelta(days=start), now + timedelta(days=end)
        stages[key] = Stage.objects.create(
            competition=competition, key=key, kind=kind, name=key.title(), order=order,
            planned_start=starts, planned_end=ends, starts_at=starts, ends_at=ends,
        )  # fmt: skip
    for order, (key, name) in enumerate([("kesehatan", "Kesehatan"), ("pendidikan", "Pendidikan")], start=1):
        Category.objects.create(competition=competition, key=key, name=name, order=order)
    group = Group.objects.create(
        competition=competition, key="umum", name="Kelompok Umum", order=1, min_age_months=24, cap_per_agency=3,
        finalists=2, winners=1, finalist_label="Finalis", winner_label="Pemenang",
    )  # fmt: skip
    aspects = [
        Aspect.objects.create(group=group, key=key, name=key.title(), order=order, weight=Decimal(weight))
        for order, (key, weight) in enumerate([("kebaruan", 60), ("dampak", 40)], start=1)
    ]
    for aspect in aspects:
        Question.objects.create(aspect=aspect, key="isi", label=f"Jelaskan {aspect.key}.", order=1, max_words=50)
    DocumentRequirement.objects.create(group=group, key="surat", name="Surat Pernyataan Implementasi", order=1)
    for order, (key, label) in enumerate([("usia", "Usia inovasi cukup"), ("lengkap", "Isian lengkap")], start=1):
        ScreeningCheck.objects.create(
            competition=competition, key=key, label=label, reason=f"Tidak memenuhi: {label.lower()}.", order=order
        )
    for order, (key, kind, jurors, quota, tier) in enumerate(
        [
            ("desk", "evaluator", 2, 4, ""),
            ("panel", "panelist", 2, 2, "finalist"),
            ("interview", "panelist", 2, 1, "winner"),
        ],
        start=1,
    ):
        judging_round = Round.objects.create(
            group=group, key=key, name=key.title(), order=order, stage=stages[key], assessors=kind,
            assessors_per_proposal=jurors, advance=quota, selection_name=f"Hasil {key}", award_tier=tier,
        )  # fmt: skip
        for aspect in aspects:
            Criterion.objects.create(
                round=judging_round, aspect=aspect, key=aspect.key, name=aspect.name, order=aspect.order,
                weight=aspect.weight,
            )  # fmt: skip
    return competition


@pytest.fixture
def group(year) -> Group:
    return year.groups.get()


@pytest.fixture
def evaluator(year) -> User:
    user = person("evaluator")
    Juror.objects.create(competition=year, user=user, kind="evaluator", pact_accepted_at=timezone.now())
    return user


@pytest.fixture
def panelist(year) -> User:
    user = person("panelist")
    Juror.objects.create(competition=year, user=user, kind="panelist", pact_accepted_at=timezone.now())
    return user


@pytest.fixture
def draft(year, group, agency, unit, innovator) -> Proposal:
    """The innovator's empty draft, old enough to take part."""
    return Proposal.objects.create(
        competition=year, group=group, category=year.categories.first(), agency=agency, unit=unit, lead=innovator,
        title="Antar Obat ke Pulau", started_on=date(2015, 1, 2), video_url="https://youtu.be/contoh",
    )  # fmt: skip


@pytest.fixture
def move_calendar(year):
    """Shift the whole year by so many days: move_calendar(-25) puts a stage that ended in 20 days in the past."""

    def shift(days: float) -> None:
        for stage in year.stages.all():
            for field in ("planned_start", "planned_end", "starts_at", "ends_at"):
                setattr(stage, field, getattr(stage, field) + timedelta(days=days))
            stage.save()

    return shift


@pytest.fixture
def as_user(db):
    """A signed-in browser without JavaScript: as_user(person).get(…)."""

    def sign_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
