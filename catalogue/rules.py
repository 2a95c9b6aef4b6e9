"""Who may do what in the catalogue."""

from accounts.rules import Visitor, is_admin_of, is_agency_admin, is_secretariat
from catalogue.models import Innovation


def may_name_contact(user: Visitor, innovation: Innovation) -> bool:
    """The secretariat, and the admin of the agency whose innovation it is."""
    return is_secretariat(user) or bool(innovation.agency and is_admin_of(user, innovation.agency))


def may_see_contact(user: Visitor) -> bool:
    """Those who replicate for an agency, and the secretariat: nobody without an account, it is personal data."""
    return is_secretariat(user) or is_agency_admin(user)
