import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Agency, Membership
from accounts.rules import is_admin_of, is_agency_admin, is_member_of, is_secretariat


@pytest.fixture
def enterprise(agency) -> Agency:
    return Agency.objects.create(code="BD9", name="Perumda", slug="perumda", type=Agency.Type.ROE, parent=agency)


@pytest.mark.parametrize(
    ("who", "admin", "member", "admin_of_enterprise"),
    [
        ("agency_admin", True, True, True),
        ("innovator", False, True, False),
        ("other_admin", False, False, False),
        ("outsider", False, False, False),
        ("secretariat", False, False, False),
    ],
)
def test_who_acts_for_an_agency(request, agency, enterprise, who, admin, member, admin_of_enterprise):
    user = request.getfixturevalue(who)
    assert is_admin_of(user, agency) is admin
    assert is_member_of(user, agency) is member
    assert is_admin_of(user, enterprise) is is_member_of(user, enterprise) is admin_of_enterprise
    assert is_secretariat(user) is (who == "secretariat")
    assert is_agency_admin(user) is user.is_agency_admin is (who in ("agency_admin", "other_admin"))


def test_a_visitor_is_nothing(agency):
    visitor = AnonymousUser()
    assert not any([is_admin_of(visitor, agency), is_member_of(visitor, agency), is_secretariat(visitor)])
    assert not Agency.objects.administered_by(visitor).exists()


def test_an_ended_role_and_a_disabled_person_are_nothing(agency, agency_admin, innovator):
    Membership.objects.filter(user=agency_admin).update(ended_at=timezone.now())
    innovator.is_active = False
    assert not is_admin_of(agency_admin, agency)
    assert not is_member_of(innovator, agency)


def test_an_admin_administers_the_enterprises_too(agency, enterprise, agency_admin, other_agency):
    assert set(Agency.objects.administered_by(agency_admin)) == {agency, enterprise}
    assert set(agency_admin.administered_agencies) == {agency, enterprise}


def test_a_regency_is_not_administered_by_its_province(agency, agency_admin):
    regency = Agency.objects.create(code="76.02", name="Kab", slug="kab", type=Agency.Type.REGENCY, parent=agency)
    assert not is_admin_of(agency_admin, regency)
    assert regency.admins_agency() == regency
    assert regency.admin is None


def test_the_admin_of_an_enterprise_is_its_governments(agency, enterprise, agency_admin, django_assert_num_queries):
    assert enterprise.admins_agency() == agency
    assert enterprise.admin == agency.admin == agency_admin
    with django_assert_num_queries(3):
        assert {row.admin for row in Agency.objects.with_admin().filter(pk__in=[agency.pk, enterprise.pk])} == {
            agency_admin
        }


def test_has_admin(agency, enterprise, other_agency, agency_admin):
    rows = {row.code: row.has_admin for row in Agency.objects.with_has_admin()}
    assert rows == {agency.code: True, enterprise.code: True, other_agency.code: False}
