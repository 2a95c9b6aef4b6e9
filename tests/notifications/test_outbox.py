from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from notifications.models import Message
from notifications.outbox import FEW, tell, tell_many, wake
from tests.conftest import person


@pytest.fixture
def letters(tmp_path, settings):
    """Templates of our own: letters("try", "Subject\\n\\nBody") makes "try" a template."""
    folder = tmp_path / "templates"
    folder.mkdir()
    configured = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**configured, "DIRS": [folder, *configured["DIRS"]]}]

    def write(name: str, text: str) -> str:
        (folder / f"{name}.txt").write_text(text)
        return name

    return write


def test_a_message_is_a_row_with_subject_body_and_recipient(letters, innovator):
    letters("try", "Halo {{ title }}\n\nKe {{ recipient.name }}: {{ link }} & {{ title }}\n")
    tell(to=innovator, template="try", key="try:1", context={"title": "A & <B>"}, link="/proposals/X/")
    message = Message.objects.get()
    assert (message.subject, message.recipient, message.address) == ("Halo A & <B>", innovator, innovator.email)
    assert message.body == f"Ke Innovator: {settings.SITE_URL}/proposals/X/ & A & <B>"
    assert (message.link, message.status, message.kind) == ("/proposals/X/", "queued", "try")


def test_telling_twice_is_telling_once(letters, innovator, outsider):
    letters("try", "Satu\n\nIsi")
    for to in (innovator, innovator, outsider, "new@example.go.id", " NEW@example.go.id"):
        tell(to=to, template="try", key="try:1")
    tell(to=innovator, template="try", key="try:2")
    assert sorted(Message.objects.values_list("key", "address")) == [
        ("try:1", "innovator@example.go.id"),
        ("try:1", "new@example.go.id"),
        ("try:1", "outsider@example.go.id"),
        ("try:2", "innovator@example.go.id"),
    ]


def test_what_is_told_to_more_than_a_few_is_bulk(letters, db):
    letters("try", "Satu\n\nIsi")
    for key, number in (("few", FEW), ("many", FEW + 1)):
        tell_many([f"{each}@example.go.id" for each in range(number)], template="try", key=key)
    assert set(Message.objects.values_list("key", "is_bulk")) == {("few", False), ("many", True)}


def test_everybody_reads_in_their_own_language_and_time_zone(letters, db):
    letters("try", "{% load i18n %}{% translate 'Save' %}\n\n{{ at|moment }}")
    english = person("english", language="en", time_zone="Asia/Jayapura")
    indonesian = person("indonesian", language="id", time_zone="Asia/Makassar")
    at = datetime(2023, 5, 2, 16, 59, tzinfo=UTC)
    tell_many([english, indonesian, "new@example.go.id"], template="try", key="try", context={"at": at})
    bodies = dict(Message.objects.values_list("address", "body"))
    assert "3 May 2023, 01:59 WIT" in bodies["english@example.go.id"]
    assert "3 Mei 2023, 00.59 WITA" in bodies["indonesian@example.go.id"]
    assert "2 Mei 2023, 23.59 WIB" in bodies["new@example.go.id"]


@pytest.mark.parametrize("nasty", ["A\r\nBcc: victim@example.com", "A\nB", "A\x0bB", "A" * 300])
def test_a_subject_is_one_short_line(letters, innovator, nasty):
    letters("try", "{{ title }}\n\nIsi")
    tell(to=innovator, template="try", key="try", context={"title": nasty})
    subject = Message.objects.get().subject
    assert len(subject) <= 200
    assert not set(subject) & set("\r\n\x0b")


def test_a_roll_back_tells_nobody(letters, innovator):
    letters("try", "Satu\n\nIsi")
    with transaction.atomic():
        tell(to=innovator, template="try", key="try")
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.parametrize("count", [1, 400])
def test_telling_many_is_one_insert(letters, db, django_assert_num_queries, count):
    letters("try", "Satu\n\nIsi")
    people = User.objects.bulk_create(User(email=f"p{n}@example.go.id", name=f"P{n}") for n in range(count))
    with django_assert_num_queries(1):
        tell_many(people, template="try", key="try")
    assert Message.objects.count() == count


def test_a_transaction_wakes_delivery_once(letters, innovator, django_capture_on_commit_callbacks):
    letters("try", "Satu\n\nIsi")
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for number in range(20):
            tell(to=innovator, template="try", key=f"try:{number}")
        wake()
    assert len(callbacks) == 1
    assert connection.run_on_commit == [] or len(connection.run_on_commit) == 1


def test_each_piece_of_work_is_woken_once(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for number in (1, 2, 1):
            wake("judging.tasks.solve_plan", number)
    assert len(callbacks) == 2


def test_nobody_to_tell_is_no_work(letters, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        tell_many([], template="missing", key="try")
