"""Who takes part: people, agencies, their units, and who acts for which agency."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from accounts.querysets import (
    AgencyQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
    RegistrationQuerySet,
    UnitQuerySet,
    UserQuerySet,
)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from memberships, juror rows and `is_secretariat`, never from the account."""

    class TimeZone(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("full name"), max_length=150)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=20, choices=TimeZone, default=TimeZone.WIB)
    language = models.CharField(
        _("language"), max_length=5, choices=[("id", "Bahasa Indonesia"), ("en", "English")], default="id"
    )
    is_secretariat = models.BooleanField(_("secretariat"), default=False)
    is_staff = models.BooleanField(_("may open the admin site"), default=False)
    is_active = models.BooleanField(_("account enabled"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    consented_at = models.DateTimeField(_("agreed to the use of their data"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @cached_property
    def current_memberships(self) -> "list[Membership]":
        """What this person is now, for showing; loaded once. Decisions ask accounts.rules instead."""
        return list(self.memberships.current().select_related("agency", "unit").order_by("agency__name"))

    @property
    def is_agency_admin(self) -> bool:
        return any(membership.role == Membership.Role.ADMIN for membership in self.current_memberships)

    @property
    def is_innovator(self) -> bool:
        return any(membership.role == Membership.Role.INNOVATOR for membership in self.current_memberships)

    @property
    def administered_agencies(self) -> "AgencyQuerySet":
        return Agency.objects.administered_by(self)


class Agency(models.Model):
    """A public body that may take part: ministry, institution, regional government, state or regional enterprise."""

    class Type(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        INSTITUTION = "institution", _("Institution")
        PROVINCE = "province", _("Province")
        REGENCY = "regency", _("Regency")
        CITY = "city", _("City")
        SOE = "soe", _("State-owned enterprise")
        ROE = "roe", _("Regional-owned enterprise")

    code = models.CharField(_("code"), max_length=12, unique=True, help_text="Kemendagri code, or KM/LB/BN/BD")
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    type = models.CharField(_("type"), max_length=12, choices=Type)
    province = models.CharField(_("province"), max_length=100, blank=True, help_text="empty for central bodies")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    time_zone = models.CharField(_("time zone"), max_length=20, choices=User.TimeZone, default=User.TimeZone.WIB)
    participates = models.BooleanField(
        _("may take part"), default=True, help_text="false for Jakarta's six administrative areas"
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.name

    @property
    def admins_agency_id(self) -> int:
        """The key of the agency whose admin acts for this one: a regional enterprise uses its government's."""
        return self.parent_id if self.type == self.Type.ROE and self.parent_id else self.pk

    def admins_agency(self) -> "Agency":
        """The agency whose admin acts for this one: itself, or a regional enterprise's government."""
        return self.parent if self.parent and self.admins_agency_id == self.parent_id else self

    @property
    def admin(self) -> User | None:
        """Who acts for this agency now. Free of queries after `Agency.objects.with_admin()`."""
        loaded: list[Membership] | None = getattr(self.admins_agency(), "loaded_admins", None)
        if loaded is not None:
            return loaded[0].user if loaded else None
        return User.objects.admins_of(self).first()


class Unit(models.Model):
    """A public service unit (UPP) of an agency: the health centre, office or village that runs the innovation."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(_("unit name"), max_length=200)
    is_open = models.BooleanField(_("accepts members and proposals"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="one_unit_per_name_and_agency",
                violation_error_message=_("This agency already has a unit with that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person acting for an agency, from one moment until another. Ended rows are the history of the role."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Agency admin")
        INNOVATOR = "innovator", _("Innovator")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(role="admin", ended_at=None),
                name="one_admin_per_agency_at_a_time",
                violation_error_message=_("This agency already has an admin; hand the role over instead."),
            ),
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=Q(ended_at=None),
                name="one_current_membership_per_role",
                violation_error_message=_("This person already has that role in the agency."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.agency_id}"


class Registration(models.Model):
    """A person asking to become an agency's admin, with the signed letter that appoints them."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for the secretariat")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="registrations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registrations")
    letter_number = models.CharField(_("letter number"), max_length=100)
    letter = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "user"],
                condition=Q(status="pending"),
                name="one_open_registration",
                violation_error_message=_("You have already asked for this agency; the secretariat will answer."),
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""),
                name="a_refusal_has_a_reason",
                violation_error_message=_("Say why the registration is refused."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


def new_token() -> str:
    return get_random_string(40)


class Invitation(models.Model):
    """An agency admin inviting an innovator by e-mail. The token in the mail opens the account; who invites never
    sees it, and names the row by its code."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        EXPIRED = "expired", _("Expired")
        ACCEPTED = "accepted", _("Accepted")
        REVOKED = "revoked", _("Revoked")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("full name"), max_length=150, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    is_bound = models.BooleanField(
        default=False, help_text="given for one piece of work only, and withdrawn when its team takes the person out"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
                violation_error_message=_("There is already an open invitation to this address."),
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def state(self) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if timezone.now() < self.expires_at else self.State.EXPIRED
