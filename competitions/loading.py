"""One loader for years: a file of competitions/years/ becomes rows, or is refused with line and key, changing nothing.

Loading the same file again changes nothing. A changed file updates the year in place, but not what people already
build on: once submission has opened and proposals refer to a group, its form stays; once a round's stage has opened
and sheets refer to it, the round stays; dates that the portal has revised are revised further in the portal only.
A demonstration keeps its own dates, which follow today.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit.recording import record
from competitions import calendar, yearsense
from competitions.models import Competition, Group, ReasonTemplate, Round, ScreeningRules, Stage
from competitions.yearfile import KeyPath, Problem, YearFile, YearFileError
from competitions.yearform import YEAR

__all__ = ["Problem", "YearFileError", "load_year"]

Entry = dict[str, Any]
Row = tuple[dict[str, Any], dict[str, Any], KeyPath]
"""What finds a row, what it should hold, where the file says so."""


def load_year(
    path: Path | str, *, code: str | None = None, is_demonstration: bool = False, check_only: bool = False
) -> Competition:
    """Load a year's file under its own code, or under `code`; with `check_only` undo it all at the end.

    One transaction. Raises YearFileError with every problem found, and OSError when the file cannot be read.
    """
    file = YearFile.open(path)
    year = YEAR(file.data, (), file)
    file.raise_problems()
    yearsense.check(year, file)
    year["competition"]["assumptions"] = yearsense.assumptions(file)
    file.raise_problems()
    with transaction.atomic():
        loader = _Loader(file, code or year["competition"]["code"], is_demonstration)
        competition = loader.load(year)
        file.raise_problems()
        if loader.changes:
            record("competitions.load_year", by=None, on=competition, data={"changes": loader.changes})
        transaction.set_rollback(check_only)
    return competition


def is_in_use(row: models.Model) -> bool:
    """Whether a row of another app refers to this one: a proposal to its group, an assessment to its round."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
        if relation.related_model._meta.app_label != row._meta.app_label
    )


class _Loader:
    def __init__(self, file: YearFile, code: str, is_demonstration: bool) -> None:
        self.file = file
        self.code = code
        self.is_demonstration = is_demonstration
        self.now = calendar.now()
        self.changes = 0  # rows added, altered or removed

    def load(self, year: Entry) -> Competition:
        title_rules = {name: value for name, value in year["title"].items() if value}
        competition = self._competition(year["competition"] | {"title_rules": title_rules})
        submission_open = competition.stages.submission().filter(starts_at__lte=self.now).exists()
        self._stages(competition, year["stages"])
        form_fixed = submission_open and is_in_use(competition)
        self._sync(
            competition.categories,
            [({"key": key}, {"name": name}, ("categories", key)) for key, name in year["categories"].items()],
            fixed=form_fixed,
        )
        self._screening(competition, year)
        columns = {field.name for field in Group._meta.concrete_fields}
        groups = self._sync(competition.groups, _keyed(year["groups"], ("groups",), columns), fixed=form_fixed)
        for place, entry in enumerate(year["groups"]):
            group = groups[place]
            fixed = submission_open and is_in_use(group)
            self._group(group, entry, ("groups", place), fixed)
        return competition

    def _competition(self, entry: Entry) -> Competition:
        fields = {key: value for key, value in entry.items() if key != "code"}

        fields["is_demonstration"] = self.is_demonstration
        competition, created = Competition.objects.select_for_update().get_or_create(code=self.code, defaults=fields)
        if not created and competition.year != entry["year"]:
            expected = _("the year of the competition already loaded under this code is expected: %d")
            self.file.report(("competition", "year"), expected % competition.year)
            self.file.raise_problems()
        self.changes += created or _update(competition, fields)
        return competition

    def _screening(self, competition: Competition, year: Entry) -> None:
        """The checklist and its rules; the reasons at hand only the first time, since people then make them theirs."""
        rows = _keyed(year["screening_checks"], ("screening_checks",), skip={"reasons"})
        checks = self._sync(competition.screening_checks, rows, fixed=False)
        values = {name: value for name, value in year["screening"].items() if name != "reasons"}
        rules, created = ScreeningRules.objects.get_or_create(competition=competition, defaults=values)
        self.changes += created or _update(rules, values)
        if not created:
            return
        given = [(None, each) for each in year["screening"]["reasons"]]
        for check, entry in zip(checks, year["screening_checks"], strict=True):
            given += [(check, each) for each in entry["reasons"]]
        for order, (check, each) in enumerate(given, start=1):
            ReasonTemplate.objects.create(competition=competition, check_line=check, order=order, **each)

    # --- Calendar -------------------------------------------------------------------------------------------------

    def _stages(self, competition: Competition, entries: list[Entry]) -> None:
        own_dates = self._keeps_its_dates(competition)
        rows = []
        for row in _keyed(entries, ("stages",), {"kind", "name", "note"}):
            found, values, path = row
            entry = entries[int(path[1])]
            rows.append((found, values | ({} if found["key"] in own_dates else self._dates(entry)), path))
        for stage, entry in zip(self._sync(competition.stages, rows, fixed=False), entries, strict=True):
            if stage.key not in own_dates:
                self._revisions(stage, entry)

    def _keeps_its_dates(self, competition: Competition) -> set[str]:
        """Stages whose dates are no longer the file's: revised in the portal, or laid around today."""
        stages = competition.stages.all()
        if not self.is_demonstration:
            stages = stages.filter(revisions__made_by__isnull=False)
        return set(stages.values_list("key", flat=True))

    def _dates(self, entry: Entry) -> Entry:
        """Planned and effective; what really happened is left out of a demonstration, where it is yet to come."""
        starts = [entry["start"], *(revision["start"] for revision in entry["revisions"])]
        ends = [entry["end"], *(revision["end"] for revision in entry["revisions"])]
        return {
            "planned_start": entry["start"],
            "planned_end": entry["end"],
            "starts_at": next((moment for moment in reversed(starts) if moment), None),
            "ends_at": next((moment for moment in reversed(ends) if moment), None),
            "actual_start": None if self.is_demonstration else entry["actual_start"],
            "actual_end": None if self.is_demonstration else entry["actual_end"],
        }

    def _revisions(self, stage: Stage, entry: Entry) -> None:
        rows = []
        before = {"previous_starts_at": entry["start"], "previous_ends_at": entry["end"]}
        for revision in entry["revisions"]:
            values = {
                "starts_at": revision["start"],
                "ends_at": revision["end"],
                "reason": revision["reason"],
                "made_at": datetime.combine(revision["made_on"], time(12), calendar.ZONE),
            }
            rows.append(({"letter_number": revision["letter_number"]}, values | before, ("stages",)))
            before = {
                "previous_starts_at": revision["start"] or before["previous_starts_at"],
                "previous_ends_at": revision["end"] or before["previous_ends_at"],
            }
        self._sync(stage.revisions, rows, fixed=False, ordered=False)

    # --- Groups ---------------------------------------------------------------------------------------------------

    def _group(self, group: Group, entry: Entry, path: KeyPath, fixed: bool) -> None:
        categories = {category.key: category for category in group.competition.categories.all()}
        caps = [({"agency_type": kind}, {"cap": cap}, (*path, "caps", kind)) for kind, cap in entry["caps"].items()]
        ages: list[Row] = [
            ({"category": categories[key]}, {"min_age_months": months}, (*path, "age_exceptions", key))
            for key, months in entry["age_exceptions"].items()
            if key in categories
        ]
        self._sync(group.caps, caps, fixed=fixed, ordered=False)
        self._sync(group.age_exceptions, ages, fixed=fixed, ordered=False)
        self._sync(
            group.history_rules, _keyed(entry["history_rules"], (*path, "history_rules")), fixed=fixed, ordered=False
        )
        aspects = self._sync(group.aspects, _aspects(entry["aspects"], path), fixed=fixed)
        for place, (aspect, each) in enumerate(zip(aspects, entry["aspects"], strict=True)):
            questions = _keyed(each["questions"], (*path, "aspects", place, "questions"))
            self._sync(aspect.questions, questions, fixed=fixed)
        self._sync(group.documents, _documents(entry, path, aspects), fixed=fixed)
        self._rounds(group, entry, path, aspects)

    def _rounds(self, group: Group, entry: Entry, path: KeyPath, aspects: list[Any]) -> None:
        stages = {stage.key: stage for stage in group.competition.stages.all()}
        known = {each.key: each for each in group.rounds.select_related("stage")}
        fixed = {key for key, each in known.items() if self._is_judged(each)}
        rows: list[Row] = []
        for found, values, at in _keyed(entry["rounds"], (*path, "rounds"), skip={"criteria", "nomination_factor"}):
            values["stage"] = stages[values["stage"]]
            values["shares"] = {key: _number(share) for key, share in values["shares"].items()}
            rows.append((found, values, at))
        rounds = self._sync(group.rounds, rows, fixed=lambda row: row.key in fixed)
        for place, (each, round_entry) in enumerate(zip(rounds, entry["rounds"], strict=True)):
            criteria = _criteria(round_entry, entry["aspects"], aspects, (*path, "rounds", place))
            self._sync(each.criteria, criteria, fixed=each.key in fixed)

    def _is_judged(self, judging_round: Round) -> bool:
        return calendar.has_opened(judging_round.stage, self.now) and is_in_use(judging_round)

    # --- Rows -----------------------------------------------------------------------------------------------------

    def _sync(
        self,
        manager: Any,
        rows: Iterable[Row],
        *,
        fixed: bool | Callable[[Any], bool],
        ordered: bool = True,
    ) -> list[Any]:
        """Make the manager's rows those of the file, touching only what differs; what is fixed is refused instead."""
        is_fixed = fixed if callable(fixed) else lambda _row: fixed
        left = {each.pk: each for each in manager.all()}
        result = []
        for order, (found, values, path) in enumerate(rows, start=1):
            if ordered:
                values = values | {"order": order}
            row = next((each for each in left.values() if _holds(each, found)), None)
            if row is None:
                result.append(self._add(manager, found | values, path, is_fixed))
                continue
            del left[row.pk]
            if changed := [name for name, value in values.items() if getattr(row, name) != value]:
                if is_fixed(row):
                    self._refuse(path, changed[0])
                else:
                    self.changes += _update(row, {name: values[name] for name in changed})
            result.append(row)
        for row in left.values():
            self._remove(row, is_fixed)
        return result

    def _add(self, manager: Any, values: Entry, path: KeyPath, is_fixed: Callable[[Any], bool]) -> Any:
        row = manager.model(**values, **{manager.field.name: manager.instance})
        if is_fixed(row):
            self._refuse(path)
        row.save()
        self.changes += 1
        return row

    def _remove(self, row: models.Model, is_fixed: Callable[[Any], bool]) -> None:
        if is_fixed(row) or is_in_use(row):
            where: KeyPath = ("groups",) if hasattr(row, "group_id") else ()
            expected = _("“%s” is expected to stay: the portal already uses it") % row
            self.file.report(where, expected)
        else:
            row.delete()
            self.changes += 1

    def _refuse(self, path: KeyPath, field: str = "") -> None:
        expected = _("what was loaded before is expected: this part has opened and is in use")
        at = (*path, field) if field in (_step_keys(self.file, path)) else path
        self.file.report(at, expected)


def _step_keys(file: YearFile, path: KeyPath) -> set[str]:
    value: Any = file.data
    for step in path:
        value = value[step]
    return set(value) if isinstance(value, dict) else set()


def _update(row: models.Model, values: Entry) -> bool:
    """Write what differs; whether something did."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _holds(row: models.Model, values: Entry) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _keyed(entries: list[Entry], path: KeyPath, fields: set[str] | None = None, skip: Iterable[str] = ()) -> list[Row]:
    """Rows found by their `key`, holding all other values, or only `fields`, or all but `skip`."""
    return [
        (
            {"key": entry["key"]},
            {
                name: value
                for name, value in entry.items()
                if name != "key" and name not in skip and (fields is None or name in fields)
            },
            (*path, place),
        )
        for place, entry in enumerate(entries)
    ]


def _judged(entry: Entry) -> Entry:
    """The columns an aspect and a criterion share."""
    lowest, highest = entry["scale"]
    same = {name: entry[name] for name in ("name", "guidance", "weight", "anchors")}
    return same | {"scale_min": lowest, "scale_max": highest}


def _aspects(entries: list[Entry], path: KeyPath) -> list[Row]:
    return [
        (
            {"key": entry["key"]},
            _judged(entry) | {"needs_evidence": entry["evidence"] is not None},
            (*path, "aspects", place),
        )
        for place, entry in enumerate(entries)
    ]


def _documents(entry: Entry, path: KeyPath, aspects: list[Any]) -> list[Row]:
    """The group's letters, then the evidence of each aspect that asks for some."""
    rows = [
        (found, values | {"aspect": None}, at) for found, values, at in _keyed(entry["documents"], (*path, "documents"))
    ]
    for place, (aspect, each) in enumerate(zip(aspects, entry["aspects"], strict=True)):
        if each["evidence"]:
            values = {name: value for name, value in each["evidence"].items() if name != "key"}
            at = (*path, "aspects", place, "evidence")
            rows.append(({"key": yearsense.evidence_key(each)}, values | {"aspect": aspect}, at))
    return rows


def _criteria(entry: Entry, aspect_entries: list[Entry], aspects: list[Any], path: KeyPath) -> list[Row]:
    """The round's own rubric, or the group's aspects; an aspect that weighs nothing is read but not scored."""
    if entry["criteria"]:
        return [
            ({"key": each["key"]}, _judged(each) | {"aspect": None}, (*path, "criteria", place))
            for place, each in enumerate(entry["criteria"])
        ]
    return [
        ({"key": each["key"]}, _judged(each) | {"aspect": aspect}, path)
        for each, aspect in zip(aspect_entries, aspects, strict=True)
        if each["weight"]
    ]
