"""The team of a proposal: who writes, how the lead passes on, what happens when somebody leaves; and its comments."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import accept_invitation, invite_innovator
from accounts.models import Invitation, Membership
from competitions.models import Question
from notifications.models import Message
from proposals import actions, rules
from proposals.models import Comment, Proposal, TeamMember
from tests.conftest import person
from tests.proposals.test_sending import together

pytestmark = pytest.mark.django_db


def joins(name, agency, unit=None):
    user = person(name)
    Membership.objects.create(user=user, agency=agency, unit=unit, role=Membership.Role.INNOVATOR)
    return user


@pytest.fixture
def colleague(agency, unit):
    return joins("colleague", agency, unit)


@pytest.fixture
def from_another_unit(agency):
    return joins("budi", agency)


def test_a_colleague_of_the_unit_reads_and_a_member_writes(draft, innovator, colleague, from_another_unit, as_user):
    page = reverse("proposals:proposal", args=[draft.code])
    assert [as_user(each).get(page).status_code for each in (colleague, from_another_unit)] == [200, 404]
    assert not rules.standing(colleague, draft).writes
    actions.add_to_team(draft, email=colleague.email, by=innovator)
    actions.add_to_team(draft, email=from_another_unit.email.upper(), by=innovator)
    assert rules.standing(colleague, draft).writes
    assert as_user(from_another_unit).get(reverse("proposals:details", args=[draft.code])).status_code == 200
    assert Message.objects.filter(kind="proposals/mail/team_added").count() == 2


def test_taking_in_twice_changes_nothing(draft, innovator, colleague):
    rows = [actions.add_to_team(draft, email=colleague.email, by=innovator) for _turn in range(2)]
    assert rows[0] == rows[1]
    assert Message.objects.count() == 1


def test_a_newcomer_is_invited_and_writes_once_they_joined(draft, innovator, agency, as_user):
    member = actions.add_to_team(draft, email="baru@example.go.id", by=innovator)
    assert (member.user, Invitation.objects.get().agency) == (None, agency)
    page = as_user(innovator).get(reverse("proposals:team", args=[draft.code]))
    assert [str(each.words) for each in page.context["events"]] == ["Diundang ke tim"]
    newcomer = joins("baru", agency)
    assert rules.standing(newcomer, draft).writes
    assert as_user(newcomer).get(reverse("proposals:details", args=[draft.code])).status_code == 200


def test_who_accepts_with_an_account_of_another_address_is_in_the_team(draft, innovator, outsider, as_user):
    member = actions.add_to_team(draft, email="alamat-lain@example.go.id", by=innovator)
    page = reverse("accounts:invitation", args=[Invitation.objects.get().token])
    as_user(outsider).post(page)
    assert rules.standing(outsider, draft).writes
    assert as_user(outsider).get(reverse("proposals:details", args=[draft.code])).status_code == 200
    team = as_user(innovator).get(reverse("proposals:team", args=[draft.code]))
    assert [each.person for each in team.context["team"]] == [outsider]
    actions.offer_lead(draft, to=outsider, by=innovator)
    actions.answer_offer(draft, accept=True, by=outsider)
    draft.refresh_from_db()
    member.refresh_from_db()
    assert draft.lead == outsider
    assert member.ended_at  # they changed places


def test_the_owner_of_an_address_has_no_part_once_somebody_else_accepted_its_invitation(
    draft, innovator, outsider, agency
):
    actions.add_to_team(draft, email="baru@example.go.id", by=innovator)
    accept_invitation(Invitation.objects.get(), user=outsider)
    late = joins("baru", agency)
    assert rules.standing(outsider, draft).writes
    assert not rules.standing(late, draft).writes


def test_somebody_of_another_agency_sees_nothing_before_they_join(draft, innovator, outsider, as_user):
    actions.add_to_team(draft, email=outsider.email, by=innovator)
    assert as_user(outsider).get(reverse("proposals:proposal", args=[draft.code])).status_code == 404


def test_a_newcomer_reads_only_the_proposal_they_were_invited_to(draft, innovator, year, group, agency, unit, as_user):
    actions.add_to_team(draft, email="baru@example.go.id", by=innovator)
    other = Proposal.objects.create(
        competition=year, group=group, category=draft.category, agency=agency, unit=unit, lead=innovator, title="Lain"
    )
    newcomer = accept_invitation(Invitation.objects.get(), name="Baru").user
    assert rules.standing(newcomer, draft).writes
    pages = [reverse("proposals:proposal", args=[each.code]) for each in (draft, other)]
    assert [as_user(newcomer).get(page).status_code for page in pages] == [200, 404]


def test_who_is_taken_out_before_they_joined_cannot_join_any_more(draft, innovator, agency, agency_admin):
    address = "baru@example.go.id"
    member = actions.add_to_team(draft, email=address, by=innovator)
    second = TeamMember.objects.create(proposal=another(draft), email=address, added_by=innovator)
    actions.end_in_team(member, by=innovator)
    assert Invitation.objects.get().state == "open"  # the other team still waits
    actions.end_in_team(second, by=innovator)
    assert Invitation.objects.get().state == "revoked"
    member = actions.add_to_team(draft, email=address, by=innovator)
    invite_innovator(agency, email=address, by=agency_admin)  # by now to the agency as such
    actions.end_in_team(member, by=innovator)
    assert Invitation.objects.open().count() == 1


def another(proposal):
    same = {name: getattr(proposal, name) for name in ("competition", "group", "category", "agency", "lead")}
    return Proposal.objects.create(title="Lain", **same)


def test_nothing_tells_whether_a_strange_address_has_an_account(draft, innovator, outsider, as_user):
    client, page = as_user(innovator), reverse("proposals:team", args=[draft.code])
    lead = reverse("proposals:team_lead", args=[draft.code])
    answers = []
    for address in (outsider.email, "tidak-ada@example.go.id"):
        seen = [client.post(page, {"email": address}, follow=True)]
        member = TeamMember.objects.get(email=address)
        seen.append(client.post(lead, {"deed": "offer", "member": member.code}))
        end = reverse("proposals:team_end", args=[draft.code, member.code])
        seen.append(client.post(end, follow=True))
        answers.append([each.status_code for each in seen])
        assert outsider.name not in "".join(each.content.decode() for each in seen)
    assert answers == [[200, 404, 200]] * 2
    assert not Message.objects.filter(recipient=outsider).exists()


def test_an_offer_to_somebody_known_by_address_ends_with_their_row(draft, innovator, agency):
    member = actions.add_to_team(draft, email="baru@example.go.id", by=innovator)
    newcomer = joins("baru", agency)
    actions.offer_lead(draft, to=newcomer, by=innovator)
    actions.end_in_team(member, by=innovator)
    draft.refresh_from_db()
    assert draft.lead_offered_to is None
    assert Message.objects.filter(kind="proposals/mail/team_removed", recipient=newcomer).exists()


def test_the_lead_passes_on_only_when_accepted(draft, innovator, colleague, from_another_unit):
    actions.add_to_team(draft, email=colleague.email, by=innovator)
    with pytest.raises(ValidationError):
        actions.offer_lead(draft, to=from_another_unit, by=innovator)
    actions.offer_lead(draft, to=colleague, by=innovator)
    draft.refresh_from_db()
    assert draft.lead == innovator
    with pytest.raises(ValidationError):
        actions.answer_offer(draft, accept=True, by=from_another_unit)
    actions.answer_offer(draft, accept=True, by=colleague)
    actions.answer_offer(draft, accept=True, by=colleague)
    draft.refresh_from_db()
    assert (draft.lead, draft.lead_offered_to) == (colleague, None)
    assert rules.standing(innovator, draft).writes
    assert not rules.may_change_team(rules.standing(innovator, draft))


def test_a_sent_proposal_keeps_the_lead_it_was_sent_with(draft, innovator, colleague):
    actions.add_to_team(draft, email=colleague.email, by=innovator)
    actions.offer_lead(draft, to=colleague, by=innovator)
    Proposal.objects.update(status=Proposal.Status.SENT)
    with pytest.raises(ValidationError):
        actions.answer_offer(draft, accept=True, by=colleague)
    draft.refresh_from_db()
    assert draft.lead == innovator


def test_the_team_is_the_agencys_own_matter(draft, secretariat, agency_admin, as_user):
    Proposal.objects.update(status=Proposal.Status.SENT)
    page = reverse("proposals:team", args=[draft.code])
    assert as_user(agency_admin).get(page).status_code == 200
    assert as_user(secretariat).get(page).status_code == 404


def test_a_declined_offer_leaves_the_lead(draft, innovator, colleague):
    actions.add_to_team(draft, email=colleague.email, by=innovator)
    actions.offer_lead(draft, to=colleague, by=innovator)
    actions.answer_offer(draft, accept=False, by=colleague)
    draft.refresh_from_db()
    assert (draft.lead, draft.lead_offered_to) == (innovator, None)


def test_who_leaves_or_is_removed_writes_no_more(draft, innovator, colleague, from_another_unit):
    for each in (colleague, from_another_unit):
        actions.add_to_team(draft, email=each.email, by=innovator)
    one, two = draft.team.get(user=colleague), draft.team.get(user=from_another_unit)
    with pytest.raises(PermissionDenied):
        actions.end_in_team(one, by=from_another_unit)
    actions.offer_lead(draft, to=colleague, by=innovator)
    actions.end_in_team(one, by=colleague)
    actions.end_in_team(two, by=innovator)
    draft.refresh_from_db()
    assert draft.lead_offered_to is None
    assert not rules.standing(colleague, draft).writes
    assert not rules.standing(from_another_unit, draft).writes
    assert actions.add_to_team(draft, email=colleague.email, by=innovator) != one


def test_the_admin_takes_over_from_a_lead_who_left(draft, innovator, agency_admin, colleague, as_user):
    Membership.objects.filter(user=innovator).update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.take_lead(draft, by=colleague)
    as_user(agency_admin).post(reverse("proposals:team_lead", args=[draft.code]), {"deed": "take"})
    draft.refresh_from_db()
    assert draft.lead == agency_admin
    assert rules.standing(agency_admin, draft).writes


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_accepting_while_the_admin_takes_over_leaves_one_lead(draft, innovator, colleague, agency_admin):
    actions.add_to_team(draft, email=colleague.email, by=innovator)
    actions.offer_lead(draft, to=colleague, by=innovator)
    together(
        lambda: actions.answer_offer(draft, accept=True, by=colleague),
        lambda: actions.take_lead(draft, by=agency_admin),
    )
    draft.refresh_from_db()
    assert draft.lead == agency_admin  # either the first answer or the last word
    assert draft.lead_offered_to is None


def test_pages_by_role(draft, innovator, colleague, agency_admin, other_admin, outsider, as_user):
    page, people = reverse("proposals:team", args=[draft.code]), (
        innovator, colleague, agency_admin, other_admin, outsider,
    )  # fmt: skip
    assert [as_user(each).get(page).status_code for each in people] == [200, 200, 200, 404, 404]
    posts = [as_user(each).post(page, {"email": "x@example.go.id"}).status_code for each in people]
    assert posts == [302, 403, 302, 404, 404]
    assert as_user(innovator).post(page, {"email": "salah"}).status_code == 422
    assert as_user(innovator).post(page, {"email": innovator.email}).status_code == 422
    assert TeamMember.objects.count() == 1


def test_a_sent_proposal_keeps_its_team(in_review, innovator, agency_admin, colleague):
    actions.send(in_review, by=agency_admin)
    with pytest.raises(ValidationError) as refused:
        actions.add_to_team(in_review, email=colleague.email, by=innovator)
    assert refused.value.code == "not_open"


# --- Comments -----------------------------------------------------------------------------------------------------
def test_a_comment_is_kept_told_together_and_resolved(in_review, question, innovator, agency_admin):
    for text in ("Tambahkan angka.", "Sebut sumbernya."):
        actions.comment(in_review, question, text=text, quote="diantar  dengan\nperahu", by=agency_admin)
        actions.comment(in_review, question, text=text, quote="diantar  dengan\nperahu", by=agency_admin)
    assert actions.tell_comments() == 0
    Comment.objects.update(made_at=timezone.now() - timedelta(minutes=11))
    assert [actions.tell_comments(), actions.tell_comments()] == [1, 0]
    letter = Message.objects.get()
    assert letter.recipient == innovator
    assert "Tambahkan angka." in letter.body
    assert "Sebut sumbernya." in letter.body
    remark = Comment.objects.first()
    actions.resolve(remark, by=innovator)
    remark.refresh_from_db()
    assert remark.resolved_by == innovator


def test_a_passage_must_stand_in_the_answer(in_review, question, agency_admin):
    for quote, text, code in [("bukan di sini", "Ya", "not_quoted"), ("", "  ", "empty")]:
        with pytest.raises(ValidationError) as refused:
            actions.comment(in_review, question, text=text, quote=quote, by=agency_admin)
        assert refused.value.code == code


def test_comments_by_role(in_review, question, innovator, colleague, agency_admin, other_admin, secretariat, as_user):
    page = reverse("proposals:comments", args=[in_review.code])
    people = (innovator, agency_admin, colleague, other_admin, secretariat)
    data = {"question": question.pk, "text": "Perjelas.", "quote": ""}
    assert [as_user(each).post(page, data).status_code for each in people] == [302, 302, 403, 404, 404]
    assert as_user(agency_admin).post(page, data | {"quote": "tidak ada"}).status_code == 422
    told = as_user(agency_admin).post(page, data, follow=True).context["messages"]
    assert f"sekitar {actions.SETTLES // timedelta(minutes=1)} menit" in str(next(iter(told)))
    remark = Comment.objects.first()
    url = reverse("proposals:resolve_comment", args=[in_review.code, remark.code])
    assert [as_user(each).post(url).status_code for each in (colleague, other_admin, innovator)] == [403, 404, 302]
    assert as_user(agency_admin).get(page).status_code == 200
    Comment.objects.update(resolved_at=None)
    actions.send(in_review, by=agency_admin)
    assert as_user(secretariat).get(page).status_code == 404
    assert page not in as_user(secretariat).get(reverse("proposals:proposal", args=[in_review.code])).content.decode()


def test_open_comments_stand_beside_the_answer(complete, question, innovator, agency_admin, as_user):
    actions.comment(complete, question, text="Tambahkan angka.", quote="diantar dengan perahu", by=agency_admin)
    writer, aspect = as_user(innovator), reverse("proposals:aspect", args=[complete.code, question.aspect.key])
    page = writer.get(aspect)
    box = page.context["boxes"][0]
    assert [each.text for each in box["remarks"]] == ["Tambahkan angka."]
    assert '<blockquote class="remark__quote">diantar dengan perahu' in page.content.decode()
    with CaptureQueriesContext(connection) as one:
        writer.get(aspect)
    for number in range(3):
        actions.comment(complete, question, text=f"Lagi {number}.", by=agency_admin)
    with CaptureQueriesContext(connection) as four:
        writer.get(aspect)
    assert len(one) == len(four)
    # The button stores what stands in the boxes, then marks the remark: nothing typed is lost without scripts.
    remark, form = Comment.objects.get(text="Tambahkan angka."), page.context["form"]
    sent = {each.html_name: each.value() for each in form}
    sent[f"text-{question.key}"] += " Jumlahnya 40."
    assert writer.post(aspect, sent | {"resolve": remark.code}).url == aspect
    remark.refresh_from_db()
    assert remark.resolved_by == innovator
    assert complete.answers.get(question=question).text.endswith("Jumlahnya 40.")
    assert "Tambahkan angka." not in writer.get(aspect).content.decode()


def test_reviewers_find_comments_in_the_whole_proposal(
    in_review, question, innovator, agency_admin, secretariat, as_user
):
    actions.comment(in_review, question, text="Tambahkan angka.", by=agency_admin)
    whole, check = (reverse(f"proposals:{name}", args=[in_review.code]) for name in ("proposal", "check"))
    admin = as_user(agency_admin)
    for browser, page in [(admin, whole), (admin, check), (as_user(innovator), whole)]:
        assert "Tambahkan angka." in browser.get(page).content.decode()
    url = reverse("proposals:resolve_comment", args=[in_review.code, Comment.objects.get().code])
    actions.send(in_review, by=agency_admin)
    assert "Tambahkan angka." not in as_user(secretariat).get(whole).content.decode()
    Proposal.objects.filter(pk=in_review.pk).update(status="withdrawn")
    assert admin.post(url).status_code == 403
    Proposal.objects.filter(pk=in_review.pk).update(status="in_review")
    assert admin.post(url, {"then": "check"}).url == check


def test_the_migration_keeps_who_wrote(draft, innovator, colleague, question, agency_admin):
    from importlib import import_module

    from django.apps import apps

    actions.add_to_team(draft, email=colleague.email, by=innovator)
    actions.save_answer(draft, question, text="Kata rekan.", base_version=0, by=colleague)
    TeamMember.objects.all().delete()
    import_module("proposals.migrations.0005_agency_desk").keep_writers(apps, connection)
    assert [row.user for row in TeamMember.objects.all()] == [colleague]
    assert Proposal.objects.get().lead == innovator


def test_the_form_offers_what_was_asked_and_shows_the_chosen_answer(in_review, question, agency_admin, as_user):
    extra = Question.objects.create(
        aspect=question.aspect, key="spbe", label="SPBE?", order=9, only_if="is_application"
    )
    client, page = as_user(agency_admin), reverse("proposals:comments", args=[in_review.code])
    assert (
        list(client.get(page).context["form"].fields["question"].queryset.values_list("key", flat=True)).count("spbe")
        == 0
    )
    assert "Obat diantar dengan perahu." in client.get(page, {"question": question.pk}).content.decode()
    refused = client.post(page, {"question": question.pk, "text": "Ya", "quote": "tidak ada"}).content.decode()
    assert "Obat diantar dengan perahu." in refused
    in_review.is_application = True
    in_review.save()
    assert extra in client.get(page).context["form"].fields["question"].queryset
