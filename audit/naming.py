"""Words for what is recorded. Each app names its own deeds and objects in its recorded.py; this app, which knows none
of them, asks whichever are there."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

from audit.facts import FACTS, flat
from audit.models import Event

Words = str | Promise
DIGEST = re.compile("[0-9a-f]{64}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
SEP = " › "


@dataclass(frozen=True)
class Kind:
    """What objects of a model are called. `title` is the path of the field that names one; `page` the name of its
    address, `arguments` the paths of the address's parts, `linked` which of them the secretariat may read: the others
    have neither."""

    name: Words
    title: str = ""
    page: str = ""
    arguments: tuple[str, ...] = ("code",)
    linked: Q | None = None


@dataclass(frozen=True)
class Named:
    """One recorded object as it is now; without a title where it is gone or has none."""

    kind: Words
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """What it is called and its value: text, or a moment. `is_digest`: a SHA-256."""

    name: str
    value: Words | datetime
    is_digest: bool = False


@dataclass(frozen=True)
class Line:
    """One event as it is read."""

    event: Event
    deed: Words
    object: Named
    facts: list[Fact]


@cache
def verbs() -> dict[str, Words]:
    """What deeds are called, by the name they are recorded under."""
    return {verb: words for module in _recorded() for verb, words in module.VERBS.items()}


@cache
def kinds() -> dict[str, Kind]:
    """What objects are called, by the label of their model."""
    return {label: kind for module in _recorded() for label, kind in module.KINDS.items()}


def kinds_like(words: str) -> list[str]:
    """The labels of the models whose name, in the reader's language, holds the words."""
    return [label for label, kind in kinds().items() if words.lower() in str(kind.name).lower()]


def told(events: Sequence[Event]) -> list[Line]:
    """The events in words; one query for each kind of object among them."""
    objects = name_objects(events)
    return [
        Line(
            event,
            verbs().get(event.verb, event.verb),
            objects[event.object_type, event.object_key],
            facts_of(event.verb, event.object_type, event.data),
        )
        for event in events
    ]


def facts_of(verb: str, label: str, data: Mapping[str, object]) -> list[Fact]:
    """The facts of a deed (`verb`) on an object of that model, in words."""
    app = verb.partition(".")[0]
    named = [(SEP.join(str(_name(app, each)) for each in path), text) for path, text in flat(data)]
    return [Fact(name, _value(label, text), bool(DIGEST.fullmatch(text))) for name, text in named]


def _name(app: str, name: str) -> Words:
    return _own_facts().get(f"{app}.{name}") or FACTS.get(name, name)


def _value(label: str, text: str) -> Words | datetime:
    return _moment(text) or _choices(label).get(text, text)


def _moment(text: str) -> datetime | None:
    """Somebody may have typed what looks like a moment: only what the portal records is one, which has a zone."""
    try:
        found = parse_datetime(text) if MOMENT.match(text) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@cache
def _own_facts() -> dict[str, Words]:
    """Facts that mean something else in an app, by its label and their name."""
    return {
        f"{module.__name__.partition('.')[0]}.{name}": words
        for module in _recorded()
        for name, words in getattr(module, "FACTS", {}).items()
    }


@cache
def _choices(label: str) -> dict[str, Words]:
    """What the values a model chooses from are called: a fact is often one of them, such as a status."""
    if label not in kinds():
        return {}
    fields = apps.get_model(label)._meta.fields
    return {str(value): words for field in fields for value, words in field.flatchoices}


def name_objects(events: Iterable[Event]) -> dict[tuple[str, str], Named]:
    """Each event's object by its type and key; one query for each kind of object."""
    keys: dict[str, set[str]] = defaultdict(set)
    for event in events:
        keys[event.object_type].add(event.object_key)
    named: dict[tuple[str, str], Named] = {}
    for label, wanted in keys.items():
        kind = kinds().get(label, Kind(label))
        named |= {(label, key): Named(kind.name) for key in wanted}
        if kind.title or kind.page:
            named |= {(label, key): found for key, found in _read(label, kind, wanted)}
    return named


def _read(label: str, kind: Kind, keys: set[str]) -> list[tuple[str, Named]]:
    model = apps.get_model(label)
    key = "code" if any(field.name == "code" for field in model._meta.fields) else "pk"
    linked = Case(When(kind.linked, then=True), default=False) if kind.linked else Value(bool(kind.page))
    rows = model._default_manager.filter(**{f"{key}__in": keys}).annotate(is_linked=linked)
    arguments = kind.arguments if kind.page else ()
    found = []
    for code, title, is_linked, *parts in rows.values_list(key, kind.title or key, "is_linked", *arguments):
        url = reverse(kind.page, args=parts) if is_linked else ""
        may_be_named = bool(kind.title) and (is_linked or not kind.linked)
        found.append((str(code), Named(kind.name, str(title) if may_be_named else "", url)))
    return found


def _recorded() -> list[Any]:
    found = [config for config in apps.get_app_configs() if module_has_submodule(config.module, "recorded")]
    return [import_module(f"{config.name}.recorded") for config in found]
