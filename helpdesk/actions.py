"""What can happen at the help desk. Every deed, its record and its letters are one transaction."""

from django.db import transaction

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from helpdesk.models import FrequentQuestion


@transaction.atomic
def save_question(question: FrequentQuestion, *, by: User) -> FrequentQuestion:
    """Keeps a frequent question; a published one is on the help page at once."""
    as_secretariat(by)
    question.save()
    facts = {"question": question.question, "is_published": question.is_published}
    record("helpdesk.save_question", by=by, on=question, data=facts)
    return question
