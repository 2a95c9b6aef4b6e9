"""Chainable reads about people, agencies and who acts for whom."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import Agency, Invitation, Membership, Registration, Unit, User  # noqa: F401 (in quotes below)

ROE = "roe"  # Agency.Type.ROE, which this module cannot import


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def secretariat(self) -> "UserQuerySet":
        """Everybody who works for the secretariat."""
        return self.active().filter(is_secretariat=True)

    def admins_of(self, agency: "Agency") -> "UserQuerySet":
        """The one person now acting as admin for this agency; for a regional enterprise its government's."""
        return self.active().filter(
            memberships__agency=agency.admins_agency_id, memberships__role="admin", memberships__ended_at=None
        )

    def innovators_of(self, agency: "Agency") -> "UserQuerySet":
        return self.active().filter(
            memberships__agency=agency, memberships__role="innovator", memberships__ended_at=None
        )


class AgencyQuerySet(models.QuerySet["Agency"]):
    def participating(self) -> "AgencyQuerySet":
        """All but Jakarta's administrative areas, which take part through their province."""
        return self.filter(participates=True)

    def administered_by(self, user: "User | AnonymousUser") -> "AgencyQuerySet":
        """The agencies this person acts for now: their own, and its regional enterprises."""
        if not user.is_authenticated:
            return self.none()
        own = _current_memberships(user, role="admin")
        return self.filter(Q(pk__in=own) | Q(type=ROE, parent__in=own))

    def of_member(self, user: "User | AnonymousUser") -> "AgencyQuerySet":
        """The agencies this person belongs to now, in whatever role, with the enterprises they act for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(pk__in=_current_memberships(user)) | Q(type=ROE, parent__in=_current_memberships(user, role="admin"))
        )

    def with_admin(self) -> "AgencyQuerySet":
        """Loads the present admin of each row (and of its parent) in two queries: `agency.admin` asks no more."""
        from accounts.models import Membership

        admins = Membership.objects.current().admins().select_related("user")
        return self.select_related("parent").prefetch_related(
            Prefetch("memberships", queryset=admins, to_attr="loaded_admins"),
            Prefetch("parent__memberships", queryset=admins, to_attr="loaded_admins"),
        )

    def with_has_admin(self) -> "AgencyQuerySet":
        """Each row's `has_admin`: does somebody act for it now?"""
        from accounts.models import Membership

        acting = Membership.objects.current().admins().filter(agency=OuterRef("acts_through"))
        acts_through = Coalesce(Case(When(type=ROE, then=F("parent"))), F("pk"))
        return self.annotate(acts_through=acts_through).annotate(has_admin=Exists(acting))


class UnitQuerySet(models.QuerySet["Unit"]):
    def open(self) -> "UnitQuerySet":
        return self.filter(is_open=True)

    def managed_by(self, user: "User | AnonymousUser") -> "UnitQuerySet":
        from accounts.models import Agency

        return self.filter(agency__in=Agency.objects.administered_by(user))

    def with_members(self) -> "UnitQuerySet":
        """Each row's `members`: how many innovators belong to it now."""
        return self.annotate(members=Count("memberships", filter=Q(memberships__ended_at=None)))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at=None)

    def ended(self) -> "MembershipQuerySet":
        return self.exclude(ended_at=None)

    def admins(self) -> "MembershipQuerySet":
        return self.filter(role="admin")

    def innovators(self) -> "MembershipQuerySet":
        return self.filter(role="innovator")

    def managed_by(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """Rows of the agencies this person administers."""
        from accounts.models import Agency

        return self.filter(agency__in=Agency.objects.administered_by(user))


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def pending(self) -> "RegistrationQuerySet":
        return self.filter(status="pending")

    def decided(self) -> "RegistrationQuerySet":
        return self.exclude(status="pending")

    def visible_to(self, user: "User | AnonymousUser") -> "RegistrationQuerySet":
        """All for the secretariat, their own for everybody else."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_secretariat else self.filter(user=user)

    def with_confirmed(self) -> "RegistrationQuerySet":
        """Each row's `is_confirmed`: has the person shown that the e-mail address is theirs?"""
        from allauth.account.models import EmailAddress

        return self.annotate(
            is_confirmed=Exists(
                EmailAddress.objects.filter(user=OuterRef("user"), email=OuterRef("user__email"), verified=True)
            )
        )

    def with_present_admin(self) -> "RegistrationQuerySet":
        """Each row's `present_admin`: the name of who acts for the agency now, or None."""
        from accounts.models import Membership

        acting = Membership.objects.current().admins().filter(agency=OuterRef("agency"))
        return self.annotate(present_admin=Subquery(acting.values("user__name")[:1]))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> "InvitationQuerySet":
        return self.unanswered().filter(expires_at__gt=timezone.now())

    def managed_by(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        from accounts.models import Agency

        return self.filter(agency__in=Agency.objects.administered_by(user))


def _current_memberships(user: "User", **fields: str) -> "models.QuerySet[Membership, Any]":
    from accounts.models import Membership

    return Membership.objects.current().filter(user=user, **fields).values("agency")
