"""A help desk with one question published and one still a draft."""

import pytest

from helpdesk.models import FrequentQuestion


@pytest.fixture
def questions(db) -> list[FrequentQuestion]:
    FrequentQuestion.objects.all().delete()  # what a new portal begins with
    return [
        FrequentQuestion.objects.create(
            subject="entering", question="Bagaimana mengirim proposal?", answer="Admin **mengirimkan** proposal.",
            question_en="How is a proposal sent?", answer_en="The admin sends it.", is_published=True,
        ),
        FrequentQuestion.objects.create(subject="judging", question="Kapan pengiriman hasil?", answer="Rahasia dulu."),
    ]  # fmt: skip
