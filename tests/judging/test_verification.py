"""A verification: chosen, claimed, found, photographed, reported, and counted in the ranking it supports."""

from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from competitions.models import Round
from judging import actions
from judging.models import Assessment, Claim, ClaimPhoto, Entry, Selection
from judging.verification import claims
from tests.judging.interviewing import reload

ROUND = ("2023", "umum", "verifikasi")
JSON = {"HTTP_ACCEPT": "application/json"}


def picture() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, "JPEG", exif=b"Exif\x00\x00secret")
    return SimpleUploadedFile("lapangan.jpg", drawn.getvalue(), content_type="image/jpeg")


def at(name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=[*ROUND, *more])


def find(claim: Claim, finding: str, note: str = "", *, by, version: int = 1) -> Claim:
    return actions.record_finding(claim, finding=finding, note=note, version=version, by=by)


def test_the_first_claims_are_how_the_scored_answers_begin(claim, entry, panelist):
    assert list(Claim.objects.values_list("text", flat=True)) == [
        "Kalimat satu kebaruan. Kalimat dua.", "Kalimat satu dampak. Kalimat dua.",
    ]  # fmt: skip
    with pytest.raises(ValidationError):
        actions.draft_claims(entry, by=panelist)


def test_a_long_first_sentence_is_cut_at_a_word(claim):
    text = claims._beginning("kata " * 200)
    assert len(text) <= claims.LONGEST
    assert text.endswith("kata…")


def test_a_finding_saved_from_an_old_page_overwrites_nothing(claim, panelist, evaluator):
    find(claim, "confirmed", by=panelist)
    with pytest.raises(ValidationError) as refused:
        find(claim, "not", "Lain", by=evaluator)
    assert refused.value.code == "stale"
    assert (reload(claim).finding, reload(claim).version) == ("confirmed", 2)
    assert find(claim, "confirmed", by=evaluator).version == 2  # the same words: sent again after a lost answer


def test_a_doubt_says_why(claim, panelist):
    with pytest.raises(ValidationError):
        find(claim, "partly", " ", by=panelist)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(finding="not", note="")


def test_only_the_team_and_the_secretariat_write(claim, entry, secretariat, agency_admin, make_juror):
    stranger = make_juror("lain", kind="panelist").user
    for person in (agency_admin, stranger):
        with pytest.raises(PermissionDenied):
            find(claim, "confirmed", by=person)
        with pytest.raises(PermissionDenied):
            actions.add_photo(claim, upload=picture(), by=person)
    assert find(claim, "confirmed", by=secretariat).found_by == secretariat


def test_after_the_plenary_nothing_is_found_any_more(claim, panelist, secretariat):
    Selection.objects.create(
        round=Round.objects.get(key="interview"), name="x", minutes_number="1", minutes="x", input_sha256="0",
        frozen_by=secretariat,
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        find(claim, "confirmed", by=panelist)
    assert refused.value.code == "frozen"


def test_a_photograph_is_drawn_again_and_kept_once(claim, panelist):
    photo = actions.add_photo(claim, upload=picture(), by=panelist)
    assert actions.add_photo(claim, upload=picture(), by=panelist) == photo
    with pytest.raises(ValidationError):
        actions.add_photo(claim, upload=SimpleUploadedFile("x.jpg", b"bukan gambar"), by=panelist)
    with pytest.raises(ValidationError):
        actions.remove_claim(claim, by=panelist)
    actions.remove_photo(photo, by=panelist)
    assert not ClaimPhoto.objects.exists()


@pytest.mark.parametrize(
    ("marks", "finding", "result"),
    [
        ([], "", "open"), ([1], "", "open"), ([1, 1], "confirmed", "passed"), ([1, 1], "partly", "notes"),
        ([1, 0], "confirmed", "failed"),
    ],
)  # fmt: skip
def test_the_sheets_decide_and_the_claims_are_the_notes(marks, finding, result, claim, entry, secretariat):
    for sheet, mark in zip(Assessment.objects.order_by("pk"), marks, strict=False):
        actions.save_assessment(sheet, scores={"sesuai": Decimal(mark)}, by=sheet.juror.user, final=True)
    if finding:
        find(claim, finding, "Catatan", by=secretariat)
    entries = claims.entries_visible_to(secretariat, entry.round)
    assert [row.result for row in claims.verified(entry.round, entries)] == [result]


# --- Pages ---------------------------------------------------------------------------------------------------------
def test_the_secretariat_chooses_a_subset(as_user, secretariat, verifying):
    office = as_user(secretariat)
    assert "Jemput Bola" in office.get(at("verification")).content.decode()
    code = Entry.objects.get(proposal__title="Jemput Bola").proposal.code
    assert office.post(at("verification")).status_code == 422
    assert office.post(at("verification"), {"proposal": [code]}).status_code == 302
    assert list(Entry.objects.filter(round=verifying).values_list("proposal__code", flat=True)) == [code]
    assert "Tetapkan tim" in office.get(at("verification")).content.decode()


def test_a_team_fills_its_form_without_scripts(as_user, entry, panelist, secretariat):
    client, code = as_user(panelist), entry.proposal.code
    assert client.post(at("claims", code), {"deed": "draft"}).status_code == 302
    first = Claim.objects.first()
    values = {"claim": first.code, "finding": "partly", "note": "", "version": "1"}
    wrong = client.post(at("visit", code), values)
    assert wrong.status_code == 422
    assert client.post(at("visit", code), values | {"note": "Hanya dua desa"}).status_code == 302
    assert "Hanya dua desa" in client.get(at("visit", code)).content.decode()
    assert client.post(at("claims", code), {"text": "Klaim tambahan"}).status_code == 302
    extra = Claim.objects.get(text="Klaim tambahan")
    client.post(at("claim_deed", code, extra.code), {"photo": picture()})
    photo = ClaimPhoto.objects.get()
    shown = client.get(at("claim_photo", code, photo.pk))
    assert b"secret" not in b"".join(shown.streaming_content)
    client.post(at("claim_deed", code, extra.code), {"remove_photo": photo.pk})
    client.post(at("claim_deed", code, extra.code), {"deed": "remove"})
    assert not Claim.objects.filter(pk=extra.pk).exists()


def test_a_finding_comes_by_script_with_its_version(as_user, claim, panelist, evaluator):
    url, values = (
        at("visit", claim.entry.proposal.code),
        {"claim": claim.code, "finding": "confirmed", "note": "", "version": "1"},
    )
    client = as_user(panelist)
    assert client.post(url, values, **JSON).json()["version"] == 2
    find(claim, "not", "Tidak ada", by=evaluator, version=2)
    clash = client.post(url, values | {"version": "2"}, **JSON)
    assert (clash.status_code, clash.json()["note"], clash.json()["version"]) == (409, "Tidak ada", 3)
    assert client.post(url, values | {"finding": "partly"}, **JSON).status_code == 422


def test_nobody_else_sees_a_verification(as_user, claim, agency_admin, innovator, outsider, make_juror):
    stranger = make_juror("lain", kind="panelist").user
    code = claim.entry.proposal.code
    for person in (agency_admin, innovator, outsider, stranger):
        client = as_user(person)
        assert client.get(at("visit", code)).status_code == 404
        assert client.get(at("visit_report", code)).status_code == 404
        assert client.get(at("verification")).status_code == 403


def test_the_report_names_team_findings_and_result(as_user, claim, panelist, secretariat):
    find(claim, "not", "Tidak ditemukan di lapangan", by=panelist)
    answer = as_user(secretariat).get(at("visit_report", claim.entry.proposal.code))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) >= 1


def test_what_was_found_stands_beside_the_ranking_it_counts_in(as_user, claim, secretariat, panelist):
    find(claim, "partly", "Hanya dua desa", by=panelist)
    page = as_user(secretariat).get(reverse("judging:ranking", args=["2023", "umum", "interview"])).content.decode()
    assert "Hanya dua desa" in page
    assert "Belum selesai" in page


def test_the_list_asks_a_constant_number_of_questions(as_user, secretariat, claim, verifying):
    office = as_user(secretariat)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(at("verification")).status_code == 200
        return len(queries)

    before = count()
    other = Entry.objects.get(round__key="interview", proposal__title="Jemput Bola").proposal
    actions.open_round(verifying, proposals=[other.code], by=secretariat)
    assert count() <= before <= 15
