"""Who may do what. Each predicate asks the database: a role that ended a second ago is gone."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import Agency, Membership, User

Visitor = User | AnonymousUser


def is_secretariat(user: Visitor) -> bool:
    return user.is_authenticated and user.is_active and user.is_secretariat


def is_admin_of(user: Visitor, agency: Agency) -> bool:
    """Acts for the agency now; for a regional enterprise that is the admin of its government."""
    if not user.is_authenticated or not user.is_active:
        return False
    return Membership.objects.current().admins().filter(user=user, agency=agency.admins_agency_id).exists()


def is_member_of(user: Visitor, agency: Agency) -> bool:
    """Belongs to the agency now in whatever role, or acts for it."""
    if not user.is_authenticated or not user.is_active:
        return False
    return Agency.objects.of_member(user).filter(pk=agency.pk).exists()


def is_agency_admin(user: Visitor) -> bool:
    """Acts for some agency now."""
    return user.is_authenticated and user.is_active and Membership.objects.current().admins().filter(user=user).exists()


def as_secretariat(user: Visitor) -> User:
    """The same user, known to be of the secretariat; PermissionDenied for everybody else."""
    if not isinstance(user, User) or not is_secretariat(user):
        raise PermissionDenied
    return user
