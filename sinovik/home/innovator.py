"""What an innovator has in hand, and what comes next."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from announcements.results import announced_of
from competitions.progress import YearView
from proposals.completeness import checklist
from proposals.facts import gather_loaded
from proposals.models import Proposal
from sinovik.home.steps import TOO_LATE, UNSENT, Status, Step, Task, results_step

INNOVATOR_HINTS: dict[str, str | Promise] = {
    Status.DRAFT: gettext_lazy("Fill in what is missing, then hand it to your agency admin."),
    Status.RETURNED: gettext_lazy("Your agency admin returned it with a note: correct it and hand it in again."),
    Status.IN_REVIEW: gettext_lazy("Your agency admin reads it now and sends it to the ministry."),
    Status.SENT: gettext_lazy("It is with the ministry. Screening results are announced together."),
    Status.PASSED: gettext_lazy("It passed screening and is judged now."),
    Status.FAILED: gettext_lazy("It did not pass screening. The reasons are on its page."),
    Status.WITHDRAWN: gettext_lazy("It was withdrawn."),
}

READY_HINT = gettext_lazy("Everything is filled in: check it once more, then hand it over to your agency admin.")


def own_proposals(user: User, found: list[YearView]) -> list[Task]:
    """The proposals this person leads, newest first, each with what happens next."""
    still_open = {year.competition.pk for year in found if year.submission}
    proposals = list(Proposal.objects.filter(lead=user).with_names().order_by("-updated_at")[:10])
    drafts = [each for each in proposals if each.status == Status.DRAFT and each.competition_id in still_open]
    announced = announced_of(user) if any(each.status == Status.PASSED for each in proposals) else {}
    ready = {pk for pk, facts in gather_loaded(drafts).items() if checklist(facts).ready}
    return [
        Task(
            label=proposal.title,
            url=reverse("proposals:proposal", args=[proposal.code]),
            status=proposal.status,
            status_label=proposal.get_status_display(),
            hint=announced.get(proposal.pk)
            or str(
                TOO_LATE
                if proposal.status in UNSENT and proposal.competition_id not in still_open
                else READY_HINT
                if proposal.pk in ready
                else INNOVATOR_HINTS[proposal.status]
            ),
        )
        for proposal in proposals
    ]


def innovator_step(tasks: list[Task], found: list[YearView]) -> Step:
    """What an innovator does next: correct, go on writing, begin, or wait."""
    is_open = any(year.submission for year in found)
    for status, title in ((Status.RETURNED, _("Correct “%s”")), (Status.DRAFT, _("Go on with “%s”"))):
        for task in tasks:
            if is_open and task.status == status:
                return Step(title % task.label, task.hint, task.url, _("Open the proposal"))
    if is_open:
        text = _("One page per aspect, saved as you write. You can stop at any moment and go on later.")
        return Step(_("Start a new proposal"), text, reverse("proposals:new"), _("Start a proposal"))
    if any(task.status == Status.PASSED for task in tasks):
        return results_step()
    if tasks:
        return Step(_("There is nothing you have to do now"), _("We write to you as soon as there is news."))
    return Step(_("Submission is not open now"), _("The calendar says when the next year begins."))
