"""Frequent questions: who reads what, in which language, found by which words, and kept by the secretariat."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import Event
from helpdesk import actions
from helpdesk.models import FrequentQuestion, Subject
from tests.announcements.test_views import queries_for

HELP = reverse("helpdesk:help")
FORM = {"subject": "technical", "order": "5", "question": "Apa?", "answer": "Begini.", "is_published": "on"}


def test_only_what_is_published_is_on_the_page_in_the_reader_s_language(as_user, questions):
    page = as_user(None).get(HELP).content.decode()
    assert "Bagaimana mengirim proposal?" in page
    assert "<strong>mengirimkan</strong>" in page
    assert "Rahasia dulu." not in page
    browser = as_user(None)
    browser.cookies["django_language"] = "en"
    page = browser.get(HELP).content.decode()
    assert "How is a proposal sent?" in page
    assert "mengirimkan" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [("kirim", 1), ("pengiriman", 1), ("bagaimana mengirimkan", 1), ("kirim balon", 1), ("sent", 1), ("rahasia", 0),
     ("balon", 0), ("'; DROP", 0), ("yang", 0), (" ", None), ("\u2028&|!", 0)],
)  # fmt: skip
def test_a_search_finds_words_in_whatever_form(as_user, questions, words, found):
    answer = as_user(None).get(HELP, {"q": words})
    assert (len(answer.context["found"]) if answer.context["query"] else None) == found


def test_what_names_it_in_the_question_comes_first(questions):
    FrequentQuestion.objects.create(
        subject="account", question="Siapa admin?", answer="Ia mengirim proposal kiriman proposal.", is_published=True
    )
    found = FrequentQuestion.objects.published().matching("kirim proposal")
    assert [each.question for each in found] == ["Bagaimana mengirim proposal?", "Siapa admin?"]


def test_an_answer_runs_no_script(as_user, questions, secretariat):
    questions[0].answer = "<script>alert(1)</script> [x](javascript:alert(1)) <b onclick=x>y</b>"
    actions.save_question(questions[0], by=secretariat)
    page = as_user(None).get(HELP).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<b onclick" not in page


def test_the_secretariat_writes_and_publishes(as_user, questions, secretariat):
    clerk = as_user(secretariat)
    where = reverse("helpdesk:new_question")
    assert clerk.post(where, FORM | {"question_en": "What?"}).status_code == 422
    answer = clerk.post(where, FORM | {"answer": ""})
    assert answer.status_code == 422
    assert 'value="Apa?"' in answer.content.decode()
    assert clerk.post(where, FORM).status_code == 302
    made = FrequentQuestion.objects.get(question="Apa?")
    assert clerk.get(reverse("helpdesk:question", args=[made.code])).status_code == 200
    assert clerk.post(reverse("helpdesk:question", args=[made.code]), FORM | {"is_published": ""}).status_code == 302
    made.refresh_from_db()
    assert not made.is_published
    assert Event.objects.filter(verb="helpdesk.save_question", actor_id=secretariat.pk).count() == 2


def test_nobody_else_writes(questions, agency_admin):
    with pytest.raises(PermissionDenied):
        actions.save_question(questions[0], by=agency_admin)


def test_the_page_asks_the_same_however_much_is_on_it(as_user, questions):
    few = queries_for(as_user(None), HELP)
    for number in range(5):
        FrequentQuestion.objects.create(subject="other", question=f"T{number}?", answer="J", is_published=True)
    assert queries_for(as_user(None), HELP) == few
    assert few <= 15


def test_a_new_portal_begins_with_questions_in_both_languages(db):
    FrequentQuestion.objects.all().delete()
    import_module("helpdesk.migrations.0002_first_questions").write(apps, None)
    rows = FrequentQuestion.objects.all()
    assert len(rows) > 10
    assert {each.subject for each in rows} <= set(Subject.values)
    assert all(each.question_en and each.is_published for each in rows)
