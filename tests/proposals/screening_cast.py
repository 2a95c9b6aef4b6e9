"""Sent proposals for the screening tests, written directly."""

import hashlib
from datetime import date, timedelta

from django.utils import timezone

from competitions.models import Question
from proposals.models import Answer, Proposal, Submission


def sent_proposal(year, agency, lead, *, number: int = 1, unit=None, title: str = "") -> Submission:
    """One proposal standing with the ministry; a higher number was sent later."""
    group = year.groups.get()
    proposal = Proposal.objects.create(
        competition=year, group=group, category=year.categories.first(), agency=agency, unit=unit, lead=lead,
        title=title or f"Inovasi {number:03}", started_on=date(2015, 1, 2), video_url="https://youtu.be/contoh",
        status=Proposal.Status.SENT,
    )  # fmt: skip
    question = Question.objects.get(aspect__group=group, aspect__key="kebaruan")
    Answer.objects.create(proposal=proposal, question=question, text=f"Isi nomor {number}.", words=3, saved_by=lead)
    payload = {"answers": [{"aspect": "kebaruan", "question": "isi", "text": f"Isi nomor {number}.", "words": 3}]}
    return Submission.objects.create(
        proposal=proposal, sequence=1, number=f"KIPP-2023-{number:05}", payload=payload,
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        sent_at=timezone.now() - timedelta(hours=5) + timedelta(seconds=number), sent_by=lead,
    )  # fmt: skip
