"""Who decides when two clerks differ. A year may have several heads; any of the secretariat names them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat, is_secretariat
from audit.recording import record
from competitions.models import Competition
from proposals.models import ScreeningHead


def is_head(user: User, competition: Competition) -> bool:
    """Is of the secretariat and named for this year."""
    return is_secretariat(user) and ScreeningHead.objects.filter(competition=competition, user=user).exists()


@transaction.atomic
def name_head(competition: Competition, user: User, *, by: User) -> ScreeningHead:
    """Makes a person of the secretariat a head of this year's screening; naming them again changes nothing."""
    as_secretariat(by)
    if not is_secretariat(user):
        raise ValidationError(_("Only somebody of the secretariat can be a head of screening."), code="not_secretariat")
    head, created = ScreeningHead.objects.get_or_create(competition=competition, user=user, defaults={"named_by": by})
    if created:
        record("proposals.name_screening_head", by=by, on=competition, data={"head": user.pk})
    return head


@transaction.atomic
def release_head(competition: Competition, user: User, *, by: User) -> None:
    """Takes the part away again; what the person decided stays."""
    as_secretariat(by)
    gone, _rows = ScreeningHead.objects.filter(competition=competition, user=user).delete()
    if gone:
        record("proposals.release_screening_head", by=by, on=competition, data={"head": user.pk})
