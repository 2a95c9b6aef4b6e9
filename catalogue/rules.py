"""Who may do what in the catalogue."""

from accounts.models import Agency, User
from accounts.rules import Visitor, is_admin_of, is_agency_admin, is_secretariat
from catalogue.models import FollowUpReport, Innovation, Replication, ReplicationRequest


def may_name_contact(user: Visitor, innovation: Innovation) -> bool:
    """The secretariat, and the admin of the agency whose innovation it is."""
    return is_secretariat(user) or bool(innovation.agency and is_admin_of(user, innovation.agency))


def may_see_contact(user: Visitor) -> bool:
    """Those who replicate for an agency, and the secretariat: nobody without an account, it is personal data."""
    return is_secretariat(user) or is_agency_admin(user)


def may_replicate(user: Visitor, innovation: Innovation) -> bool:
    """Declares a replication: the admin of another agency than the innovation's own."""
    if not user.is_authenticated:
        return False
    return Agency.objects.administered_by(user).exclude(pk=innovation.agency_id or 0).exists()


def may_answer(user: Visitor, replication: Replication) -> bool:
    """Confirms or denies: the admin of the source's agency. The secretariat, where nobody acts for the source."""
    source = replication.origin.agency
    if source and is_admin_of(user, source):
        return True
    return is_secretariat(user) and not (source and User.objects.admins_of(source).exists())


def may_take_back(user: Visitor, replication: Replication) -> bool:
    return is_admin_of(user, replication.agency)


def may_offer(user: Visitor, innovation: Innovation) -> bool:
    """Says that it is ready to be replicated: the admin of the agency whose innovation it is."""
    return bool(innovation.agency and is_admin_of(user, innovation.agency))


def may_ask_source(user: Visitor, innovation: Innovation) -> bool:
    """Asks for what is offered: an admin, who does not act for the source itself."""
    return is_agency_admin(user) and not may_offer(user, innovation)


def writes_as(user: Visitor, request: ReplicationRequest) -> bool | None:
    """Whether the person writes in the thread as the source (True) or as the agency that asks (False); None: not at
    all. The secretariat only reads."""
    source = request.origin.agency
    if source and is_admin_of(user, source):
        return True
    return False if is_admin_of(user, request.agency) else None


def may_report(user: Visitor, report: FollowUpReport) -> bool:
    """Says what became of an innovation: the admin of its agency."""
    return bool(report.origin.agency and is_admin_of(user, report.origin.agency))
