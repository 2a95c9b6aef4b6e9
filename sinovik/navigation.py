"""Who the reader is, and the way through the portal that follows from it."""

from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency, Membership, User
from competitions import calendar
from competitions.models import Competition, Stage
from judging.models import Juror
from notifications.models import Message


@dataclass(frozen=True)
class Roles:
    """What a person is in the portal today. Empty for a visitor, and for someone who still waits for a role."""

    is_secretariat: bool = False
    admin_of: list[Agency] = field(default_factory=list)
    innovator_of: list[Agency] = field(default_factory=list)
    jurors: list[Juror] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.is_secretariat or self.admin_of or self.innovator_of or self.jurors)


@dataclass(frozen=True)
class Link:
    """One item of the navigation. `current` marks the part of the portal the reader is in."""

    label: str | Promise
    url: str
    current: bool = False


def roles_of(request: HttpRequest) -> Roles:
    """The reader's roles, in two queries, asked once per request."""
    known = getattr(request, "_portal_roles", None)
    if known is None:
        known = _ask_roles(request.user) if isinstance(request.user, User) else Roles()
        request._portal_roles = known  # type: ignore[attr-defined]
    return known


def _ask_roles(user: User) -> Roles:
    memberships = list(Membership.objects.filter(user=user, ended_at=None).select_related("agency"))
    return Roles(
        is_secretariat=user.is_secretariat,
        admin_of=[m.agency for m in memberships if m.role == Membership.Role.ADMIN],
        innovator_of=[m.agency for m in memberships if m.role == Membership.Role.INNOVATOR],
        jurors=list(Juror.objects.filter(user=user, left_at=None).select_related("competition")),
    )


def _destinations(roles: Roles) -> list[tuple[str | Promise, str, tuple[str, ...]]]:
    """(label, URL name, arguments) in the order of the work."""
    items: list[tuple[str | Promise, str, tuple[str, ...]]] = [(_("Home"), "home", ())]
    if roles.is_secretariat:
        year = Competition.objects.only("code").present()
        items.append((_("Today"), "desk:today", ()))
        items += [
            (_("Registrations"), "accounts:registrations", ()),
            (pgettext_lazy("navigation", "Screening"), "proposals:screening", ()),
        ]
        items += [(_("Judging"), "judging:manage", (year.code,))] if year else []
        items.append((pgettext_lazy("navigation", "Tickets"), "helpdesk:queue", ()))
    if roles.any and not (roles.jurors and not (roles.admin_of or roles.innovator_of or roles.is_secretariat)):
        items.append((_("Proposals"), "proposals:list", ()))
    if roles.admin_of:
        items.append((_("Agency"), "accounts:agency", ()))
    if roles.jurors:
        items.append((_("My assessments"), "judging:desk", ()))
    announcements = "announcements:manage" if roles.is_secretariat else "announcements:list"
    return [
        *items,
        (_("Announcements"), announcements, ()),
        (pgettext_lazy("navigation", "Years and rules"), "competitions:years", ()),
        (_("Catalogue"), "catalogue:list", ()),
    ]


def _part(path: str) -> str:
    """The first word of an address: the app it belongs to."""
    return path.split("/")[1]


class Page:
    """What every page shows around its content, asked for only when it is shown."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.is_demo: bool = settings.DEMO
        self.helpdesk_email: str = settings.HELPDESK_EMAIL
        self.server_time = timezone.now()

    @cached_property
    def roles(self) -> Roles:
        return roles_of(self.request)

    @cached_property
    def registration_ended(self) -> Stage | None:
        """The registration stage of the year in progress, once it is over. The page of registering shows it, and
        accounts, which knows of no year, need not ask."""
        stages = Stage.objects.filter(competition__in=Competition.objects.current(), kind=Stage.Kind.REGISTRATION)
        last = stages.select_related("competition").order_by("-competition__year", "-ends_at").first()
        return last if last and calendar.has_closed(last) else None

    @cached_property
    def navigation(self) -> list[Link]:
        """The main navigation; the item whose address is the longest head of this page's is current, else the first
        that lies in the same part of the portal."""
        found = [(label, reverse(name, args=arguments)) for label, name, arguments in _destinations(self.roles)]
        here = self.request.path
        if _part(here) == "audit":  # read from the day's page, and of no part of its own
            here = reverse("desk:today")
        heads = [url for _label, url in found if here == url or (url != "/" and here.startswith(url))]
        around = (url for _label, url in found if url != "/" and _part(url) == _part(here))
        nearest = max(heads, key=len, default=next(around, None))
        return [Link(label, url, current=url == nearest) for label, url in found]

    @cached_property
    def unread(self) -> int:
        """Messages in the reader's inbox not opened yet."""
        return Message.objects.unread_for(self.request.user).count()
