import pytest
from django.db import IntegrityError, transaction

from competitions.models import AgeException, AgencyTypeCap, GroupInvitation, Round, Stage


def test_an_agency_kinds_own_cap_goes_first(group, agency, other_agency):
    AgencyTypeCap.objects.create(group=group, agency_type=agency.type, cap=None)
    assert group.cap_for(agency) is None
    assert group.cap_for(other_agency) == 3


def test_a_category_may_have_its_own_minimum_age(year, group):
    health, education = year.categories.all()
    AgeException.objects.create(group=group, category=health, min_age_months=12)
    assert group.min_age_months_for(health) == 12
    assert group.min_age_months_for(education) == 24


def test_by_invitation_only_the_invited_take_part(group, agency, other_agency):
    assert group.invites(agency)
    group.invitation_only = True
    GroupInvitation.objects.create(group=group, agency=agency, letter_number="B/1")
    assert group.invites(agency)
    assert not group.invites(other_agency)


def test_rounds_know_their_neighbours(group):
    desk, panel, interview = group.rounds.all()
    assert (desk.previous, desk.next) == (None, panel)
    assert (interview.previous, interview.next) == (panel, None)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (lambda group: group.aspects.update(weight=101), "a_weight_is_a_percentage"),
        (lambda group: group.aspects.update(scale_min=100), "a_scale_has_room"),
        (lambda group: Stage.objects.filter(key="desk").update(ends_at="2000-01-01T00:00Z"), "a_stage_ends_after"),
    ],
)
def test_what_must_never_be_false(group, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change(group)


def test_rounds_may_change_places_within_one_transaction(group):
    with transaction.atomic():
        first, second = Round.objects.filter(group=group)[:2]
        first.order, second.order = second.order, first.order
        first.save()
        second.save()
    assert [each.key for each in group.rounds.all()][:2] == ["panel", "desk"]
