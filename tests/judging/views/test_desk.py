"""The juror's pages."""

import re
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from files.models import StoredFile
from judging.models import Assessment, Entry
from proposals.models import Document


def url(sheet: Assessment, name: str = "assessment") -> str:
    return reverse(f"judging:{name}", args=[sheet.code])


def typed(sheet: Assessment, kebaruan="80", dampak="70", **more) -> dict[str, str]:
    return {"version": str(sheet.version), "score-kebaruan": kebaruan, "score-dampak": dampak, "deed": "draft"} | more


@pytest.fixture
def juror(as_user, sheet):
    return as_user(sheet.juror.user)


def test_a_sheet_is_saved_and_then_made_final(juror, sheet):
    assert juror.post(url(sheet), typed(sheet, **{"comment-dampak": "Jelas"})).url == url(sheet)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.scores.get(criterion__key="dampak").comment) == ("draft", "Jelas")
    page = juror.get(url(sheet)).content.decode()
    assert 'value="80"' in page
    assert "76,00" in page
    assert juror.post(url(sheet), typed(sheet, deed="final")).url == reverse("judging:desk")
    page = juror.get(url(sheet)).content.decode()
    assert "<form" not in page.split('id="rubric"')[1].split("</section>")[0]


def test_final_leads_to_the_next_open_sheet(juror, sheet, make_proposal):
    entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal("B"))
    following = Assessment.objects.create(entry=entry, juror=sheet.juror, place=2)
    assert juror.post(url(sheet), typed(sheet, deed="final")).url == url(following)
    assert juror.post(url(following), typed(following, deed="skip")).url == reverse("judging:desk")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("value", ["75,5", "75.5", " 75,50 "])
def test_a_comma_and_a_point_are_taken_alike_in_every_language(juror, sheet, value, language):
    User.objects.filter(pk=sheet.juror.user_id).update(language=language)
    juror.post(url(sheet), typed(sheet, kebaruan=value))
    assert sheet.scores.get(criterion__key="kebaruan").value == Decimal("75.5")
    assert f'value="{"75,5" if language == "id" else "75.5"}"' in juror.get(url(sheet)).content.decode()


@pytest.mark.parametrize("value", ["101", "-1", "delapan puluh", "1.000,5", "7,5,5"])
def test_a_score_outside_the_scale_comes_back_with_words_and_what_was_typed(juror, sheet, value):
    answer = juror.post(url(sheet), typed(sheet, kebaruan=value))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("Isi nilai dari 0 sampai 100.") == 2
    assert f'value="{value}"' in page
    assert not sheet.scores.exists()


def test_an_incomplete_sheet_is_not_final_and_keeps_what_was_typed(juror, sheet):
    answer = juror.post(url(sheet), typed(sheet, dampak="", deed="final"))
    assert answer.status_code == 422
    assert 'value="80"' in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.status == "assigned"


def test_the_second_of_two_tabs_sees_both_versions(juror, sheet):
    first, second = typed(sheet), typed(sheet, kebaruan="10")
    juror.post(url(sheet), first)
    answer = juror.post(url(sheet), second)
    assert answer.status_code == 409
    page = answer.content.decode()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    assert "Lembar ini:" not in page
    assert {"80", "10"} <= {cell.strip() for cell in cells}
    assert sheet.scores.get(criterion__key="kebaruan").value == 80
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    juror.post(url(sheet), second | {"version": version})
    assert sheet.scores.get(criterion__key="kebaruan").value == 10


def test_after_the_end_the_sheet_says_why_it_is_read_only(juror, sheet, move_calendar):
    move_calendar(-30)
    page = juror.get(url(sheet)).content.decode()
    assert "Masa penilaian telah berakhir" in page
    assert juror.post(url(sheet), typed(sheet)).status_code == 422


def test_other_jurors_are_never_named(juror, sheet, score, make_juror):
    other = Assessment.objects.create(entry=sheet.entry, juror=make_juror("pak-rahasia"), place=1)
    score(other, 11, 13)
    score(sheet, 80, 70)
    for address in (url(sheet), reverse("judging:desk"), url(sheet, "recuse")):
        assert "Rahasia" not in juror.get(address).content.decode()
    assert juror.get(url(other)).status_code == 404
    assert juror.post(url(other), typed(other)).status_code == 404


def test_a_conflict_takes_the_proposal_away(juror, sheet):
    assert juror.post(url(sheet, "recuse"), {"reason": ""}).status_code == 422
    assert juror.post(url(sheet, "recuse"), {"reason": "Kerabat"}).url == reverse("judging:desk")
    answer = juror.get(url(sheet), follow=True)
    assert answer.redirect_chain == [(reverse("judging:desk"), 302)]
    assert "tidak lagi ada di tumpukan Anda" in answer.content.decode()
    assert juror.post(url(sheet), typed(sheet)).status_code == 404


def test_ties_are_declared_and_taken_back(juror, sheet, agency):
    page = reverse("judging:conflicts", args=["2023"])
    assert juror.post(page, {"reason": "x"}).status_code == 422
    assert juror.post(page, {"reason": "x", "proposal": "XXXXXXXX"}).status_code == 422
    assert juror.post(page, {"reason": "Konsultan", "agency": agency.code}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.status == "recused"
    text = juror.get(page).content.decode()
    assert "Konsultan" in text
    assert text.index("dapat diberikan lagi") < text.index(f'value="agency:{agency.code}"')
    assert juror.post(page, {"remove": f"agency:{agency.code}"}).status_code == 302
    assert not sheet.juror.conflicts.exists()


def test_a_juror_cannot_learn_of_a_draft_by_its_code(as_user, evaluator, desk_round, make_proposal):
    draft = make_proposal("Belum dikirim", status="draft")
    page = reverse("judging:conflicts", args=["2023"])
    answer = as_user(evaluator).post(page, {"proposal": draft.code, "reason": "x"})
    assert answer.status_code == 422
    assert draft.title not in answer.content.decode()


def test_a_final_sheet_leads_to_the_revision_where_the_team_discusses(juror, sheet, score, move_calendar):
    sheet.entry.round.discussion = True
    sheet.entry.round.save()
    score(sheet, 80, 70)
    assert "Anda dapat merevisi nilai Anda melalui “Nilai tim”" in juror.get(url(sheet)).content.decode()
    sheet.entry.round.discussion = False
    sheet.entry.round.save()
    assert "Nilai tim”" not in juror.get(url(sheet)).content.decode()


def test_a_refused_page_does_not_say_saved_beside_the_error(juror, sheet, score):
    score(sheet, 80, 70, final=False)
    assert "data-save-state>Tersimpan" in juror.get(url(sheet)).content.decode()
    state = juror.post(url(sheet), typed(sheet, kebaruan="101")).content.decode().split("data-save-state>")[1]
    assert state.startswith("Belum tersimpan")


def test_the_desk_shows_piles_and_the_next_step(juror, sheet):
    page = juror.get(reverse("judging:desk")).content.decode()
    assert url(sheet) in page
    assert "WIB" in page
    assert "WITA" in page


def test_the_desk_takes_the_same_queries_for_one_and_three_sheets(juror, sheet, make_proposal):
    counts = []
    for more in (0, 2):
        for number in range(more):
            entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal(f"B{number}"))
            Assessment.objects.create(entry=entry, juror=sheet.juror, place=number + 2)
        with CaptureQueriesContext(connection) as queries:
            juror.get(reverse("judging:desk"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_its_juror_downloads_a_sheet_s_documents(juror, sheet, as_user, panelist, innovator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    path = default_storage.save("surat.pdf", ContentFile(b"%PDF-1.7"))
    stored = StoredFile.objects.create(name="surat.pdf", media_type="application/pdf", size=8, sha256="0", path=path)
    requirement = sheet.entry.proposal.group.documents.get(key="surat")
    Document.objects.create(
        proposal=sheet.entry.proposal, requirement=requirement, file=stored, attached_by=innovator
    )  # fmt: skip
    address = reverse("judging:document", args=[sheet.code, "surat"])
    assert address in juror.get(url(sheet)).content.decode()
    assert b"".join(juror.get(address).streaming_content) == b"%PDF-1.7"
    assert as_user(panelist).get(address).status_code == 404
