"""Rows of several tables in one question, for pages that need a little of many tables."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import CharField, Field, Model, QuerySet, Value
from django.db.models.functions import JSONObject

from competitions.models import (
    AgeException,
    AgencyTypeCap,
    Aspect,
    DocumentRequirement,
    Group,
    GroupInvitation,
    HistoryRule,
    Question,
)

Found = dict[str, list[Any]]


def together(**asked: QuerySet[Any]) -> Found:
    """The rows of each query by its name, in no order, without what a query joins or annotates; of each row what the
    query loads (`only`, `defer`)."""
    parts = [_as_json(name, each) for name, each in asked.items()]
    found: Found = {name: [] for name in asked}
    for name, row in parts[0].union(*parts[1:], all=True):
        found[name].append(_instance(asked[name], row))
    return found


def _as_json(name: str, query: QuerySet[Any]) -> QuerySet[Any, Any]:
    columns = {each.attname: each.attname for each in _loaded(query)}
    plain = query.defer(None).order_by()
    named = plain.annotate(of_query=Value(name, output_field=CharField()), as_json=JSONObject(**columns))
    return named.values_list("of_query", "as_json")


def _instance(query: QuerySet[Any], row: dict[str, Any]) -> Model:
    fields = _loaded(query)
    values = [each.to_python(row[each.attname]) for each in fields]
    model: type[Model] = query.model
    return model.from_db(connection.alias, [each.attname for each in fields], values)


def _loaded(query: QuerySet[Any]) -> "list[Field[Any, Any]]":
    names, is_deferred = query.query.deferred_loading
    fields = query.model._meta.concrete_fields
    return [each for each in fields if each.primary_key or ({each.name, each.attname}.isdisjoint(names) == is_deferred)]


def hold(owner: Model, name: str, rows: Iterable[Model]) -> None:
    """What `owner.name.all()` answers from now on, as after prefetch_related."""
    held = getattr(owner, name).get_queryset()
    held._result_cache, held._prefetch_done = list(rows), True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = held


def hold_each(owners: Iterable[Model], name: str, rows: Iterable[Model], by: str) -> None:
    """The same for many: each its own rows, whose foreign key `by` then names the owner without asking."""
    own: dict[Any, list[Model]] = {}
    for row in rows:
        own.setdefault(getattr(row, f"{by}_id"), []).append(row)
    for owner in owners:
        for row in own.get(owner.pk, []):
            setattr(row, by, owner)
        hold(owner, name, own.get(owner.pk, []))


def rules_asked(groups: Iterable[int]) -> dict[str, QuerySet[Any]]:
    """The queries whose answer `hold_rules` takes: all that eligibility and the forms ask about these groups."""
    keys = set(groups)
    return {
        "aspects": Aspect.objects.filter(group__in=keys),
        "questions": Question.objects.filter(aspect__group__in=keys),
        "requirements": DocumentRequirement.objects.filter(group__in=keys),
        "history_rules": HistoryRule.objects.filter(group__in=keys),
        "caps": AgencyTypeCap.objects.filter(group__in=keys),
        "age_exceptions": AgeException.objects.filter(group__in=keys),
        "invitations": GroupInvitation.objects.filter(group__in=keys),
    }


def hold_rules(groups: Iterable[Group], found: Found) -> None:
    listed, in_order = list(groups), attrgetter("order")
    hold_each(found["aspects"], "questions", sorted(found["questions"], key=in_order), "aspect")
    hold_each(listed, "aspects", sorted(found["aspects"], key=in_order), "group")
    hold_each(listed, "documents", sorted(found["requirements"], key=in_order), "group")
    hold_each(listed, "history_rules", sorted(found["history_rules"], key=attrgetter("pk")), "group")
    hold_each(listed, "caps", found["caps"], "group")
    hold_each(listed, "age_exceptions", found["age_exceptions"], "group")
    hold_each(listed, "invited_agencies", found["invitations"], "group")
