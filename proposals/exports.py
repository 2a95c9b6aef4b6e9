"""A person's own data as one ZIP of readable JSON and files, written piece by piece so that memory stays bounded.

It lives here and not in `accounts`, because what a person wrote is proposals, and `accounts` knows none. What jurors
score is an official record of the competition and no export of theirs.

Of a proposal the person may read now there is everything: details, answers, documents, the PDF. Of one they may no
longer read (they left the agency) only what they wrote themselves; what colleagues wrote stays with the agency.
"""

import json
from collections.abc import Iterator
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from files.models import StoredFile
from notifications.models import Message
from proposals import papers
from proposals.models import Answer, AnswerVersion, Document, Move, Proposal, SetAside

CHUNK = 64 * 1024
ROWS = 200  # of a query held at once


def write_zip(person: User, target: IO[bytes]) -> list[Proposal]:
    """Everything as files of one ZIP: about the person, their messages, and a folder for each proposal, named in
    the active language. Returns those proposals that are in it whole, with what colleagues wrote."""
    whole = []
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        _write_json(archive, _("person.json"), _person(person))
        messages = Message.objects.filter(recipient=person).order_by("created_at", "pk")
        _write_list(archive, _("messages.json"), (_message(each) for each in messages.iterator(ROWS)))
        readable = set(Proposal.objects.visible_to(person).values_list("pk", flat=True))
        for proposal in own_proposals(person).iterator(ROWS):
            is_whole = proposal.pk in readable
            _write_proposal(archive, proposal, person, whole=is_whole)
            if is_whole:
                whole.append(proposal)
    return whole


def own_proposals(person: User) -> QuerySet[Proposal]:
    """Those the person leads, wrote in, attached to or moved; oldest first."""
    wrote = Q(pk__in=Answer.objects.filter(saved_by=person).values("proposal"))
    wrote |= Q(pk__in=AnswerVersion.objects.filter(saved_by=person).values("answer__proposal"))
    wrote |= Q(pk__in=Document.objects.filter(attached_by=person).values("proposal"))
    moved = Q(pk__in=Move.objects.filter(made_by=person).exclude(name__startswith="release").values("proposal"))
    related = ("competition", "group", "category", "agency", "unit", "lead")
    return Proposal.objects.filter(Q(lead=person) | wrote | moved).select_related(*related).order_by("pk")


def _person(person: User) -> dict[str, object]:
    memberships = person.memberships.select_related("agency", "unit").order_by("started_at")
    return {
        "written_at": timezone.now(),
        "email": person.email,
        "name": person.name,
        "telephone": person.phone,
        "position": person.position,
        "time_zone": person.time_zone,
        "language": person.language,
        "joined_at": person.date_joined,
        "last_login_at": person.last_login,
        "agreed_to_use_of_data_at": person.consented_at,
        "memberships": [
            {
                "role": each.role, "agency": each.agency.name, "unit": each.unit.name if each.unit else None,
                "from": each.started_at, "until": each.ended_at, "ended_because": each.ended_because,
            }
            for each in memberships
        ],
        "registrations": [
            {
                "agency": each.agency.name, "letter_number": each.letter_number, "status": each.status,
                "reason": each.reason, "asked_at": each.created_at, "decided_at": each.decided_at,
            }
            for each in person.registrations.select_related("agency")
        ],
    }  # fmt: skip


def _message(message: Message) -> dict[str, object]:
    return {
        "subject": message.subject, "body": message.body, "written_at": message.created_at, "sent_at": message.sent_at,
        "read_at": message.read_at, "address": message.address,
    }  # fmt: skip


def _write_proposal(archive: ZipFile, proposal: Proposal, person: User, *, whole: bool) -> None:
    folder = _("proposals/%(code)s") % {"code": f"{proposal.competition.code}-{proposal.code}"}
    _write_json(archive, f"{folder}/proposal.json", _facts(proposal, person, whole=whole))
    versions = AnswerVersion.objects.filter(answer__proposal=proposal, saved_by=person)
    written = versions.select_related("answer__question__aspect").order_by("saved_at", "pk").iterator(ROWS)
    _write_list(archive, folder + _("/texts_you_wrote.json"), (_version(each) for each in written))
    kept = proposal.set_aside.filter(made_by=person).select_related("question__aspect").iterator(ROWS)
    _write_list(archive, folder + _("/texts_not_taken.json"), (_set_aside(each) for each in kept))
    if not whole:
        return
    for document in proposal.documents.select_related("file", "requirement"):
        name = f"{document.requirement.key}-{document.file.name}"
        _write_file(archive, folder + _("/documents/%(name)s") % {"name": name}, document.file)
    if submission := papers.standing(proposal):
        _write_file(archive, f"{folder}/{submission.number}.pdf", papers.sent_pdf(submission))
    else:
        archive.writestr(folder + _("/draft.pdf"), papers.draft_pdf(proposal))


def _facts(proposal: Proposal, person: User, *, whole: bool) -> dict[str, object]:
    moves = proposal.moves.all() if whole else proposal.moves.filter(made_by=person)
    facts: dict[str, object] = {
        "code": proposal.code, "competition": proposal.competition.name, "title": proposal.title,
        "agency": proposal.agency.name, "you_lead_it": proposal.lead_id == person.pk,
        "moves": [
            {"step": each.name, "to": each.target, "note": each.note, "at": each.made_at,
             "by_you": each.made_by_id == person.pk}
            for each in moves
        ],
    }  # fmt: skip
    if not whole:
        return facts | {"why_not_everything": _("You may no longer read this proposal; only what you did is here.")}
    answers = proposal.answers.select_related("question__aspect").order_by("question__aspect__order", "question__order")
    return facts | {
        "group": proposal.group.name, "category": proposal.category.name,
        "unit": proposal.unit.name if proposal.unit else None, "lead": proposal.lead.name, "status": proposal.status,
        "started_on": proposal.started_on, "sdgs": proposal.sdgs, "video_url": proposal.video_url,
        "is_application": proposal.is_application,
        "answers": [
            {"aspect": each.question.aspect.name, "question": each.question.label, "text": each.text,
             "words": each.words, "saved_at": each.saved_at}
            for each in answers
        ],
        "receipts": [
            {"number": each.number, "sent_at": each.sent_at, "sha256": each.sha256, "stands": each.stands}
            for each in proposal.submissions.defer("payload")
        ],
    }  # fmt: skip


def _version(version: AnswerVersion) -> dict[str, object]:
    question = version.answer.question
    return {
        "aspect": question.aspect.name, "question": question.label, "version": version.version, "text": version.text,
        "saved_at": version.saved_at,
    }  # fmt: skip


def _set_aside(row: SetAside) -> dict[str, object]:
    where = {"aspect": row.question.aspect.name, "question": row.question.label} if row.question else {}
    return where | {"text": row.text, "details": row.values, "reason": row.reason, "at": row.made_at}


def _json(content: object) -> str:
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _write_json(archive: ZipFile, name: str, content: dict[str, object]) -> None:
    archive.writestr(name, _json(content))


def _write_list(archive: ZipFile, name: str, rows: Iterator[dict[str, object]]) -> None:
    """A JSON array, one row at a time."""
    with archive.open(name, "w") as entry:
        entry.write(b"[")
        for number, row in enumerate(rows):
            entry.write(("," if number else "").encode() + b"\n" + _json(row).encode())
        entry.write(b"\n]\n")


def _write_file(archive: ZipFile, name: str, stored: StoredFile) -> None:
    """Already packed as PDFs are, it is stored as it is; a file that is gone leaves a note in its place."""
    if not default_storage.exists(stored.path):
        archive.writestr(name + _(".missing.txt"), f"{stored.name} {stored.sha256}\n")
        return
    info = ZipInfo(name, timezone.localtime().timetuple()[:6])
    info.compress_type = ZIP_STORED
    with default_storage.open(stored.path) as source, archive.open(info, "w", force_zip64=True) as entry:
        while chunk := source.read(CHUNK):
            entry.write(chunk)
