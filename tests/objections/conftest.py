"""Finalists of the small year that are public, an objection period that is open, and a panel of two."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions.models import Round, Stage
from files.quotas import visitor
from judging.models import Entry, Juror
from objections import actions
from objections.models import Objection
from tests.announcements.conftest import drafted, finalists, passed, published, scheduled  # noqa: F401
from tests.conftest import person

OWNER = "warga@contoh.id"


@pytest.fixture
def stage(year) -> Stage:
    now = timezone.now()
    return Stage.objects.create(
        competition=year, key="objection", kind=Stage.Kind.OBJECTION, name="Uji publik", order=9,
        starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=4),
    )  # fmt: skip


@pytest.fixture
def finalist(published, passed, stage):  # noqa: F811
    """The one that was selected; the other of `passed` was not."""
    Entry.objects.create(round=Round.objects.get(key="panel"), proposal=passed[0])
    return passed[0]


@pytest.fixture
def second_panelist(year):
    user = person("panelist-two")
    Juror.objects.create(competition=year, user=user, kind="panelist", pact_accepted_at=timezone.now())
    return user


@pytest.fixture
def filed(finalist, secretariat) -> Objection:
    return actions.file_objection(
        finalist, email=OWNER, name="Warga Peduli", text="Alat belum pernah dipakai.", by=None
    )


@pytest.fixture
def referred(filed, panelist, second_panelist, secretariat) -> Objection:
    return actions.refer(filed, finding="Sudah dicek ke lapangan.", by=secretariat)


@pytest.fixture
def upheld(referred, panelist, second_panelist) -> Objection:
    proposed = actions.propose_decision(referred, outcome="upheld", reason="Bukti kuat.", by=panelist)
    return actions.confirm_decision(proposed, expected=actions.stamp(proposed), by=second_panelist)


@pytest.fixture
def asker():
    return visitor("10.0.0.1")
