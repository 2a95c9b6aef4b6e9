"""The interviews of an agency: what is to be confirmed, and when the next one is."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from judging.models import InterviewSlot
from sinovik.home.steps import Step, Task


def interview_tasks(user: User) -> list[Task]:
    """One line while interviews of the person's proposals are still to come; a line to act on where an agency of
    theirs has not confirmed."""
    coming = InterviewSlot.objects.visible_to(user).filter(status=InterviewSlot.Status.WAITING)
    counts = coming.aggregate(all=Count("pk"), open=Count("pk", filter=Q(confirmed_at=None)))
    if not counts["all"]:
        return []
    words = ngettext("%d interview to come", "%d interviews to come", counts["all"]) % counts["all"]
    label = ngettext("%d to confirm", "%d to confirm", counts["open"]) % counts["open"]
    hint = _("Day, time, video link and calendar file.")
    if counts["open"]:
        return [Task(words, reverse("judging:interviews"), "pending", label, hint)]
    return [Task(words, reverse("judging:interviews"), "passed", _("Confirmed"), hint)]


def interview_step(tasks: list[Task]) -> Step | None:
    """Confirming comes before all else: it has a last moment."""
    waiting = next((task for task in tasks if task.status == "pending"), None)
    if waiting is None:
        return None
    text = _("Agencies confirm at least 24 hours before.")
    return Step(_("Confirm your interviews"), text, waiting.url, _("See the interviews"))
