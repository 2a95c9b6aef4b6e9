"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "announcements.draft": _("Began an announcement"),
    "announcements.edit": _("Changed an announcement"),
    "announcements.correct": _("Began the correction of an announcement"),
    "announcements.discard": _("Discarded a draft announcement"),
    "announcements.schedule": _("Fixed when an announcement becomes public"),
    "announcements.unschedule": _("Took an announcement back into writing"),
    "announcements.extend": _("Announced the extension of a deadline"),
    "announcements.publish": _("Told those concerned of an announcement"),
}
KINDS = {
    "announcements.announcement": Kind(_("Announcement"), title="title", page="announcements:announcement"),
}
