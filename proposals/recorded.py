"""What this app's deeds and objects are called where the record is read."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.naming import Kind
from proposals.querysets import SENT

VERBS = {
    "proposals.start": _("Began a proposal"),
    "proposals.copy": _("Began a proposal from an earlier one"),
    "proposals.attach": _("Attached a document"),
    "proposals.remove_document": _("Removed a document"),
    "proposals.comment": _("Commented on a proposal"),
    "proposals.resolve_comment": _("Settled a comment"),
    "proposals.team_add": _("Added a team member"),
    "proposals.team_remove": _("Took a member out of the team"),
    "proposals.team_leave": _("Left the team"),
    "proposals.team_offer_lead": _("Offered the lead of a team"),
    "proposals.team_accept_lead": _("Accepted the lead of a team"),
    "proposals.team_decline_lead": _("Declined the lead of a team"),
    "proposals.team_take_lead": _("Gave a team another lead"),
    "proposals.remind_writers": _("Reminded the writers"),
    "proposals.put_in_order": _("Put the agency's proposals in order"),
    "proposals.set_auto_send": _("Set a proposal to send itself"),
    "proposals.clear_auto_send": _("Stopped a proposal from sending itself"),
    "proposals.answer_match": _("Answered whether an innovation won before"),
    "proposals.judge_resemblance": _("Judged a resemblance"),
    "proposals.ask_export": _("Asked for one's own data"),
    "proposals.submit": _("Submitted a proposal to the agency admin"),
    "proposals.take_back": _("Took a proposal back from the agency admin"),
    "proposals.return": _("Returned a proposal for correction"),
    "proposals.send": _("Sent a proposal to the ministry"),
    "proposals.late": _("Sent a proposal within the grace after the deadline"),
    "proposals.withdraw": _("Withdrew a sent proposal"),
    "proposals.correct": _("Took a sent proposal back to correct it"),
    "proposals.reopen": _("Opened a withdrawn proposal again"),
    "proposals.mend": _("Sent a corrected proposal"),
    "proposals.release_passed": _("Passed a proposal in screening"),
    "proposals.release_failed": _("Failed a proposal in screening"),
    "proposals.overturn": _("Changed a failure into a pass after an objection"),
    "proposals.screen": _("Decided a screening"),
    "proposals.screen_batch": _("Passed several clean proposals at once"),
    "proposals.undo_screening_batch": _("Undid passes given at once"),
    "proposals.reopen_screening": _("Took a screening decision back"),
    "proposals.second_look": _("Took a second look at a screening"),
    "proposals.settle_second_look": _("Settled two differing screenings"),
    "proposals.name_screening_head": _("Named a head of screening"),
    "proposals.release_screening_head": _("Released a head of screening"),
    "proposals.open_corrections": _("Opened the time to correct proposals"),
    "proposals.correction_lapsed": _("Let the time to correct run out"),
    "proposals.release_screening": _("Released the screening results"),
    "proposals.object_to_screening": _("Objected to a screening result"),
    "proposals.answer_objection": _("Answered an objection to screening"),
    "proposals.save_reason": _("Saved a reason to choose from"),
    "proposals.delete_reason": _("Deleted a reason to choose from"),
}
KINDS = {
    "proposals.proposal": Kind(
        _("Proposal"), title="title", page="proposals:screening_item", linked=Q(status__in=SENT)
    ),
    "proposals.screening": Kind(
        _("Screening"),
        title="submission__proposal__title",
        page="proposals:screening_item",
        arguments=("submission__proposal__code",),
    ),
    "proposals.screeningbatch": Kind(_("Passes given at once")),
    "proposals.resemblance": Kind(
        _("Resemblance"),
        title="submission__proposal__title",
        page="proposals:screening_resemblance",
        arguments=("submission__proposal__code", "pk"),
    ),
    "proposals.objection": Kind(
        _("Objection to screening"),
        title="screening__submission__proposal__title",
        page="proposals:screening_objection",
        arguments=("screening__submission__proposal__code",),
    ),
    "proposals.export": Kind(_("Export of one's own data")),
}
