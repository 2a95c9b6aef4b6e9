"""A person's own data: theirs and nobody else's, prepared in the background, gone after some days."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from notifications.models import Message
from proposals import actions, tasks
from proposals.exports import write_zip
from proposals.models import Answer, AnswerVersion, Export
from tests.proposals.conftest import pdf
from tests.proposals.sent_texts import OWN, freeze, sent_with

pytestmark = pytest.mark.django_db
PAGE = "/profile/export/"


def unzipped(person) -> dict[str, bytes]:
    target = io.BytesIO()
    write_zip(person, target)
    with ZipFile(target) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def written(complete, innovator, agency_admin):
    """The innovator's draft; one answer has a version by the innovator and one by the agency admin."""
    answer = complete.answers.first()
    for number, person in ((1, innovator), (2, agency_admin)):
        AnswerVersion.objects.create(
            answer=answer, version=number, text=f"Naskah {person.name}", saved_at=timezone.now(), saved_by=person
        )
    return complete


def test_it_holds_the_person_their_proposals_and_every_text_they_wrote(written, innovator, agency, year):
    Message.objects.create(key="x", recipient=innovator, address=innovator.email, subject="Kabar", body="Isi")
    files = unzipped(innovator)
    folder = f"proposal/2023-{written.code}"
    assert json.loads(files["data-diri.json"])["memberships"][0]["agency"] == agency.name
    assert [each["subject"] for each in json.loads(files["pesan.json"])] == ["Kabar"]
    facts = json.loads(files[f"{folder}/proposal.json"])
    assert [each["text"] for each in facts["answers"]] == ["Obat diantar dengan perahu."] * 2
    assert [each["text"] for each in json.loads(files[f"{folder}/naskah-anda.json"])] == [f"Naskah {innovator.name}"]
    assert files[f"{folder}/draf.pdf"].startswith(b"%PDF")


def test_documents_and_the_sent_pdf_come_with_it(draft, innovator):
    requirement = draft.group.documents.get()
    held = actions.attach_document(draft, requirement, upload=pdf(name="surat resmi.pdf"), by=innovator)
    submission = freeze(draft)
    files = unzipped(innovator)
    folder = f"proposal/2023-{draft.code}"
    with default_storage.open(held.file.path) as stored:
        assert files[f"{folder}/dokumen/surat-surat resmi.pdf"] == stored.read()
    assert files[f"{folder}/{submission.number}.pdf"].startswith(b"%PDF")
    assert f"{folder}/draf.pdf" not in files


def test_nothing_of_others_is_in_it(written, innovator, outsider, other_agency, year, secretariat):
    theirs = sent_with(year, other_agency, outsider, number=7, text=OWN, title="Rahasia orang lain")
    Message.objects.create(key="y", recipient=outsider, address=outsider.email, subject="Rahasia", body="Rahasia")
    everything = b"".join(unzipped(innovator).values())
    assert b"Rahasia" not in everything
    assert theirs.proposal.code.encode() not in everything
    assert written.code.encode() not in b"".join(unzipped(outsider).values())
    assert sorted(unzipped(secretariat)) == ["data-diri.json", "pesan.json"]


def test_who_left_keeps_what_they_wrote_and_gets_nothing_of_their_colleagues(written, innovator):
    Membership.objects.filter(user=innovator).update(ended_at=timezone.now())
    Answer.objects.update(text="Ditulis rekan kemudian")
    files = unzipped(innovator)
    folder = f"proposal/2023-{written.code}"
    assert sorted(name for name in files if name.startswith(folder)) == [
        f"{folder}/naskah-anda.json", f"{folder}/naskah-tidak-masuk.json", f"{folder}/proposal.json",
    ]  # fmt: skip
    assert f"Naskah {innovator.name}".encode() in files[f"{folder}/naskah-anda.json"]
    assert b"Ditulis rekan" not in b"".join(files.values())


def test_a_file_that_is_gone_leaves_a_note_and_not_an_error(written, innovator):
    assert any(name.endswith(".tidak-ada.txt") for name in unzipped(innovator))


def test_asked_for_twice_it_is_written_once_and_only_its_owner_gets_it(
    written, innovator, outsider, secretariat, as_user
):
    client = as_user(innovator)
    assert client.post(PAGE).status_code == client.post(PAGE).status_code == 302
    assert actions.export_due() == 1
    assert actions.export_due() == 0
    export = Export.objects.get()
    url = reverse("proposals:export_file", args=[export.code])
    assert url in client.get(PAGE).content.decode()
    assert client.get(url).getvalue()[:2] == b"PK"
    assert [as_user(person).get(url).status_code for person in (outsider, secretariat, None)] == [404, 404, 302]
    assert Message.objects.filter(recipient=innovator, kind="proposals/mail/export_ready").count() == 1


def test_after_some_days_it_is_gone_from_page_and_disk(written, innovator, as_user):
    export = actions.ask_export(innovator)
    tasks.export()
    path = Export.objects.get().path
    Export.objects.update(expires_at=timezone.now() - timedelta(days=1))
    url = reverse("proposals:export_file", args=[export.code])
    assert as_user(innovator).get(url).status_code == 404
    tasks.export()
    assert not default_storage.exists(path)
    assert not Export.objects.exists()


def test_what_cannot_be_written_ends_and_says_so(written, innovator, as_user, settings, tmp_path):
    export = actions.ask_export(innovator)
    blocked = tmp_path / "not-a-folder"
    blocked.write_text("")
    settings.MEDIA_ROOT = blocked
    for _turn in range(3):
        assert actions.export_due() == 0
    export.refresh_from_db()
    assert (export.state, export.tries) == ("failed", 3)
    assert as_user(innovator).get(PAGE).status_code == 200


def test_the_page_asks_as_much_for_one_as_for_three(innovator, as_user, django_assert_max_num_queries):
    client = as_user(innovator)
    for number in range(3):
        Export.objects.create(
            person=innovator,
            state="ready",
            path=f"exports/{number}.zip",
            size=1,
            ready_at=timezone.now(),
            expires_at=timezone.now() + timedelta(1),
        )
    with django_assert_max_num_queries(9):
        assert client.get(PAGE).content.decode().count(".zip") == 3


def test_an_uploaders_name_cannot_leave_the_folder(draft, innovator):
    upload = SimpleUploadedFile("../../etc/passwd.pdf", pdf().read())
    actions.attach_document(draft, draft.group.documents.get(), upload=upload, by=innovator)
    assert not [name for name in unzipped(innovator) if ".." in name or name.startswith("/")]


@pytest.fixture
def ready(written, innovator):
    actions.ask_export(innovator)
    assert actions.export_due() == 1
    return Export.objects.get()


def test_it_is_not_handed_out_any_more_once_its_owner_has_left_the_agency(ready, innovator, as_user):
    client, url = as_user(innovator), reverse("proposals:export_file", args=[ready.code])
    assert client.get(url).getvalue()[:2] == b"PK"
    Membership.objects.filter(user=innovator).update(ended_at=timezone.now())
    assert client.get(url).status_code == 404
    page = client.get(PAGE)
    assert url not in page.content.decode()
    assert page.context["exports"][0].is_withdrawn


def test_one_without_others_words_stays_with_who_left(written, innovator, as_user):
    Membership.objects.filter(user=innovator).update(ended_at=timezone.now())
    export = actions.ask_export(innovator)
    actions.export_due()
    assert as_user(innovator).get(reverse("proposals:export_file", args=[export.code])).getvalue()[:2] == b"PK"


def claimed(person, *, ago: timedelta, tries: int = 1) -> Export:
    return Export.objects.create(
        person=person, state=Export.State.WRITING, claimed_at=timezone.now() - ago, tries=tries
    )


def test_what_a_worker_writes_now_is_left_to_it(written, innovator):
    export = claimed(innovator, ago=timedelta(minutes=5))
    assert actions.ask_export(innovator) == export
    assert actions.export_due() == 0
    export.refresh_from_db()
    assert (export.state, export.tries) == ("writing", 1)


def test_what_a_dead_worker_left_is_written_by_another(written, innovator):
    export = claimed(innovator, ago=timedelta(hours=1))
    default_storage.save(export.archive, io.BytesIO(b"half of it"))
    assert actions.export_due() == 1
    export.refresh_from_db()
    assert (export.state, export.tries, export.path) == ("ready", 2, export.archive)


def test_what_kills_its_worker_each_time_ends(written, innovator):
    export = claimed(innovator, ago=timedelta(hours=1), tries=3)
    assert actions.export_due() == 0
    export.refresh_from_db()
    assert export.state == "failed"


class LookedAt(FileSystemStorage):
    """While an archive is put into it, somebody else looks at what can be locked."""

    def _save(self, name, content):
        with ThreadPoolExecutor(1) as others:
            self.locked = others.submit(self._lock).result()
        return super()._save(name, content)

    def _lock(self):
        try:
            with transaction.atomic():
                return [each.state for each in Export.objects.select_for_update(nowait=True)]
        finally:
            connection.close()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_an_archive_is_written(innovator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.LookedAt"}}
    actions.ask_export(innovator)
    assert actions.export_due() == 1
    assert default_storage.locked == ["writing"]
