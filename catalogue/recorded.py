"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "catalogue.record_award": _("Entered an award into the catalogue"),
    "catalogue.withdraw_award": _("Took an award out of the catalogue"),
    "catalogue.rename": _("Renamed an innovation"),
    "catalogue.merge": _("Merged two innovations"),
    "catalogue.undo_merge": _("Parted merged innovations again"),
    "catalogue.set_contact": _("Set the contact of an innovation"),
    "catalogue.begin_import": _("Began an import into the catalogue"),
    "catalogue.confirm_import": _("Confirmed an import into the catalogue"),
    "catalogue.write_import": _("Wrote an import into the catalogue"),
    "catalogue.undo_import": _("Took an import back"),
    "catalogue.discard_import": _("Discarded an import"),
    "catalogue.declare_replication": _("Declared a replication"),
    "catalogue.answer_replication": _("Answered a declared replication"),
    "catalogue.take_back_replication": _("Took a declared replication back"),
    "catalogue.offer": _("Offered an innovation for replication"),
    "catalogue.withdraw_offer": _("Withdrew the offer of an innovation"),
    "catalogue.ask_source": _("Asked the source about a replication"),
    "catalogue.write_in_request": _("Wrote in a request for replication"),
    "catalogue.close_request": _("Closed a request for replication"),
    "catalogue.open_follow_up": _("Opened a yearly follow-up"),
    "catalogue.move_follow_up": _("Moved the end of a yearly follow-up"),
    "catalogue.send_report": _("Sent a follow-up report"),
    "catalogue.decide_report": _("Decided on a follow-up report"),
}
FACTS = {"source": _("innovation replicated")}
KINDS = {
    "catalogue.innovation": Kind(_("Innovation"), title="title", page="catalogue:innovation"),
    "catalogue.import": Kind(_("Import into the catalogue"), title="name", page="catalogue:import"),
    "catalogue.replication": Kind(_("Replication"), title="source__title", page="catalogue:replication"),
    "catalogue.replicationrequest": Kind(_("Request for replication"), title="source__title", page="catalogue:request"),
    "catalogue.offer": Kind(_("Offer for replication"), title="innovation__title"),
    "catalogue.followup": Kind(_("Yearly follow-up"), title="year", page="catalogue:follow_up", arguments=("year",)),
    "catalogue.followupreport": Kind(_("Follow-up report"), title="innovation__title", page="catalogue:report"),
}
