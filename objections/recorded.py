"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "objections.file": _("Filed an objection"),
    "objections.assign": _("Gave an objection to a handler"),
    "objections.answer": _("Answered an objection for the agency"),
    "objections.refer": _("Referred an objection to the panel"),
    "objections.propose": _("Proposed the decision on an objection"),
    "objections.decide": _("Confirmed the decision on an objection"),
    "objections.carry_out": _("Carried out an upheld objection"),
}
KINDS = {
    "objections.objection": Kind(_("Objection"), title="number", page="objections:objection"),
}
