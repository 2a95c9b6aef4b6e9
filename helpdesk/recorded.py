"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "helpdesk.open": _("Opened a ticket"),
    "helpdesk.write": _("Wrote in a ticket"),
    "helpdesk.answer": _("Answered a ticket"),
    "helpdesk.close": _("Closed a ticket"),
    "helpdesk.hand": _("Handed a ticket to somebody"),
    "helpdesk.save_question": _("Saved a frequent question"),
    "helpdesk.save_canned": _("Saved a canned answer"),
}
KINDS = {
    "helpdesk.ticket": Kind(_("Ticket"), title="title", page="helpdesk:ticket"),
    "helpdesk.frequentquestion": Kind(_("Frequent question"), title="question", page="helpdesk:question"),
    "helpdesk.cannedanswer": Kind(_("Canned answer"), title="title", page="helpdesk:canned"),
}
