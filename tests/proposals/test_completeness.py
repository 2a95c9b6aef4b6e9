"""The task list and sending never disagree, whatever state a proposal is in."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proposals import actions
from proposals.completeness import State, checklist
from proposals.facts import gather
from proposals.models import Proposal

pytestmark = pytest.mark.django_db

changes = st.fixed_dictionaries({}, optional={
    "title": st.sampled_from(["", "ABC", "Antar Obat ke Pulau", "Sudah Dikirim"]),
    "started_on": st.sampled_from([None, date(2015, 1, 2), date(2999, 1, 1)]),
    "video_url": st.sampled_from(["", "https://youtu.be/a", "https://www.youtube.com/"]),
    "is_application": st.sampled_from([None, True, False]),
    "sdgs": st.sampled_from([[], [1, 2]]),
})  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=changes, words=st.tuples(*[st.sampled_from([0, 4, 50, 51])] * 2), with_document=st.booleans(),
    needs_sdgs=st.booleans(), cap=st.sampled_from([None, 0, 1, 3]),
)  # fmt: skip
def test_the_list_is_ready_exactly_when_sending_succeeds(
    in_review, agency_admin, changed, words, with_document, needs_sdgs, cap
):
    with transaction.atomic():
        Proposal.objects.filter(pk=in_review.pk).update(**changed)
        for answer, number in zip(in_review.answers.order_by("pk"), words, strict=True):
            type(answer).objects.filter(pk=answer.pk).update(words=number)
        if not with_document:
            in_review.documents.all().delete()
        type(in_review.group).objects.filter(pk=in_review.group_id).update(needs_sdgs=needs_sdgs, cap_per_agency=cap)
        shown = checklist(gather(in_review))
        try:
            actions.send(in_review, by=agency_admin)
            refusals = []
        except ValidationError as refused:
            refusals = refused.messages
        transaction.set_rollback(True)
    assert shown.ready == (refusals == [])
    assert {finding.message for finding in shown.blocking} == set(refusals)
    assert shown.done == shown.total or not shown.ready


def test_states_of_the_sections(draft, innovator, question):
    Proposal.objects.filter(pk=draft.pk).update(video_url="")
    states = {(each.page, each.key): each.state for each in checklist(gather(draft)).sections}
    assert states == {
        ("proposals:details", ""): State.DOING,
        ("proposals:aspect", "kebaruan"): State.TODO,
        ("proposals:aspect", "dampak"): State.TODO,
        ("proposals:documents", ""): State.TODO,
    }
    actions.save_answer(draft, question, text="kata " * 51, base_version=0, by=innovator)
    assert checklist(gather(draft)).sections[1].state == State.PROBLEM
    actions.save_answer(draft, question, text="kata " * 50, base_version=1, by=innovator)
    shown = checklist(gather(draft))
    assert (shown.sections[1].state, shown.done, shown.total) == (State.DONE, 1, 4)
    assert shown.after("proposals:details").key == "kebaruan"
    assert shown.after("proposals:documents") is None
