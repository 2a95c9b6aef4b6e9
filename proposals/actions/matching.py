"""Saying whether an innovation of the catalogue is the proposal's own."""

from django.db import transaction

from accounts.models import User
from audit.recording import record
from catalogue.models import Innovation
from proposals.actions.saving import keep_details
from proposals.actions.writing import locked_for_writing
from proposals.models import PastMatch, Proposal


@transaction.atomic
def answer_match(proposal: Proposal, innovation: Innovation, *, is_same: bool | None, by: User) -> Proposal:
    """Keeps who said when that the innovation is the same as the proposal's (its awards then count), or another (who
    screens sees it); None takes the answer back. The first one that is the same becomes the proposal's past
    innovation. The same answer again changes nothing. Raises as every save does: closed, not_yours_now.
    """
    held, now = locked_for_writing(proposal, by)
    before = held.matches.filter(innovation=innovation).first()
    if is_same is (before.is_same if before else None) and (is_same or held.past_innovation_id != innovation.pk):
        return held
    if is_same is None:
        held.matches.filter(innovation=innovation).delete()
    else:
        answer = {"is_same": is_same, "answered_at": now, "answered_by": by}
        PastMatch.objects.update_or_create(proposal=held, innovation=innovation, defaults=answer)
    named = _named(held, innovation, is_same)
    if named != held.past_innovation:
        keep_details(held, {"past_innovation": named}, by=by, now=now)
    record(
        "proposals.answer_match", by=by, on=held,
        data={"innovation": innovation.code, "is_same": is_same, "before": before.is_same if before else None},
    )  # fmt: skip
    return held


def _named(held: Proposal, innovation: Innovation, is_same: bool | None) -> Innovation | None:
    """The past innovation in the details is the first one that is the same; what is not the same cannot stay there."""
    if is_same:
        return held.past_innovation or innovation
    if held.past_innovation_id != innovation.pk:
        return held.past_innovation
    other = held.matches.filter(is_same=True).select_related("innovation").first()
    return other.innovation if other else None
