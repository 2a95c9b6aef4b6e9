"""Role × URL: who gets what at every address of the portal, written down in access.txt and reviewed by hand.

Each row of the table is: address name, then the status for GET and for POST (empty form) per role. A status of 302
for a visitor is the way to the login page (marked `in`); `·` means the method is not allowed. An address that is not
in the table fails the test, and so does a row whose address is gone. To write the table anew, run
`REWRITE_ACCESS=1 pytest tests/test_access.py` and read the difference line by line.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import combinations
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, Registration, User
from announcements.models import Announcement
from awards.models import Call, Ceremony, Certificate, Issue
from catalogue.models import (
    FollowUp,
    FollowUpFile,
    FollowUpReport,
    Import,
    Innovation,
    Merge,
    Offer,
    OfferFile,
    Replication,
    ReplicationRequest,
    RequestFile,
    RequestMessage,
)
from competitions.models import Category, Competition, Group, ReasonTemplate, Round, Stage
from desk.models import Broadcast, Extract
from files.models import StoredFile
from files.storing import store
from helpdesk.models import CannedAnswer, FrequentQuestion, Ticket, TicketFile, TicketMessage, WritingLink
from judging.models import (
    Anchor,
    Assessment,
    AssignmentPlan,
    ChangeRequest,
    Claim,
    ClaimPhoto,
    Entry,
    FeedbackLetter,
    InterviewSlot,
    Juror,
    Panel,
    Scenario,
    Selection,
    SelectionEntry,
)
from notifications.models import Message
from objections.models import Evidence, FilingLink
from objections.models import Objection as PublicObjection
from proposals.actions import save_answer
from proposals.facts import gather
from proposals.models import (
    Batch,
    Comment,
    Correction,
    Document,
    Export,
    Objection,
    Proposal,
    Resemblance,
    Screening,
    ScreeningBatch,
    Submission,
    TeamMember,
)
from proposals.snapshot import digest, payload

TABLE = Path(__file__).with_name("access.txt")
PDF = BytesIO()
with pikepdf.new() as _pdf:
    _pdf.add_blank_page()
    _pdf.save(PDF)
ROLES = (
    "visitor", "innovator", "outsider", "agency_admin", "other_admin", "secretariat", "evaluator", "panelist",
)  # fmt: skip
# allauth's and the admin site's own addresses are tested by their makers; what must hold for them is tested apart.
FOREIGN = ("account_", "admin:")


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> list[str]:
    """The names of all addresses, with their namespace."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += addresses(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.append(f"{namespace}{pattern.name}")
    return sorted({name for name in found if not name.startswith(FOREIGN)})


@pytest.fixture
def cast(innovator, outsider, agency_admin, other_admin, secretariat, evaluator, panelist) -> dict[str, object]:
    return {
        "visitor": None, "innovator": innovator, "outsider": outsider, "agency_admin": agency_admin,
        "other_admin": other_admin, "secretariat": secretariat, "evaluator": evaluator, "panelist": panelist,
    }  # fmt: skip


def screened(draft: Proposal, file: StoredFile, clerk: User) -> tuple[Proposal, Proposal]:
    """Of the same agency: one that failed and was objected for, and one the agency is to correct."""
    found = []
    for number, verdict, status in ((2, "fail", "failed"), (3, "correct", "sent")):
        proposal = Proposal.objects.create(
            competition=draft.competition, group=draft.group, category=draft.category, agency=draft.agency,
            unit=draft.unit, lead=draft.lead, title=f"Terkirim {number}", status=status,
        )  # fmt: skip
        now = timezone.now()
        submission = Submission.objects.create(
            proposal=proposal, sequence=1, number=f"KIPP-2023-00000{number}", payload={}, sha256="0" * 64, sent_at=now,
            sent_by=draft.lead,
        )  # fmt: skip
        decided = Screening.objects.create(
            submission=submission, verdict=verdict, note="Kurang.", decided_by=clerk, decided_at=now, released_at=now
        )
        if verdict == "fail":
            Objection.objects.create(
                screening=decided, text="Cukup.", attachment=file, filed_at=now, filed_by=draft.lead
            )
        else:
            Correction.objects.create(screening=decided, ends_at=now + timedelta(days=5))
        found.append(proposal)
    return found[0], found[1]


def copied(draft: Proposal) -> tuple[Proposal, Proposal]:
    """One of an earlier year, and this year's draft that was begun with it."""
    earlier = Competition.objects.create(code="2021", year=2021, name="KIPP 2021")
    group = Group.objects.create(competition=earlier, key="umum", name="Umum", order=1)
    category = Category.objects.create(competition=earlier, key="kesehatan", name="Kesehatan", order=1)
    same = {"agency": draft.agency, "unit": draft.unit, "lead": draft.lead}
    former = Proposal.objects.create(
        competition=earlier, group=group, category=category, title="Dulu", status="passed", **same
    )
    begun = Proposal.objects.create(
        competition=draft.competition, group=draft.group, category=draft.category, title="Kini", copied_from=former,
        **same,
    )  # fmt: skip
    return former, begun


@pytest.fixture
def places(
    draft, year, group, agency, other_agency, unit, cast, secretariat, evaluator
) -> dict[str, dict[str, object]]:
    """What to put into each address: objects of the cast's agency, in mid-submission."""
    file = store(SimpleUploadedFile("surat.pdf", PDF.getvalue()), kinds=["pdf"], by=None, max_mb=1)
    requirement = group.documents.get()
    Document.objects.create(proposal=draft, requirement=requirement, file=file, attached_by=draft.lead)
    save_answer(draft, group.aspects.get(key="kebaruan").questions.get(), text="Teks.", base_version=0, by=draft.lead)
    sent = Proposal.objects.create(
        competition=year, group=group, category=draft.category, agency=agency, unit=unit, lead=draft.lead,
        title="Sudah Terkirim", status=Proposal.Status.SENT,
    )  # fmt: skip
    now = timezone.now()
    content = payload(gather(sent), number="KIPP-2023-000001", sent_at=now)
    submission = Submission.objects.create(
        proposal=sent, sequence=1, number="KIPP-2023-000001", payload=content, sha256=digest(content), sent_at=now,
        sent_by=draft.lead,
    )  # fmt: skip
    Screening.objects.create(submission=submission)
    likeness = Resemblance.objects.create(
        submission=submission, innovation=Innovation.objects.create(title="Terkirim"), kind="title", score=80
    )
    export = Export.objects.create(
        person=draft.lead, state="ready", path=file.path, size=1, ready_at=now, expires_at=now + timedelta(days=7)
    )
    extract = Extract.objects.create(
        table="agencies", format="csv", asked_by=secretariat, state="ready", path=file.path, size=1, ready_at=now,
        expires_at=now + timedelta(days=7),
    )  # fmt: skip
    former, begun = copied(draft)
    failed, mending = screened(draft, file, secretariat)
    reason = ReasonTemplate.objects.create(competition=year, title="Contoh", text="Contoh.")
    screening_batch = ScreeningBatch.objects.create(competition=year, made_by=secretariat, count=0)
    registration = Registration.objects.create(agency=other_agency, user=draft.lead, letter_number="1/ORG", letter=file)
    membership = Membership.objects.get(user=draft.lead)
    invitation = Invitation.objects.create(
        agency=agency, email="baru@example.go.id", invited_by=cast["agency_admin"],
        expires_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    desk = group.rounds.get(key="desk")
    juror = Juror.objects.get(user=evaluator)
    entry = Entry.objects.create(round=desk, proposal=sent)
    Anchor.objects.create(entry=entry, chosen_by=secretariat)
    sheet = Assessment.objects.create(entry=entry, juror=juror, place=1)
    planned = Entry.objects.create(round=desk, proposal=draft)
    panel = Panel.objects.create(round=desk, name="Panel 1")
    soon = now + timedelta(days=3)
    slot = InterviewSlot.objects.create(
        entry=entry, panel=panel, starts_at=soon, planned_at=soon, ends_at=soon + timedelta(minutes=20),
        published_at=now, confirm_by=soon - timedelta(days=1),
    )  # fmt: skip
    visiting = Round.objects.create(
        group=group, key="verifikasi", name="Verifikasi", order=9, stage=desk.stage, assessors="evaluator",
        result="pass_fail", supports="desk", advance=0,
    )  # fmt: skip
    visited = Entry.objects.create(round=visiting, proposal=sent)
    Assessment.objects.create(entry=visited, juror=juror, place=2)
    claim = Claim.objects.create(entry=visited, text="Jarak menjadi dekat.")
    photo = ClaimPhoto.objects.create(claim=claim, file=file, added_by=secretariat)
    at_visit = {"code": year.code, "group": group.key, "key": visiting.key, "proposal": sent.code}
    asked = ChangeRequest.objects.create(slot=slot, reason="Dinas luar", asked_by=cast["agency_admin"])
    plan = AssignmentPlan.objects.create(
        round=desk, state="proposed", rows=[[planned.pk, juror.pk, None]], made_by=secretariat
    )
    selection = Selection.objects.create(
        round=group.rounds.get(key="panel"), name="Finalis", minutes_number="1", minutes="–", input_sha256="0" * 64,
        frozen_by=secretariat,
    )  # fmt: skip
    winners = Selection.objects.create(
        round=group.rounds.get(key="interview"), name="Pemenang", minutes_number="2", minutes="–",
        input_sha256="0" * 64, frozen_by=secretariat,
    )  # fmt: skip
    scenario = Scenario.objects.create(round=desk, name="Contoh", options={"weights": {}}, made_by=secretariat)
    letter = FeedbackLetter.objects.create(
        entry=entry, pieces={"aspects": [], "best": "", "room": "", "similar": [], "age": None, "history": [],
                             "compared": 1}, drafted_by=secretariat, state="sent", sent_at=now, approved_at=now,
    )  # fmt: skip
    announcement = Announcement.objects.create(
        competition=year, kind="news", number="1", title="Kabar", body="Isi", publish_at=timezone.now(), letter=file
    )
    SelectionEntry.objects.create(selection=selection, proposal=sent, rank=1, total=90, is_selected=True)
    announcement.selections.add(selection)  # so its proposal is a finalist one may object to
    period = Stage.objects.create(
        competition=year, key="objection", kind="objection", name="Uji publik", order=9,
        starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1),
    )  # fmt: skip
    objection = PublicObjection.objects.create(
        number="SGH-2023-00001", proposal=sent, stage=period, email="warga@example.id", name="Warga", text="Tidak.",
        filed_at=now, finding="Dicek.", referred_at=now,
    )  # fmt: skip
    Evidence.objects.create(objection=objection, file=file, place=1)
    filing = FilingLink.objects.create(
        email="warga@example.id", proposal=sent, stage=period, asked_at=now, expires_at=now + timedelta(days=1),
        visitor="x",
    )  # fmt: skip
    unpublished = Announcement.objects.create(competition=year, kind="news", number="2", title="Rahasia", body="Isi")
    innovation = Innovation.objects.create(title="Pemenang Lama", agency=agency, agency_name=agency.name)
    other_innovation = Innovation.objects.create(title="Nama Lama", agency_name="Lama", merged_into=innovation)
    merged = Merge.objects.create(
        kept=innovation, other=other_innovation, made_by=secretariat, added={"awards": [], "titles": []}
    )
    spreadsheet = Import.objects.create(name="pemenang.csv", made_by=secretariat)
    replication = Replication.objects.create(
        source=innovation, agency=cast["other_admin"].administered_agencies.get(), kind="replicate", since=now.date(),
        evidence=file, declared_by=cast["other_admin"],
    )  # fmt: skip
    requested = ReplicationRequest.objects.create(source=innovation, agency=replication.agency)
    enclosed = RequestFile.objects.create(
        message=RequestMessage.objects.create(request=requested, from_source=False, author=cast["other_admin"]),
        file=file,
    )
    offer = Offer.objects.create(innovation=innovation, offered_by=cast["agency_admin"])
    offered = OfferFile.objects.create(offer=offer, file=file)
    follow_up = FollowUp.objects.create(
        year=2023, first_year=2014, last_year=2022, closes_at=now + timedelta(days=9), opened_by=secretariat
    )
    report = FollowUpReport.objects.create(follow_up=follow_up, innovation=innovation)
    proof = FollowUpFile.objects.create(report=report, file=file)
    message = Message.objects.create(
        key="x", kind="x", recipient=draft.lead, address=draft.lead.email, subject="Kabar", body="Isi"
    )
    member = TeamMember.objects.create(
        proposal=draft, user=cast["outsider"], email=cast["outsider"].email, added_by=draft.lead
    )
    question = group.aspects.get(key="kebaruan").questions.get()
    remark = Comment.objects.create(proposal=draft, question=question, text="Perjelas.", made_by=cast["agency_admin"])
    batch = Batch.objects.create(
        key=uuid4(), competition=year, made_by=cast["agency_admin"], made_at=timezone.now(), codes=[]
    )
    issue = Issue.objects.create(
        selection=winners, place="Jakarta", day=now.date(), signer_name="–", signer_office="–", asked_by=secretariat
    )
    certificate = Certificate.objects.create(
        issue=issue, kind="innovation", competition=year, serial=1, number="PIAGAM-1", subject="x", name="Piagam",
        facts={"award": "Top"}, agency=agency, proposal=draft, file=file, sha256="1" * 64, issued_by=secretariat,
    )  # fmt: skip
    ceremony = Ceremony.objects.create(
        competition=year, name="Malam Penghargaan", venue="Jakarta", starts_at=soon, made_by=secretariat
    )
    call = Call.objects.create(ceremony=ceremony, place=1, proposal=draft, award="Top")
    return {
        # by "namespace:address" where it differs, else by "namespace:"
        "accounts:": {"code": registration.code, "token": invitation.token},
        **{key: {"code": agency.code} for key in ["accounts:invite", "accounts:units", "accounts:admin_role"]},
        **{key: {"code": unit.code} for key in ["accounts:unit", "accounts:close_unit", "accounts:reopen_unit"]},
        "accounts:end_membership": {"code": membership.code},
        **{key: {"code": invitation.code} for key in ["accounts:resend_invitation", "accounts:revoke_invitation"]},
        "competitions:": {"code": year.code, "key": "submission"},
        "competitions:invited": {"code": year.code, "key": group.key},
        "catalogue:": {"code": innovation.code},
        "catalogue:part": {"code": merged.code},
        **{key: {"code": spreadsheet.code} for key in addresses() if key.startswith("catalogue:import")},
        **{key: {"code": replication.code} for key in addresses() if key.startswith("catalogue:replication")},
        "catalogue:request": {"code": requested.code},
        **{key: {"year": follow_up.year} for key in ["catalogue:follow_up", "catalogue:follow_up_figures"]},
        "catalogue:request_file": {"code": enclosed.code},
        "catalogue:report": {"code": report.code},
        "catalogue:report_file": {"code": proof.code},
        "catalogue:offer_file": {"code": offered.code},
        "proposals:": {"code": draft.code, "key": "kebaruan", "name": "submit", "field": "past_innovation"},
        "proposals:earlier": {"year": year.code},
        "proposals:copy": {"year": year.code, "code": former.code},
        "proposals:carried": {"code": begun.code},
        "proposals:version": {"code": draft.code, "key": "kebaruan", "question": "isi", "which": "1"},
        "proposals:team_end": {"code": draft.code, "member": member.code},
        "proposals:resolve_comment": {"code": draft.code, "comment": remark.code},
        "proposals:batch": {"key": batch.key},
        "proposals:document": {"code": draft.code, "key": requirement.key},
        **{
            key: {"code": sent.code}
            for key in [name for name in addresses() if "screening_" in name or "receipt" in name]
        },
        "proposals:screening_resemblance": {"code": sent.code, "pk": likeness.pk},
        "proposals:export_file": {"code": export.code},
        "desk:table_file": {"code": extract.code},
        "judging:": {
            "code": year.code,
            "group": group.key,
            "key": desk.key,
            "juror": juror.code,
            "token": "x",
            "proposal": sent.code,
        },
        **{
            key: {"code": sent.code, "sequence": 1}
            for key in ["proposals:receipt_of", "proposals:receipt_pdf_of", "proposals:submissions"]
        },
        **{
            key: {"code": sheet.code}
            for key in [f"judging:{name}" for name in ("assessment", "recuse", "return", "drop", "team", "revise")]
        },
        **{
            name: {"code": slot.code, "number": asked.pk}
            for name in addresses()
            if name.startswith("judging:interview")
        },
        "judging:verification": {key: value for key, value in at_visit.items() if key != "proposal"},
        **dict.fromkeys(["judging:visit", "judging:visit_report", "judging:claims"], at_visit),
        "judging:claim_deed": at_visit | {"claim": claim.code},
        "judging:claim_photo": at_visit | {"pk": photo.pk},
        **{key: {"panel": panel.code} for key in ["judging:panel", "judging:panel_remove", "judging:panel_late"]},
        **{key: {"code": plan.code} for key in ["judging:plan", "judging:plan_deploy", "judging:plan_compare"]},
        **{f"judging:feedback_{key}": {"code": letter.code} for key in ("letter", "file", "edit")},
        "judging:plan_edit": {"code": plan.code, "juror": juror.code, "proposal": draft.code},
        **{
            key: {"code": failed.code}
            for key in ["proposals:objection", "proposals:objection_file", "proposals:screening_objection"]
        },
        "proposals:correction": {"code": mending.code},
        "proposals:screening_reason": {"code": reason.code},
        "proposals:screening_undo_batch": {"code": screening_batch.code},
        "proposals:screening_figures_csv": {"key": "checks"},
        "judging:disqualify": {"proposal": sent.code},
        "judging:scenario": {"code": scenario.code},
        "judging:document": {"code": sheet.code, "key": requirement.key},
        **{key: {"code": selection.code} for key in ["judging:selection", "judging:minutes_pdf", "judging:correction"]},
        "announcements:": {"code": unpublished.code},
        "announcements:announcement": {"code": announcement.code},
        "announcements:announcement_pdf": {"code": announcement.code},
        "announcements:version": {"code": announcement.code},
        "announcements:letter": {"code": announcement.code},
        "objections:": {"code": objection.code, "token": objection.token, "place": 1},
        "objections:new": {"code": sent.code},
        "objections:file": {"token": filing.token},
        "announcements:extend": {"code": year.code, "key": "submission"},
        "awards:": {"code": certificate.code, "year": year.code},
        **{key: {"code": ceremony.code} for key in ["awards:ceremony", "awards:renew", "awards:spreadsheet"]},
        "awards:call": {"code": call.code},
        **{key: {"code": winners.code} for key in ["awards:list", "awards:archive"]},
        **at_helpdesk(file),
        "desk:": {"code": Broadcast.objects.create(competition=year, audience="admins", created_by=secretariat).code},
        "yearbook:": {"key": "types"},
        "opendata:": {"code": announcement.code, "key": "types", "rest": "x"},
        "opendata:year": {"code": year.code},
        "opendata:agency": {"code": agency.code},
        "opendata:innovation": {"code": innovation.code},
        "notifications:": {"pk": message.pk},
    }


def at_helpdesk(file: StoredFile) -> dict[str, dict[str, object]]:
    """A question, a canned answer, and a ticket with a file, of somebody without an account."""
    now = timezone.now()
    question = FrequentQuestion.objects.create(subject="other", question="Apa?", answer="Ini.")
    canned = CannedAnswer.objects.create(subject="other", title="Salam", text="Terima kasih.")
    ticket = Ticket.objects.create(
        subject="other", title="Tanya", email="warga@example.id", name="Warga", opened_at=now, waiting_since=now
    )
    said = TicketMessage.objects.create(ticket=ticket, kind="question", text="Apa?", written_at=now)
    sent = TicketFile.objects.create(message=said, file=file)
    link = WritingLink.objects.create(email="warga@example.id", asked_at=now, expires_at=now + timedelta(days=1))
    return {
        "helpdesk:": {"code": ticket.code, "token": ticket.token, "file": sent.code},
        "helpdesk:track_file": {"code": sent.code, "token": ticket.token},
        "helpdesk:write": {"token": link.token},
        "helpdesk:model_letter": {"key": "surat-replikasi"},
        "helpdesk:question": {"code": question.code},
        "helpdesk:canned": {"code": canned.code},
    }


def place(name: str, places: dict[str, dict[str, object]]) -> str:
    """The address with this name, filled from `places` with the parts it asks for."""
    values = places.get(name) or places.get(name.split(":")[0] + ":", {})
    for kwargs in ({}, *({key: values[key] for key in keys} for keys in _subsets(values))):
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name}: say in `places` what stands in its address")


def _subsets(values: dict[str, object]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(values) + 1):
        yield from combinations(values, size)


def answer(client: Client, method: str, url: str) -> str:
    """The status of one request, undone afterwards; `in` is the way to the login page, `·` a method not allowed."""
    client.raise_request_exception = False
    with transaction.atomic():
        response = client.generic(method, url)
        transaction.set_rollback(True)
    if response.streaming:
        response.getvalue()  # a download holds its file open until it was read
    if response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL)):
        return "in"
    return "·" if response.status_code == 405 else str(response.status_code)


def table(places, cast, as_user) -> list[str]:
    head = f"{'address':32}" + "".join(f"{role:>13}" for role in ROLES)
    rows = [head]
    clients = {role: as_user(cast[role]) for role in ROLES}
    for name in addresses():
        url = place(name, places)
        cells = [f"{answer(clients[role], 'GET', url)}/{answer(clients[role], 'POST', url)}" for role in ROLES]
        rows.append(f"{name:32}" + "".join(f"{cell:>13}" for cell in cells))
    return rows


def test_everybody_gets_exactly_what_the_table_says(places, cast, as_user, settings):
    settings.DEMO = False
    found = table(places, cast, as_user)
    if os.environ.get("REWRITE_ACCESS"):
        TABLE.write_text("\n".join(found) + "\n")
    assert found == TABLE.read_text().splitlines()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "secretariat"])
def test_nobody_but_the_admin_site_s_own_people_may_enter_it(role, cast, as_user):
    assert as_user(cast[role]).get("/admin/").status_code == 302


def test_nobody_can_sign_up_by_themselves(as_user):
    response = as_user(None).post(reverse("account_signup"), {"email": "x@example.go.id", "password1": "a" * 20})
    assert response.status_code in (200, 302, 403, 404)
    assert not User.objects.filter(email="x@example.go.id").exists()
