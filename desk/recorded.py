"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "desk.ask_extract": _("Asked for an export of data"),
    "desk.write_extract": _("Wrote an export of data"),
    "desk.take_extract": _("Downloaded an export of data"),
    "desk.send_broadcast": _("Sent a broadcast"),
    "desk.stop_broadcast": _("Stopped a broadcast"),
    "desk.send_again": _("Sent a failed letter again"),
}
KINDS = {
    "notifications.message": Kind(_("Letter to a person"), title="subject"),
    "desk.extract": Kind(_("Export of data")),
    "desk.broadcast": Kind(_("Broadcast"), title="subject", page="desk:broadcast"),
}
