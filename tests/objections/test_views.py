"""Who reads what of an objection; filing through the pages; the constant number of queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions.models import Stage
from desk.tables import TABLES
from notifications.models import Message
from objections import actions
from objections.models import FilingLink, Objection
from objections.papers import without_author
from tests.announcements.test_published_files import paper
from tests.announcements.test_views import queries_for
from tests.objections.conftest import OWNER

IDENTITY = (OWNER, "Warga Peduli")


def test_a_visitor_confirms_the_address_and_files(as_user, finalist, secretariat):
    browser = as_user(None)
    page = browser.get(reverse("objections:objections")).content.decode()
    where = reverse("objections:new", args=[finalist.code])
    assert where in page
    assert "Sekolah Apung" not in page
    assert browser.post(where, {"email": "bukan surel"}).status_code == 422
    assert browser.post(where, {"email": OWNER}).status_code == 200
    form = Message.objects.get(address=OWNER).link
    assert browser.get(form).status_code == 200
    answer = browser.post(form, {"name": "Warga Peduli", "text": "", "is_true": "on"})
    assert answer.status_code == 422
    assert "Warga Peduli" in answer.content.decode()
    sent = {"name": "Warga Peduli", "text": "Alat tidak dipakai.", "is_true": "on", "uploads": [paper(), paper()]}
    answer = browser.post(form, sent)
    filed = Objection.objects.get()
    assert answer.url == filed.tracking_url
    tracked = as_user(None).get(filed.tracking_url)
    assert filed.number in tracked.content.decode()
    assert tracked["Referrer-Policy"] == "no-referrer"
    assert "no-store" in tracked["Cache-Control"]
    file = as_user(None).get(reverse("objections:track_evidence", args=[filed.token, 2]))
    assert file.getvalue().startswith(b"%PDF")


def test_somebody_signed_in_files_at_once_and_follows_it_signed_in(as_user, finalist, outsider, secretariat):
    where = reverse("objections:new", args=[finalist.code])
    answer = as_user(outsider).post(where, {"text": "Alat tidak dipakai.", "is_true": "on"})
    filed = Objection.objects.get()
    assert (filed.user, filed.email, filed.name) == (outsider, outsider.email, outsider.name)
    assert as_user(outsider).get(answer.url).status_code == 200
    assert as_user(None).get(answer.url).status_code == 404
    assert as_user(outsider).get(filed.get_absolute_url()).status_code == 404


def test_no_file_of_the_secretariat_tells_who_filed(year, finalist, asker, upheld):
    actions.ask_link(finalist, email=OWNER, visitor=asker)
    assert Message.objects.filter(address=OWNER).update(error=f"550 <{OWNER}>: no such user") == 3
    told = [str(row) for table in TABLES.values() for row in table.read(year, {}).rows]
    assert any("objections/mail/decided" in row for row in told)
    assert not [row for row in told for words in IDENTITY if words in row]


def test_a_link_ends(as_user, finalist, asker):
    link = actions.ask_link(finalist, email=OWNER, visitor=asker)
    FilingLink.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert as_user(None).get(reverse("objections:file", args=[link.token])).status_code == 410


def test_whoever_is_no_published_finalist_is_not_there(as_user, passed, finalist, drafted):
    browser = as_user(None)
    absent = browser.get(reverse("objections:new", args=["ABSENT"]))
    assert browser.get(reverse("objections:new", args=[passed[1].code])).status_code == absent.status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretariat", 200), ("agency_admin", 200), ("innovator", 200), ("panelist", 200), ("other_admin", 404),
     ("outsider", 404), ("evaluator", 404)],
)  # fmt: skip
def test_who_reads_it_and_only_the_secretariat_whose_it_is(request, as_user, finalist, name, status, secretariat):
    filed = actions.file_objection(
        finalist, email=OWNER, name="Warga Peduli", text="Alat tidak dipakai.", uploads=[paper()], by=None
    )
    person = request.getfixturevalue(name)
    request.getfixturevalue("second_panelist")
    request.getfixturevalue("panelist")
    actions.refer(filed, finding="Temuan sekretariat.", by=secretariat)
    browser = as_user(person)
    for where in (filed.get_absolute_url(), reverse("objections:evidence", args=[filed.code, 1])):
        answer = browser.get(where)
        assert answer.status_code == status
        content = b"".join(answer) if answer.streaming else answer.content
        if name != "secretariat":
            assert not [each for each in IDENTITY if each.encode() in content]
            assert "surat.pdf" not in str(answer.headers)
    page = browser.get(filed.get_absolute_url()).content.decode()
    assert ("Temuan sekretariat." in page) == (name in ("secretariat", "panelist"))
    assert (OWNER in page) == (name == "secretariat")
    listed = browser.get(reverse("objections:cases")).content.decode()
    assert (filed.number in listed) == (status == 200)


def test_a_panelist_reads_nothing_before_it_is_referred(as_user, filed, panelist):
    assert as_user(panelist).get(filed.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("deed", "may"),
    [("answer", {"agency_admin"}), ("assign", {"secretariat"}), ("refer", {"secretariat"}),
     ("propose", {"panelist"}), ("confirm", {"panelist"}), ("carry_out", {"secretariat"}), ("", set())],
)  # fmt: skip
@pytest.mark.parametrize("name", ["secretariat", "agency_admin", "innovator", "panelist"])
def test_a_deed_is_its_own_people_s(request, as_user, referred, deed, may, name):
    answer = as_user(request.getfixturevalue(name)).post(referred.get_absolute_url(), {"deed": deed})
    assert answer.status_code == (422 if name in may else 403)


def test_the_whole_way_through_the_pages(as_user, filed, agency_admin, secretariat, panelist, second_panelist):
    url = filed.get_absolute_url()
    assert as_user(agency_admin).post(url, {"deed": "answer", "text": "Alat dipakai."}).status_code == 302
    clerk = as_user(secretariat)
    assert clerk.post(url, {"deed": "assign", "handler": secretariat.pk}).status_code == 302
    assert clerk.post(url, {"deed": "refer", "finding": "Dicek."}).status_code == 302
    decision = {"deed": "propose", "outcome": "upheld", "reason": "Bukti kuat."}
    assert as_user(panelist).post(url, decision).status_code == 302
    other = as_user(second_panelist)
    expected = other.get(url).context["forms"]["confirm"]["expected"].value()
    assert other.post(url, {"deed": "confirm", "expected": expected}).status_code == 302
    filed.refresh_from_db()
    assert filed.state == "upheld"
    assert "Bukti kuat." in as_user(None).get(filed.tracking_url).content.decode()
    assert "Bukti kuat." in as_user(agency_admin).get(url).content.decode()
    answer = clerk.post(url, {"deed": "carry_out"})
    assert answer.url == reverse("judging:disqualify", args=[filed.proposal.code])
    counts = as_user(None).get(reverse("objections:objections")).context["counts"]
    assert counts == {"filed": 1, "running": 0, "upheld": 1, "dismissed": 0}


def test_the_public_page_tells_counts_and_no_words(as_user, filed):
    page = as_user(None).get(reverse("objections:objections")).content.decode()
    for text in (filed.text, filed.number, filed.code, *IDENTITY):
        assert text not in page


def test_a_pdf_loses_its_author_for_those_who_may_not_know(finalist):
    from io import BytesIO

    import pikepdf
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Author"] = "Warga Peduli"
        with pdf.open_metadata() as meta:
            meta["dc:creator"] = ["Warga Peduli"]
        pdf.save(content)
    filed = actions.file_objection(
        finalist, email=OWNER, name="W", text="x", uploads=[SimpleUploadedFile("a.pdf", content.getvalue())], by=None
    )
    with pikepdf.open(BytesIO(without_author(filed.evidence.get().file))) as pdf:
        assert "/Author" not in pdf.docinfo
        assert "/Metadata" not in pdf.Root


def test_lists_ask_the_same_number_of_queries_for_one_and_three(as_user, filed, secretariat, finalist, panelist):
    urls = [reverse("objections:cases"), reverse("objections:objections")]
    browser = as_user(secretariat)
    once = [queries_for(browser, url) for url in urls]
    for who in range(2):
        actions.file_objection(finalist, email=f"w{who}@contoh.id", name="W", text="x", by=None)
    assert [queries_for(browser, url) for url in urls] == once
    assert max(once) <= 15


def test_the_page_shows_the_period_that_is_open_else_the_next_else_the_last(as_user, stage):
    now = timezone.now()

    def shown(**begins: timedelta) -> Stage:
        for each, ahead in ((stage, begins["one"]), (other, begins["two"])):
            each.starts_at, each.ends_at = now + ahead, now + ahead + timedelta(days=3)
            each.save()
        return as_user(None).get(reverse("objections:objections")).context["period"].stage

    other = Stage.objects.create(
        competition=stage.competition, key="again", kind=Stage.Kind.OBJECTION, name="Lagi", order=10
    )
    days = [timedelta(days=number) for number in (-20, -10, -1, 5, 9)]
    assert shown(one=days[0], two=days[1]) == other
    assert shown(one=days[1], two=days[0]) == stage
    assert shown(one=days[1], two=days[2]) == other
    assert shown(one=days[2], two=days[3]) == stage
    assert shown(one=days[4], two=days[3]) == other
    assert shown(one=days[3], two=days[0]) == stage
