"""What the parts of a year's file must mean together: sums, references, order. Read after their shapes are right."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from competitions import roundsense
from competitions.models import HistoryRule, Stage
from competitions.yearfile import KeyPath, YearFile

Entry = dict[str, Any]


def check(year: Entry, file: YearFile) -> None:
    """Report to the file whatever does not fit together in `year` (as yearform.YEAR read it), and fill in the quotas
    that follow from others."""
    _unique(year["stages"], ("stages",), file)
    _unique(year["screening_checks"], ("screening_checks",), file)
    _unique(year["groups"], ("groups",), file)
    _screening(year, file)
    if not year["categories"]:
        file.report(("categories",), _("at least one category is expected"))
    _calendar(year["stages"], file)
    for place, group in enumerate(year["groups"]):
        roundsense.settle_quotas(group, ("groups", place), file)
        _group(group, ("groups", place), year, file)


def _screening(year: Entry, file: YearFile) -> None:
    """What a check lets an agency mend is something the form asks for; a short name stands for one reason."""
    aspects = {aspect["key"] for group in year["groups"] for aspect in group["aspects"]}
    documents = {each["key"] for group in year["groups"] for each in group["documents"]}
    documents |= {evidence_key(each) for group in year["groups"] for each in group["aspects"] if each["evidence"]}
    known = {"title", "video", "answers", "documents", *(f"answers:{key}" for key in aspects)}
    known |= {f"documents:{key}" for key in documents}
    titles = Counter(each["title"] for each in year["screening"]["reasons"])
    for place, check in enumerate(year["screening_checks"]):
        for index, name in enumerate(check["corrects"]):
            if name not in known:
                expected = _("title, video, answers, documents, or one of these with its key is expected")
                file.report(("screening_checks", place, "corrects", index), expected)
        titles.update(each["title"] for each in check["reasons"])
        if any(titles[each["title"]] > 1 for each in check["reasons"]):
            expected = _("a short name that no other reason has is expected")
            file.report(("screening_checks", place, "reasons"), expected)
    if year["screening"]["correction_days"] and not any(check["corrects"] for check in year["screening_checks"]):
        file.report(("screening", "correction_days"), _("at least one check that can be corrected is expected"))


def _unique(entries: list[Entry], path: KeyPath, file: YearFile) -> None:
    seen = Counter[str]()
    for place, entry in enumerate(entries):
        seen[entry["key"]] += 1
        if seen[entry["key"]] > 1:
            file.report((*path, place, "key"), _("a key that no entry above has is expected"))


def _ordered(earlier: Any, later: Any) -> bool:
    return earlier is None or later is None or earlier <= later


def _calendar(stages: list[Entry], file: YearFile) -> None:
    submissions = [stage for stage in stages if stage["kind"] == Stage.Kind.SUBMISSION]
    if len(submissions) != 1 or submissions[0]["start"] is None or submissions[0]["end"] is None:
        file.report(("stages",), _("exactly one stage of kind submission, with start and end, is expected"))
    for place, stage in enumerate(stages):
        _stage(stage, ("stages", place), file)
    dated = [(place, stage["start"]) for place, stage in enumerate(stages) if stage["start"]]
    for (_place, earlier), (place, later) in pairwise(dated):
        if later < earlier:
            file.report(("stages", place, "start"), _("a start not before that of the stage above is expected"))


def _stage(stage: Entry, path: KeyPath, file: YearFile) -> None:
    if not _ordered(stage["start"], stage["end"]):
        file.report((*path, "end"), _("an end not before the start is expected"))
    if not _ordered(stage["actual_start"], stage["actual_end"]):
        file.report((*path, "actual_end"), _("an end not before the start is expected"))
    start, end = stage["start"], stage["end"]
    for place, revision in enumerate(stage["revisions"]):
        at = (*path, "revisions", place)
        if revision["start"] is None and revision["end"] is None:
            file.report(at, _("a new start or a new end is expected"))
        start, end = revision["start"] or start, revision["end"] or end
        if not _ordered(start, end):
            file.report((*at, "end"), _("an end not before the start is expected"))
    for place, (earlier, later) in enumerate(pairwise(stage["revisions"]), start=1):
        if later["made_on"] < earlier["made_on"]:
            file.report((*path, "revisions", place, "made_on"), _("a day not before the revision above is expected"))


def _group(group: Entry, path: KeyPath, year: Entry, file: YearFile) -> None:
    for name in ("aspects", "rounds", "history_rules"):
        _unique(group[name], (*path, name), file)
    _weights(group["aspects"], (*path, "aspects"), file)
    _documents(group, path, file)
    for category in group["age_exceptions"]:
        if category not in year["categories"]:
            file.report((*path, "age_exceptions", category), _("the key of a category is expected"))
    for place, aspect in enumerate(group["aspects"]):
        _unique(aspect["questions"], (*path, "aspects", place, "questions"), file)
        _anchors(aspect, (*path, "aspects", place), file)
    for place, rule in enumerate(group["history_rules"]):
        if rule["about"] == HistoryRule.About.SOURCE and not group["needs_source_innovation"]:
            expected = _("a group that needs_source_innovation is expected")
            file.report((*path, "history_rules", place, "about"), expected)
        if not _ordered(rule["first_year"], rule["last_year"]):
            file.report((*path, "history_rules", place, "last_year"), _("a year not before first_year is expected"))
        if rule["last_year"] and rule["last_year"] >= year["competition"]["year"]:
            expected = _("a year before the competition's own is expected")
            file.report((*path, "history_rules", place, "last_year"), expected)
    roundsense.check_rounds(group, path, year["stages"], file)
    _criteria(group, (*path, "rounds"), file)


def _weights(entries: list[Entry], path: KeyPath, file: YearFile) -> None:
    total = sum((entry["weight"] for entry in entries), Decimal(0))
    if total != 100:
        file.report(path, _("weights that add up to 100 are expected; these add up to %s") % total.normalize())


def _documents(group: Entry, path: KeyPath, file: YearFile) -> None:
    keys = Counter(document["key"] for document in group["documents"])
    for place, document in enumerate(group["documents"]):
        if keys[document["key"]] > 1:
            file.report((*path, "documents", place, "key"), _("a key that no other document has is expected"))
    for place, aspect in enumerate(group["aspects"]):
        if aspect["evidence"] and keys[evidence_key(aspect)]:
            at = (*path, "aspects", place, "evidence")
            file.report(at, _("a key that no other document has is expected"))


def evidence_key(aspect: Entry) -> str:
    return aspect["evidence"]["key"] or f"bukti-{aspect['key']}"


def _anchors(entry: Entry, path: KeyPath, file: YearFile) -> None:
    """Anchors, where given, cover the scale from its lowest score to its highest without gap or overlap."""
    anchors = entry["anchors"]
    if not anchors:
        return
    lowest, highest = entry["scale"]
    starts = [anchor["from"] for anchor in anchors]
    ends = [anchor["to"] for anchor in anchors]
    right_order = all(start <= end for start, end in zip(starts, ends, strict=True))
    if not right_order or starts != [lowest, *(end + 1 for end in ends[:-1])] or ends[-1] != highest:
        limits = {"lowest": lowest, "highest": highest}
        expected = _("bands that follow each other from %(lowest)d to %(highest)d are expected")
        file.report((*path, "anchors"), expected % limits)


def _criteria(group: Entry, path: KeyPath, file: YearFile) -> None:
    for place, each in enumerate(group["rounds"]):
        at = (*path, place, "criteria")
        _unique(each["criteria"], at, file)
        if each["criteria"]:
            _weights(each["criteria"], at, file)
        for criterion_place, criterion in enumerate(each["criteria"]):
            _anchors(criterion, (*at, criterion_place), file)


def assumptions(file: YearFile) -> list[dict[str, Any]]:
    """What the file marks as assumed: list of {key, where, value, note}, in the file's order.

    `assumed = true` in a table means all of it, a list of keys those. The reason is `assumed_note` in the same table
    or the nearest one around it; a mark without a reason, or of a key that is not there, is reported to the file.
    """
    return [{**each, "value": _plain(each["value"])} for each in _assumed(file.data, (), "", [], file)]


def _plain(value: Any) -> Any:
    """As JSON may hold it; of a table or list the name alone says enough."""
    if isinstance(value, list | dict):
        return ""
    return value if isinstance(value, int | float | str | bool) else str(value)


def _assumed(table: Entry, path: KeyPath, note: str, names: list[str], file: YearFile) -> Iterator[dict[str, Any]]:
    note = table.get("assumed_note", note)
    title = table.get("name") or table.get("label")
    names = [*names, title] if path and title else names
    marks = table.get("assumed", [])
    if marks is True or (isinstance(marks, list) and marks):
        if not note:
            file.report((*path, "assumed"), _("a reason in assumed_note is expected beside what is assumed"))
        for key in [""] if marks is True else marks:
            if key and key not in table:
                file.report((*path, "assumed"), _("the names of keys beside this one are expected"))
            here = (*path, key) if key else path
            value = table.get(key, "") if key else ""
            yield {"key": file.name(here), "where": " › ".join(names), "value": value, "note": note}
    elif marks not in (False, []):
        file.report((*path, "assumed"), _("true, or a list of keys, is expected"))
    for key, value in table.items():
        for place, entry in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(entry, dict):
                at = (*path, key, place) if isinstance(value, list) else (*path, key)
                yield from _assumed(entry, at, note, names, file)
