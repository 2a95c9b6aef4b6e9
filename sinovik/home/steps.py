"""The next step and the lines of what waits, as every reader's part of the home page shows them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.models import Proposal

Status = Proposal.Status
UNSENT = (Status.DRAFT, Status.RETURNED, Status.IN_REVIEW)
TOO_LATE = gettext_lazy("Submission has closed. It was not sent and does not take part.")


@dataclass(frozen=True)
class Step:
    """The one thing to do next: a sentence, why, and where. Without an address there is nothing to do but wait."""

    title: str
    text: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Task:
    """One line of what waits, as components/task_list.html shows it."""

    label: str
    url: str
    status: str
    status_label: str
    hint: str = ""


def results_step() -> Step:
    """For whoever has nothing to do any more but to read."""
    text = _("What is public about your proposals, with letters of feedback and certificates.")
    return Step(_("There is nothing you have to do now"), text, reverse("announcements:results"), _("See our results"))
