"""Who may do which deed. Which objections one may know of is said in querysets.py."""

from accounts.models import User
from accounts.rules import is_admin_of, is_secretariat
from objections.models import Objection


def may_answer(user: User, objection: Objection) -> bool:
    """Speaks for the objected agency."""
    return bool(is_admin_of(user, objection.proposal.agency))


def may_decide(user: User, objection: Objection) -> bool:
    """A panelist without a tie to the proposal. The secretariat never decides."""
    return Objection.objects.referred_to(user).filter(pk=objection.pk).exists()


def may_see_objector(user: User) -> bool:
    """The secretariat alone knows who objects."""
    return bool(is_secretariat(user))
