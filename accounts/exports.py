"""Who takes part, as tables for the secretariat."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership, Registration, User
from files.tables import Columns, Listing, listing

CURRENT = Q(memberships__ended_at=None)

AGENCIES: Columns = [
    (_("Code"), "code"),
    (_("Name"), "name"),
    (_("Kind of agency"), "type"),
    (_("Province of the agency"), "province"),
    (_("Belongs to"), "parent__name"),
    (_("May take part"), "participates"),
    (
        _("Agency admin"),
        StringAgg("memberships__user__name", "; ", filter=CURRENT & Q(memberships__role="admin"), distinct=True),
    ),
    (_("Units"), Count("units", distinct=True)),
]
REGISTRATIONS: Columns = [
    (_("Code"), "code"),
    (_("Asked on"), "created_at"),
    (_("Agency code"), "agency__code"),
    (_("Agency"), "agency__name"),
    (_("Name"), "user__name"),
    (_("E-mail"), "user__email"),
    (_("Telephone"), "user__phone"),
    (_("Letter number"), "letter_number"),
    (_("Status"), "status"),
    (_("Reason"), "reason"),
    (_("Decided on"), "decided_at"),
    (_("Decided by"), "decided_by__name"),
]
PEOPLE: Columns = [
    (_("Name"), "name"),
    (_("E-mail"), "email"),
    (_("Telephone"), "phone"),
    (_("Position"), "position"),
    (_("Account enabled"), "is_active"),
    (_("Secretariat"), "is_secretariat"),
    (
        _("Agency admin of"),
        StringAgg("memberships__agency__name", "; ", filter=CURRENT & Q(memberships__role="admin"), distinct=True),
    ),
    (
        _("Innovator of"),
        StringAgg("memberships__agency__name", "; ", filter=CURRENT & Q(memberships__role="innovator"), distinct=True),
    ),
    (_("Joined"), "date_joined"),
    (_("Last signed in"), "last_login"),
    (_("Agreed to the use of data"), "consented_at"),
]
ROLES: Columns = [
    (_("Name"), "user__name"),
    (_("E-mail"), "user__email"),
    (_("Role"), "role"),
    (_("Agency code"), "agency__code"),
    (_("Agency"), "agency__name"),
    (_("Unit"), "unit__name"),
    (_("From"), "started_at"),
    (_("Until"), "ended_at"),
    (_("Why it ended"), "ended_because"),
]


def agencies() -> Listing:
    return listing(Agency.objects.order_by("code"), AGENCIES)


def registrations() -> Listing:
    return listing(Registration.objects.order_by("created_at", "pk"), REGISTRATIONS)


def people() -> Listing:
    return listing(User.objects.order_by("name", "pk"), PEOPLE)


def roles() -> Listing:
    """Who acts and acted for which agency."""
    return listing(Membership.objects.order_by("role", "agency__code", "-started_at"), ROLES)
