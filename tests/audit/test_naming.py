"""Whatever is recorded has words: each deed and each kind of object."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from audit.facts import FACTS
from audit.models import Event
from audit.naming import facts_of, kinds, name_objects, told, verbs
from audit.recording import record
from proposals.workflow import TRANSITIONS

# What is put together where it is recorded, by the module that does it.
MADE = {
    "announcements.actions": [f"announcements.{deed}" for deed in ("draft", "edit", "correct", "extend")],
    "judging.actions.interviews": [
        "judging.begin_interview", "judging.end_interview", "judging.note_absence", "judging.put_back_interview",
    ],
    "proposals.actions.team": [
        "proposals.team_leave", "proposals.team_remove", "proposals.team_accept_lead", "proposals.team_decline_lead",
    ],
    "proposals.actions.moving": [f"proposals.{step.name}" for step in TRANSITIONS.values()],
}  # fmt: skip


def recordings() -> Iterator[tuple[str, ast.expr, ast.Call]]:
    """The verb of each call of `record` in the portal's code, with its module, and the call."""
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.parent != settings.BASE_DIR:
            continue
        for path in folder.rglob("*.py"):
            module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and node.args:
                    called = [ast.unparse(each) for each in (node.func, *node.args[:1])]
                    if called[0] == "record":
                        yield module, node.args[0], node
                    elif called == ["partial", "record"]:
                        yield module, node.args[1], node


def written() -> tuple[set[str], set[str]]:
    """Verbs that stand in the code as they are, and the modules that make some up."""
    known, making = set(), set()
    for module, verb, _call in recordings():
        for each in [verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]:
            if isinstance(each, ast.Constant):
                known.add(str(each.value))
            else:
                making.add(module)
    return known, making


def test_every_deed_that_is_recorded_anywhere_has_words():
    known, making = written()
    assert making == set(MADE)
    recorded = known | {verb for made in MADE.values() for verb in made}
    assert sorted(recorded - set(verbs())) == []
    assert sorted(set(verbs()) - recorded) == []
    assert len(recorded) > 150


def fact_names() -> Iterator[str]:
    """The names of the facts that stand as a literal in a call of `record`."""
    for _module, _verb, call in recordings():
        for data in (each.value for each in call.keywords if each.arg == "data"):
            for node in (each for each in ast.walk(data) if isinstance(each, ast.Dict)):
                yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))


def test_every_fact_that_is_recorded_anywhere_has_words():
    names = set(fact_names())
    assert len(names) > 80
    assert sorted(names - set(FACTS)) == []


@pytest.mark.django_db
def test_a_fact_may_mean_something_of_its_own_in_an_app():
    data = {"source": "draft"}
    moved, declared = (facts_of(verb, "x.y", data)[0].name for verb in ("proposals.send", "catalogue.ask_source"))
    assert moved != declared


def test_the_words_are_indonesian():
    with translation.override("id"):
        told = {verb: str(words) for verb, words in verbs().items()}
    with translation.override("en"):
        assert [verb for verb, words in verbs().items() if str(words) == told[verb]] == []


@pytest.mark.django_db
@pytest.mark.parametrize("label", kinds())
def test_each_kind_of_object_is_read_by_fields_and_an_address_that_exist(label):
    model = apps.get_model(label)
    key = "UNKNOWN" if any(field.name == "code" for field in model._meta.fields) else None
    if key is None:
        key = "00000000-0000-0000-0000-000000000000" if model._meta.pk.get_internal_type() == "UUIDField" else "0"
    with translation.override("id"):
        named = name_objects([Event(object_type=label, object_key=key)])[label, key]
    assert named.kind == kinds()[label].name
    assert (named.title, named.url) == ("", "")


@pytest.mark.django_db
def test_objects_are_named_and_linked_where_known(agency, draft, year, secretariat):
    for each in (agency, draft, year):
        record("accounts.approve", by=secretariat, on=each, data={"reason": "x", "sha256": "a" * 64, "unheard": 1})
    with translation.override("id"):
        lines = told(list(Event.objects.order_by("pk")))
        assert [(str(line.object.kind), line.object.title, line.object.url) for line in lines] == [
            ("Instansi", agency.name, ""),
            ("Proposal", "", ""),  # not sent: it is the agency's own
            ("Tahun kompetisi", year.name, f"/years/{year.code}/manage/"),
        ]
        assert sorted((each.name, each.value, each.is_digest) for each in lines[0].facts) == [
            ("alasan", "x", False), ("sidik isi", "a" * 64, True), ("unheard", "1", False),
        ]  # fmt: skip
    draft.status = "sent"
    draft.save()
    assert told([lines[1].event])[0].object.url == f"/screening/{draft.code}/"


@pytest.mark.django_db
def test_a_fact_that_is_one_of_the_objects_choices_is_told_in_words(draft, innovator):
    record("proposals.submit", by=innovator, on=draft, data={"source": "draft", "target": "in_review"})
    with translation.override("id"):
        (line,) = told([Event.objects.get()])
        facts = [(each.name, str(each.value)) for each in line.facts]
    assert sorted(facts) == [("status sebelum", "Draf"), ("status sesudah", "Diperiksa admin instansi")]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["2023-99-99T10:00", "2023-05-06T10:00", "2023-05-06T25:00+07:00"])
def test_what_only_looks_like_a_moment_is_shown_as_it_was_typed(agency, typed):
    record("old.deed", by=None, on=agency, data={"title": typed})
    (line,) = told([Event.objects.get()])
    assert [each.value for each in line.facts] == [typed]


@pytest.mark.django_db
def test_what_nobody_named_keeps_its_name(agency):
    record("old.deed", by=None, on=agency)
    Event.objects.create(verb="old.deed", object_type="old.thing", object_key="1")
    lines = told(list(Event.objects.order_by("pk")))
    assert [line.deed for line in lines] == ["old.deed", "old.deed"]
    assert lines[1].object.kind == "old.thing"
