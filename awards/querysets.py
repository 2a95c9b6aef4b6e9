"""Reads of certificates in the language of the work."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Agency, User
from accounts.rules import is_secretariat
from proposals.models import TeamMember

if TYPE_CHECKING:
    from awards.models import Certificate  # noqa: F401 (in quotes below)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid(self) -> "CertificateQuerySet":
        return self.filter(state="valid")

    def concerning(self, user: User | AnonymousUser) -> "CertificateQuerySet":
        """Their own as an innovator, those of innovations they led or wrote, and all of the agencies they act for."""
        if not user.is_authenticated:
            return self.none()
        wrote = TeamMember.objects.current().of(user).filter(proposal=OuterRef("proposal"))
        of_innovation = Q(kind="innovation") & (Q(proposal__lead=user) | Exists(wrote))
        return self.filter(Q(person=user) | of_innovation | Q(agency__in=Agency.objects.administered_by(user)))

    def visible_to(self, user: User | AnonymousUser) -> "CertificateQuerySet":
        """Whose file this person may have: all for the secretariat, else what concerns them."""
        return self.all() if is_secretariat(user) else self.concerning(user)

    def with_list(self) -> "CertificateQuerySet":
        return self.select_related("competition", "agency", "issue__selection__round__group", "replaced_by")
