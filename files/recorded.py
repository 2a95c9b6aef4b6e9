"""What this app's deeds and objects are called where the record is read."""

from django.utils.translation import gettext_lazy as _

from audit.naming import Kind

VERBS = {
    "files.forget": _("Deleted an unused file"),
}
KINDS = {
    "files.storedfile": Kind(_("File"), title="name"),
}
