"""What the sides of a replication, a request or a follow-up are told, in the transaction of the deed."""

from collections.abc import Mapping

from django.urls import reverse

from accounts.models import Agency, User
from catalogue.models import FollowUp, FollowUpReport, Replication, ReplicationRequest, RequestMessage
from notifications.outbox import tell_each, tell_many


def tell_declared(found: Replication) -> None:
    _tell(found, "declared", at_source(found.origin.agency))


def tell_answered(found: Replication) -> None:
    again = found.answered_at.isoformat() if found.answered_at else ""
    _tell(found, str(found.state), list(User.objects.admins_of(found.agency)), again=again)


def tell_taken_back(found: Replication) -> None:
    _tell(found, "taken_back", at_source(found.origin.agency))


def remind(found: Replication, number: int) -> None:
    _tell(found, "remind", at_source(found.origin.agency), again=str(number))


def tell_asked(request: ReplicationRequest, message: RequestMessage) -> None:
    """The source; where nobody acts for it the secretariat, which can have somebody appointed but not answer."""
    source = request.origin.agency
    admins = list(User.objects.admins_of(source)) if source else []
    _tell_request(request, "asked", at_source(source), str(message.pk), message=message, has_admin=bool(admins))


def tell_answer(request: ReplicationRequest, message: RequestMessage) -> None:
    people = list(User.objects.admins_of(request.agency))
    _tell_request(request, "answered", people, str(message.pk), message=message)


def tell_closed(request: ReplicationRequest, *, by_source: bool) -> None:
    other = request.agency if by_source else request.origin.agency
    people = list(User.objects.admins_of(other)) if other else []
    _tell_request(request, "closed", people, "", by_source=by_source)


def tell_follow_up(found: FollowUp, name: str, people: Mapping[User, int], *, again: str = "") -> None:
    """Each person once, with the number of reports that are theirs."""
    link = reverse("catalogue:follow_ups")
    tell_each(
        [(person, {"follow_up": found, "number": number}, link) for person, number in people.items()],
        template=f"catalogue/mail/follow_up_{name}",
        key=f"catalogue.follow_up_{name}:{found.year}:{again}".rstrip(":"),
    )


def tell_decided(report: FollowUpReport) -> None:
    agency = report.origin.agency
    tell_many(
        User.objects.admins_of(agency) if agency else (),
        template=f"catalogue/mail/report_{report.state}",
        key=f"catalogue.report_{report.state}:{report.code}:{report.decided_at}",
        context={"report": report, "innovation": report.origin},
        link=report.get_absolute_url(),
    )


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


def _tell_request(request: ReplicationRequest, name: str, people: list[User], again: str, **context: object) -> None:
    tell_many(
        people,
        template=f"catalogue/mail/request_{name}",
        key=f"catalogue.request_{name}:{request.code}:{again}".rstrip(":"),
        context={"source": request.origin, "agency": request.agency, **context},
        link=request.get_absolute_url(),
    )
