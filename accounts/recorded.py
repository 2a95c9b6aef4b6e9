"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "accounts.register": _("Asked to become an agency's admin"),
    "accounts.approve": _("Approved a registration"),
    "accounts.refuse": _("Refused a registration"),
    "accounts.add_member": _("Gave a role in an agency"),
    "accounts.end_membership": _("Ended a role in an agency"),
    "accounts.add_secretariat": _("Took somebody into the secretariat"),
    "accounts.suggest_successor": _("Named a successor for the agency admin"),
    "accounts.open_unit": _("Added a unit"),
    "accounts.rename_unit": _("Renamed a unit"),
    "accounts.close_unit": _("Closed a unit"),
    "accounts.reopen_unit": _("Opened a unit again"),
    "accounts.invite": _("Invited an innovator"),
    "accounts.resend_invitation": _("Sent an invitation again"),
    "accounts.revoke_invitation": _("Withdrew an invitation"),
    "accounts.accept_invitation": _("Accepted an invitation"),
}
KINDS = {
    "accounts.agency": Kind(_("Agency"), title="name"),
    "accounts.registration": Kind(_("Registration"), title="agency__name", page="accounts:registration"),
    "accounts.membership": Kind(_("Role in an agency"), title="user__name"),
    "accounts.unit": Kind(_("Unit"), title="name"),
    "accounts.invitation": Kind(_("Invitation"), title="email"),
    "accounts.user": Kind(_("Account"), title="name"),
}
