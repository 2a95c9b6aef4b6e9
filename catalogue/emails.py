"""What the two sides of a replication are told, in the transaction of the deed."""

from accounts.models import Agency, User
from catalogue.models import Replication
from notifications.outbox import tell_many


def tell_declared(found: Replication) -> None:
    _tell(found, "declared", at_source(found.origin.agency))


def tell_answered(found: Replication) -> None:
    again = found.answered_at.isoformat() if found.answered_at else ""
    _tell(found, str(found.state), list(User.objects.admins_of(found.agency)), again=again)


def tell_taken_back(found: Replication) -> None:
    _tell(found, "taken_back", at_source(found.origin.agency))


def remind(found: Replication, number: int) -> None:
    _tell(found, "remind", at_source(found.origin.agency), again=str(number))


def at_source(agency: Agency | None) -> list[User]:
    """Whoever acts for the agency; the secretariat where nobody does."""
    admins = list(User.objects.admins_of(agency)) if agency else []
    return admins or list(User.objects.secretariat())


def _tell(found: Replication, name: str, people: list[User], again: str = "") -> None:
    tell_many(
        people,
        template=f"catalogue/mail/replication_{name}",
        key=f"catalogue.replication_{name}:{found.code}:{again}".rstrip(":"),
        context={"replication": found, "source": found.origin, "agency": found.agency},
        link=found.get_absolute_url(),
    )
