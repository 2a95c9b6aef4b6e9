"""Proposals sent with a text of their own, frozen as sending freezes them, written directly."""

from datetime import date, timedelta

from django.utils import timezone

from competitions.models import Question
from proposals.facts import gather
from proposals.models import Answer, Proposal, Submission
from proposals.snapshot import digest, payload
from proposals.words import count_words

OWN = " ".join(f"kata{number} lain{number * 7 % 90}" for number in range(120))
OTHER = " ".join(f"beda{number} asing{number * 7 % 90}" for number in range(120))


def sent_with(year, agency, lead, *, number: int, text: str, title: str, **fields: object) -> Submission:
    """One proposal standing with the ministry; a higher number was sent later."""
    group = year.groups.get()
    proposal = Proposal.objects.create(
        competition=year, group=group, category=year.categories.first(), agency=agency, lead=lead, title=title,
        started_on=date(2015, 1, 2), video_url="https://youtu.be/contoh", status=Proposal.Status.SENT, **fields,
    )  # fmt: skip
    question = Question.objects.get(aspect__group=group, aspect__key="kebaruan")
    Answer.objects.create(proposal=proposal, question=question, text=text, words=count_words(text), saved_by=lead)
    return freeze(proposal, number=number)


def freeze(proposal: Proposal, *, number: int = 1) -> Submission:
    """The proposal as it stands, sent."""
    Proposal.objects.filter(pk=proposal.pk).update(status=Proposal.Status.SENT)
    receipt, moment = f"KIPP-2023-{number:06}", timezone.now() - timedelta(hours=5) + timedelta(seconds=number)
    content = payload(gather(proposal), number=receipt, sent_at=moment)
    return Submission.objects.create(
        proposal=proposal, sequence=proposal.submissions.count() + 1, number=receipt, payload=content,
        sha256=digest(content), sent_at=moment, sent_by=proposal.lead,
    )  # fmt: skip
