"""What people are told about an objection, in the transaction of the deed. No letter names who filed it."""

from accounts.models import User
from judging.jurors.conflicts import ties_of
from judging.models import Juror
from notifications.outbox import Recipient, tell, tell_many
from objections.models import FilingLink, Objection
from proposals.audience import people_behind

# Letters to whoever filed, by their template: the addresses go into no file, as exports.py says.
CONFIDENTIAL = [f"objections/mail/{name}" for name in ("link", "receipt", "decided")]


def send_link(link: FilingLink, path: str) -> None:
    context = {"proposal": link.proposal, "expires_at": link.expires_at, "stage": link.stage}
    tell(to=link.email, template="objections/mail/link", key=f"objections.link:{link.pk}", context=context, link=path)


def tell_filed(objection: Objection) -> None:
    _owner(objection, "receipt")
    _clerks(objection, "filed")
    _agency(objection, "agency")


def tell_answered(objection: Objection) -> None:
    _clerks(objection, "answered")


def tell_referred(objection: Objection) -> None:
    _tell(objection, "referred", panel(objection), objection.get_absolute_url())


def tell_proposed(objection: Objection) -> None:
    """The rest of the panel: one of them must confirm. A decision proposed anew is told anew."""
    others = [person for person in panel(objection) if person.pk != objection.proposed_by_id]
    moment = objection.proposed_at.isoformat() if objection.proposed_at else ""
    _tell(objection, "proposed", others, objection.get_absolute_url(), again=moment)


def tell_decided(objection: Objection) -> None:
    _owner(objection, "decided")
    _agency(objection, "decided_agency")
    _clerks(objection, "decided_clerk")


def panel(objection: Objection) -> list[User]:
    """Who may decide: the year's panelists without a tie to the proposal."""
    jurors = Juror.objects.ready().filter(
        competition=objection.proposal.competition_id, kind=Juror.Kind.PANELIST, user__is_active=True
    )
    found = list(jurors.select_related("user"))
    ties = ties_of(found)
    return [juror.user for juror in found if ties[juror.pk].path(objection.proposal) is None]


def _owner(objection: Objection, name: str) -> None:
    _tell(objection, name, [objection.user or objection.email], objection.tracking_url)


def _clerks(objection: Objection, name: str) -> None:
    """The clerk who handles it, or everybody of the secretariat until there is one."""
    people = [objection.handler] if objection.handler else list(User.objects.secretariat())
    _tell(objection, name, people, objection.get_absolute_url())


def _agency(objection: Objection, name: str) -> None:
    _tell(objection, name, list(people_behind([objection.proposal])), objection.get_absolute_url())


def _tell(objection: Objection, name: str, people: "list[User | str] | list[User]", link: str, again: str = "") -> None:
    recipients: list[Recipient] = list(people)
    tell_many(
        recipients,
        template=f"objections/mail/{name}",
        key=f"objections.{name}:{objection.code}:{again}".rstrip(":"),
        context={"objection": objection, "proposal": objection.proposal},
        link=link,
    )
