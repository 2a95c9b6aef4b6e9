"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "competitions.load_year": _("Loaded a year from its file"),
    "competitions.copy_year": _("Began a year as a copy"),
    "competitions.revise_stage": _("Revised the dates of a stage"),
    "competitions.set_quota": _("Changed how many advance"),
    "competitions.set_weights": _("Changed the weights of the aspects"),
    "competitions.invite_agencies": _("Invited agencies into a group"),
    "competitions.remove_invitation": _("Took an agency off a group's list"),
}
KINDS = {
    "competitions.competition": Kind(_("Competition year"), title="name", page="competitions:manage"),
    "competitions.round": Kind(
        _("Round"), title="name", page="judging:round", arguments=("group__competition__code", "group__key", "key")
    ),
}
