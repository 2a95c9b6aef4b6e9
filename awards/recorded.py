"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "awards.ask_certificates": _("Asked for certificates"),
    "awards.issue_certificates": _("Issued certificates"),
    "awards.replace_certificate": _("Replaced a certificate"),
    "awards.revoke_certificate": _("Revoked a certificate"),
    "awards.plan_ceremony": _("Planned the award day"),
    "awards.renew_calls": _("Renewed the order of call"),
    "awards.settle_call": _("Changed a place in the order of call"),
}
KINDS = {
    "awards.issue": Kind(
        _("Certificates of a list"), title="selection__name", page="awards:list", arguments=("selection__code",)
    ),
    "awards.certificate": Kind(_("Certificate"), title="name", page="awards:certificate"),
    "awards.ceremony": Kind(_("Award day"), title="name", page="awards:ceremony"),
    "awards.call": Kind(_("Place in the order of call"), title="proposal__title"),
}
