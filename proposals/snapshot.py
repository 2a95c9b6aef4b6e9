"""The frozen proposal: one canonical JSON text and its SHA-256, so that anybody can check what was sent.

Canonical: UTF-8, keys sorted, no blanks, no escapes but those JSON demands; no floats, so that the database may
store and return the payload without changing its text.
"""

import hashlib
import json
from datetime import UTC, datetime

from proposals.facts import Facts
from proposals.models import Submission

FORMAT = 1


def payload(facts: Facts, *, number: str, sent_at: datetime) -> dict[str, object]:
    """Every stored field, answer and document digest of the proposal, with its receipt number and moment (UTC)."""
    proposal = facts.proposal
    return {
        "format": FORMAT,
        "number": number,
        "sent_at": sent_at.astimezone(UTC).isoformat(),
        "competition": proposal.competition.code,
        "proposal": proposal.code,
        "group": proposal.group.key,
        "category": proposal.category.key,
        "agency": {"code": proposal.agency.code, "name": proposal.agency.name},
        "unit": proposal.unit.name if proposal.unit else None,
        "lead": {"name": proposal.lead.name, "email": proposal.lead.email},
        "title": proposal.title,
        "started_on": proposal.started_on.isoformat() if proposal.started_on else None,
        "sdgs": sorted(proposal.sdgs),
        "video_url": proposal.video_url,
        "is_application": proposal.is_application,
        "past_innovation": proposal.past_innovation.code if proposal.past_innovation else None,
        "source_innovation": proposal.source_innovation.code if proposal.source_innovation else None,
        "answers": _answers(facts),
        "documents": _documents(facts),
    }


def _answers(facts: Facts) -> list[dict[str, object]]:
    return [
        {"aspect": aspect.key, "question": question.key, "text": answer.text if answer else "",
         "words": answer.words if answer else 0}
        for aspect, question in facts.questions
        for answer in [facts.answers.get(question.pk)]
    ]  # fmt: skip


def _documents(facts: Facts) -> list[dict[str, object]]:
    return [
        {"requirement": each.key, "name": held.file.name, "size": held.file.size, "sha256": held.file.sha256}
        for each in facts.requirements
        if (held := facts.documents.get(each.pk))
    ]


def canonical(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(content: dict[str, object]) -> str:
    """Hex SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(content)).hexdigest()


def is_intact(submission: Submission) -> bool:
    """Whether the stored payload still has the digest its receipt names."""
    return digest(submission.payload) == submission.sha256
