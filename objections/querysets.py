"""Reading objections: who may know of which."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q

from accounts.models import Agency, User
from accounts.rules import is_secretariat
from judging.jurors.conflicts import ties_of
from judging.models import Juror

if TYPE_CHECKING:
    from objections.models import Objection  # noqa: F401 (in quotes below)


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def about(self, user: User) -> "ObjectionQuerySet":
        """Those against proposals the person leads, or of an agency whose admin they are now."""
        return self.filter(Q(proposal__lead=user) | Q(proposal__agency__in=Agency.objects.administered_by(user)))

    def referred_to(self, user: User) -> "ObjectionQuerySet":
        """Those before the panel the person sits in, without those they have a tie to or filed themselves."""
        jurors = list(Juror.objects.ready().filter(user=user, kind=Juror.Kind.PANELIST, user__is_active=True))
        waiting = self.exclude(referred_at=None).exclude(user=user)
        if not jurors:
            return waiting.none()
        ties = ties_of(jurors)
        by_year = {juror.competition_id: ties[juror.pk] for juror in jurors}
        mine = waiting.filter(proposal__competition__in=by_year).select_related("proposal__agency")
        free = [each.pk for each in mine if by_year[each.proposal.competition_id].path(each.proposal) is None]
        return waiting.filter(pk__in=free)

    def visible_to(self, user: User | AnonymousUser) -> "ObjectionQuerySet":
        """The secretariat all, the objected agency its own, the panel what was referred to it; never by being the
        objector, who has a link."""
        if not isinstance(user, User):
            return self.none()
        if is_secretariat(user):
            return self.all()
        return self.filter(Q(pk__in=self.about(user).values("pk")) | Q(pk__in=self.referred_to(user).values("pk")))

    def undecided(self) -> "ObjectionQuerySet":
        return self.filter(decided_at=None)

    def counts(self) -> dict[str, int]:
        """What everybody may know: how many were filed, are being handled, were upheld and dismissed."""
        return self.aggregate(
            filed=Count("pk"),
            running=Count("pk", filter=Q(decided_at=None)),
            upheld=Count("pk", filter=Q(decided_at__isnull=False, outcome="upheld")),
            dismissed=Count("pk", filter=Q(decided_at__isnull=False, outcome="dismissed")),
        )
