"""Who the reader is: the roles in words, and the registrations of somebody without one."""

from django.utils.translation import gettext as _

from accounts.models import Registration, User
from sinovik.navigation import Roles


def registrations_of(user: User) -> list[Registration]:
    return list(user.registrations.select_related("agency").order_by("-created_at"))


def role_names(roles: Roles) -> list[str]:
    """What the reader is, in words, most official first."""
    names = [_("Secretariat")] if roles.is_secretariat else []
    names += [_("Agency admin of %(agency)s") % {"agency": agency} for agency in roles.admin_of]
    names += [_("Innovator of %(agency)s") % {"agency": agency} for agency in roles.innovator_of]
    names += list(dict.fromkeys(juror.get_kind_display() for juror in roles.jurors))
    return names
