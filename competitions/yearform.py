"""What a year's file may hold: every key, its type and its limits, as one table to read.

A reader takes a value, where it stands, and the file to complain to; it gives back the value as the rows want it.
Dates are days or moments with a zone; a plain day means Jakarta's day, a start its first and an end its last second.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.validators import slug_re
from django.utils.translation import gettext as _

from accounts.models import Agency
from competitions.calendar import ZONE
from competitions.models import AWARD_TIERS, RULES, HistoryRule, Question, Round, Stage
from competitions.yearfile import KeyPath, YearFile
from files.kinds import KINDS

Reader = Callable[[Any, KeyPath, YearFile], Any]
REQUIRED = object()
NOTES = ("assumed", "assumed_note")


def text(most: int) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if not isinstance(value, str) or not value.strip() or len(value) > most:
            file.report(path, _("a text of 1 to %d characters is expected") % most)
            return ""
        return value.strip()

    return read


def slug(most: int) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if not isinstance(value, str) or not slug_re.match(value) or len(value) > most:
            expected = _("a short name of letters, digits and hyphens is expected, at most %d characters")
            file.report(path, expected % most)
            return ""
        return value

    return read


def whole(least: int, most: int) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            limits = {"least": least, "most": most}
            file.report(path, _("a whole number from %(least)d to %(most)d is expected") % limits)
            return least
        return value

    return read


def number(least: int, most: int) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            file.report(path, _("a number from %(least)d to %(most)d is expected") % {"least": least, "most": most})
            return Decimal(least)
        return Decimal(str(value))

    return read


def flag(value: Any, path: KeyPath, file: YearFile) -> Any:
    if not isinstance(value, bool):
        file.report(path, _("true or false is expected"))
    return bool(value)


def choice(*choices: str) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if value not in choices:
            file.report(path, _("one of these is expected: %s") % ", ".join(choices))
        return value

    return read


def day(value: Any, path: KeyPath, file: YearFile) -> Any:
    if not isinstance(value, date) or isinstance(value, datetime):
        file.report(path, _("a day is expected, such as 2023-05-06"))
    return value


def day_key(value: Any, path: KeyPath, file: YearFile) -> Any:
    """A day as the key of a table, which TOML knows as a text only."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return day(value, path, file)


def moment(at: time) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if isinstance(value, datetime) and value.tzinfo:
            return value.astimezone(UTC)
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, at, ZONE).astimezone(UTC)
        file.report(path, _("a day or a moment with its zone is expected, such as 2023-05-06T23:59:59+07:00"))
        return None

    return read


def limit(value: Any, path: KeyPath, file: YearFile) -> Any:
    return None if value == "unlimited" else whole(0, 10_000)(value, path, file)


def count(value: Any, path: KeyPath, file: YearFile) -> Any:
    read = mapping(slug(80), whole(0, 10**6)) if isinstance(value, dict) else whole(0, 10**6)
    return read(value, path, file)


def scale(value: Any, path: KeyPath, file: YearFile) -> Any:
    numbers = isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)
    if not numbers or not 0 <= value[0] < value[1] <= 1000:
        file.report(path, _("the lowest and the highest score are expected, such as [0, 100]"))
        return [0, 100]
    return value


def listing(item: Reader, *, least: int = 0) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if not isinstance(value, list) or len(value) < least:
            file.report(path, _("a list with at least %d entries is expected") % least)
            return []
        return [item(each, (*path, place), file) for place, each in enumerate(value)]

    return read


def mapping(name: Reader, item: Reader) -> Reader:
    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if not isinstance(value, dict):
            file.report(path, _("a table is expected"))
            return {}
        return {name(key, (*path, key), file): item(each, (*path, key), file) for key, each in value.items()}

    return read


def table(fields: dict[str, Reader | tuple[Reader, Any]]) -> Reader:
    """A table of these keys. A bare reader makes its key required; a pair gives the value of a key left out."""
    pairs = {key: spec if isinstance(spec, tuple) else (spec, REQUIRED) for key, spec in fields.items()}

    def read(value: Any, path: KeyPath, file: YearFile) -> Any:
        if not isinstance(value, dict):
            file.report(path, _("a table is expected"))
            return {}
        for key in value.keys() - pairs.keys() - set(NOTES):
            file.report((*path, key), _("this key is not known here; known are: %s") % ", ".join(pairs))
        for key, (_reader, default) in pairs.items():
            if default is REQUIRED and key not in value:
                file.report((*path, key), _("this key is missing"))
        return {
            key: reader(value[key], (*path, key), file) if key in value else (None if default is REQUIRED else default)
            for key, (reader, default) in pairs.items()
        }

    return read


ANCHOR = table({"from": whole(0, 1000), "to": whole(0, 1000), "text": text(500)})

REVISION = table(
    {
        "start": (moment(time.min), None),
        "end": (moment(time(23, 59, 59)), None),
        "letter_number": text(100),
        "reason": text(2000),
        "made_on": day,
    }
)

STAGE = table(
    {
        "key": slug(40),
        "kind": choice(*Stage.Kind.values),
        "name": text(150),
        "start": (moment(time.min), None),
        "end": (moment(time(23, 59, 59)), None),
        "actual_start": (moment(time.min), None),
        "actual_end": (moment(time(23, 59, 59)), None),
        "note": (text(300), ""),
        "revisions": (listing(REVISION), []),
    }
)

EVIDENCE = table(
    {
        "key": (slug(60), ""),
        "name": text(200),
        "hint": (text(1000), ""),
        "required": (flag, False),
        "max_mb": (number(0, 30), Decimal(1)),
        "accepts": (listing(choice(*KINDS), least=1), ["pdf"]),
    }
)

DOCUMENT = table(
    {
        "key": slug(60),
        "name": text(200),
        "hint": (text(1000), ""),
        "required": (flag, True),
        "max_mb": (number(0, 30), Decimal(1)),
        "accepts": (listing(choice(*KINDS), least=1), ["pdf"]),
    }
)

QUESTION = table(
    {
        "key": slug(60),
        "label": text(300),
        "hint": (text(1500), ""),
        "max_words": (whole(1, 10_000), None),
        "required": (flag, True),
        "only_if": (choice(*Question.Condition.values), ""),
    }
)

ASPECT = table(
    {
        "key": slug(60),
        "name": text(150),
        "weight": number(0, 100),
        "guidance": (text(3000), ""),
        "scale": (scale, [0, 100]),
        "anchors": (listing(ANCHOR), []),
        "evidence": (EVIDENCE, None),
        "questions": listing(QUESTION, least=1),
    }
)

CRITERION = table(
    {
        "key": slug(60),
        "name": text(150),
        "weight": number(0, 100),
        "guidance": (text(3000), ""),
        "scale": (scale, [0, 100]),
        "anchors": (listing(ANCHOR), []),
    }
)

COMPOSITION = table(
    {
        "of": choice("agency_type", "category", "province"),
        "among": listing(text(100), least=1),
        "at_least": (whole(0, 10_000), None),
        "at_most": (whole(0, 10_000), None),
        "text": text(300),
        "is_assumed": (flag, False),
    }
)

ROUND = table(
    {
        "key": slug(40),
        "name": text(150),
        "stage": slug(40),
        "assessors": choice(*Round.Assessors.values),
        "assessors_per_proposal": whole(1, 20),
        "team": (mapping(choice(*Round.Assessors.values), whole(1, 20)), {}),
        "result": (choice(*Round.Result.values), Round.Result.SCORED),
        "supports": (slug(40), ""),
        "intake": (whole(1, 10_000), None),
        "advance": (whole(1, 10_000), None),
        "nomination_factor": (number(1, 20), None),
        "selection_name": (text(150), ""),
        "award_tier": (choice(*AWARD_TIERS), ""),
        "passing_grade": (number(0, 100), None),
        "shares": (mapping(slug(40), number(0, 100)), {}),
        "scores_shown": (choice(*Round.Shown.values), Round.Shown.OWN_FINAL),
        "discussion": (flag, False),
        "deviation_points": (whole(1, 100), 15),
        "min_words_comment": (whole(0, 1000), 0),
        "presentation_minutes": (whole(0, 240), 0),
        "question_minutes": (whole(0, 240), 0),
        "composition": (listing(COMPOSITION), []),
        "criteria": (listing(CRITERION), []),
    }
)

HISTORY_RULE = table(
    {
        "key": slug(60),
        "kind": choice(*HistoryRule.Kind.values),
        "about": (choice(*HistoryRule.About.values), HistoryRule.About.PAST),
        "tiers": listing(choice(*AWARD_TIERS), least=1),
        "limit": (whole(0, 20), 0),
        "first_year": (whole(2014, 2100), None),
        "last_year": (whole(2014, 2100), None),
        "text": text(300),
        "source": (text(200), ""),
    }
)

TITLE = table(
    {
        "min_characters": (whole(1, 200), None),
        "max_characters": (whole(1, 200), None),
        "max_words": (whole(1, 100), None),
        "forbidden": (listing(text(100)), []),
        "describes": (flag, False),
    }
)

GROUP = table(
    {
        "key": slug(40),
        "name": text(150),
        "description": (text(3000), ""),
        "min_age_months": (whole(1, 600), None),
        "age_counted_to": (day, None),
        "started_after": (day, None),
        "cap_per_agency": (limit, None),
        "caps": (mapping(choice(*Agency.Type.values), limit), {}),
        "age_exceptions": (mapping(slug(80), whole(1, 600)), {}),
        "invitation_only": (flag, False),
        "needs_sdgs": (flag, False),
        "needs_source_innovation": (flag, False),
        "finalists": (whole(1, 10_000), None),
        "winners": (whole(1, 10_000), None),
        "finalist_label": (text(150), ""),
        "winner_label": (text(150), ""),
        "sources": (mapping(choice(*RULES), text(200)), {}),
        "history_rules": (listing(HISTORY_RULE), []),
        "documents": (listing(DOCUMENT), []),
        "aspects": listing(ASPECT, least=1),
        "rounds": listing(ROUND, least=1),
    }
)

REASON = table({"title": text(80), "text": text(1000)})

SCREENING_CHECK = table(
    {
        "key": slug(60),
        "label": text(200),
        "reason": text(300),
        "corrects": (listing(text(80)), []),
        "reasons": (listing(REASON), []),
    }
)

SCREENING_RULES = table(
    {
        "second_look_of_failures": (flag, True),
        "second_look_of_passes": (whole(0, 100), 0),
        "correction_days": (whole(1, 60), None),
        "objection_days": (whole(1, 60), None),
        "reasons": (listing(REASON), []),
    }
)
NO_SCREENING_RULES: dict[str, Any] = {
    "second_look_of_failures": True,
    "second_look_of_passes": 0,
    "correction_days": None,
    "objection_days": None,
    "reasons": [],
}

COMPETITION = table(
    {
        "code": slug(40),
        "year": whole(2014, 2100),
        "edition": (whole(1, 200), None),
        "name": text(200),
        "theme": (text(400), ""),
        "regulations": (listing(text(300)), []),
        "counts": (mapping(slug(80), count), {}),
        "holidays": (mapping(day_key, text(100)), {}),
    }
)

YEAR = table(
    {
        "competition": COMPETITION,
        "title": (TITLE, {}),
        "stages": listing(STAGE, least=1),
        "categories": mapping(slug(80), text(150)),
        "screening": (SCREENING_RULES, NO_SCREENING_RULES),
        "screening_checks": (listing(SCREENING_CHECK), []),
        "groups": listing(GROUP, least=1),
    }
)
