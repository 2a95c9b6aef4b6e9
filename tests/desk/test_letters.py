"""What could not be delivered goes again when somebody asks, one letter or all."""

import pytest
from django.urls import reverse

from audit.models import Event
from desk import actions
from desk.views.letters import NOT_FAILED
from notifications.delivery import deliver_due
from notifications.models import Message

pytestmark = pytest.mark.django_db
PAGE = reverse("desk:letters")


@pytest.fixture
def failed(db) -> list[Message]:
    return [
        Message.objects.create(
            key=str(number), kind="x", address=f"a{number}@b.id", subject="Pengingat", status="failed", attempts=8,
            error="550",
        )
        for number in range(3)
    ]  # fmt: skip


def statuses() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("status", flat=True))


def test_one_goes_again_with_all_its_attempts(as_user, secretariat, failed, mailoutbox):
    as_user(secretariat).post(PAGE, {"message": failed[1].pk})
    assert statuses() == ["failed", "queued", "failed"]
    assert Message.objects.get(pk=failed[1].pk).attempts == 0
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [["a1@b.id"]]
    assert Event.objects.get(verb="desk.send_again").data == {"letters": 1, "message": failed[1].pk}


def test_all_go_again(as_user, secretariat, failed):
    as_user(secretariat).post(PAGE)
    assert statuses() == ["queued"] * 3


def test_what_is_not_failed_is_left_alone(secretariat, failed):
    Message.objects.filter(pk=failed[0].pk).update(status="sent")
    assert actions.send_again(message=failed[0].pk, by=secretariat) == 0
    assert statuses()[0] == "sent"
    assert not Event.objects.exists()


def test_what_failed_of_a_stopped_broadcast_never_goes_again(confirmed, secretariat, failed):
    actions.write_letters()
    Message.objects.filter(key=confirmed.key).update(read_at="2023-01-01T00:00Z")  # so that a stop keeps them
    gave_up, _waits = Message.objects.filter(key=confirmed.key)
    Message.objects.filter(pk=gave_up.pk).update(status="failed")
    actions.stop_broadcast(confirmed, by=secretariat)
    assert actions.send_again(message=gave_up.pk, by=secretariat) == 0
    assert actions.send_again(by=secretariat) == 3


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "withdrawn"])
def test_from_a_page_opened_before_the_answer_is_what_became_of_the_letter(as_user, secretariat, failed, status):
    Message.objects.filter(pk=failed[0].pk).update(status=status)
    page = as_user(secretariat).post(PAGE, {"message": failed[0].pk}, follow=True)
    assert [str(each) for each in page.context["messages"]] == [str(NOT_FAILED[status])]
    Message.objects.update(status="sent")
    page = as_user(secretariat).post(PAGE, follow=True)
    assert [each.level_tag for each in page.context["messages"]] == ["info"]


def test_nonsense_is_refused(as_user, secretariat, failed):
    assert as_user(secretariat).post(PAGE, {"message": "x"}).status_code == 422
    assert statuses() == ["failed"] * 3


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_one_as_for_three(
    as_user, secretariat, failed, number, django_assert_num_queries
):
    Message.objects.filter(pk__in=[each.pk for each in failed[number:]]).delete()
    client = as_user(secretariat)
    with django_assert_num_queries(10):
        page = client.get(PAGE)
    assert (len(page.context["page"].object_list), page.context["outbox"]["failed"]) == (number, number)
