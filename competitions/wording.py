"""A group's rules as sentences, made from its rows, so that the page cannot say other than what is checked."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competitions.models import Competition, Group, Round

# What the keys of a year's file are called on the list of assumptions.
FIELD_NAMES = {
    "": gettext_lazy("the whole entry"),
    "accepts": gettext_lazy("accepted kinds of files"),
    "advance": gettext_lazy("quota"),
    "anchors": gettext_lazy("what each band of scores means"),
    "assessors_per_proposal": gettext_lazy("assessors per proposal"),
    "cap_per_agency": gettext_lazy("limit per agency"),
    "end": gettext_lazy("end"),
    "evidence": gettext_lazy("evidence and its size limit"),
    "finalists": gettext_lazy("number of finalists"),
    "max_mb": gettext_lazy("size limit in MB"),
    "max_words": gettext_lazy("word limit"),
    "min_age_months": gettext_lazy("minimum age in months"),
    "required": gettext_lazy("whether it is required"),
    "shares": gettext_lazy("shares in the final score"),
    "start": gettext_lazy("start"),
    "weight": gettext_lazy("weight in percent"),
    "winners": gettext_lazy("number of winners"),
}


def age(months: int) -> str:
    """24 → 2 years, 18 → 18 months."""
    if months % 12:
        return ngettext("%d month", "%d months", months) % months
    return ngettext("%d year", "%d years", months // 12) % (months // 12)


def rules(group: Group) -> list[str]:
    """Who and what may take part in the group. Asks nothing more of a group loaded by `with_rules()`."""
    return [*_ages(group), *(rule.text for rule in group.history_rules.all()), *_admission(group), *_caps(group)]


def _ages(group: Group) -> Iterator[str]:
    if group.min_age_months:
        counted = {"age": age(group.min_age_months), "day": _day(group.age_counted_to)}
        if group.age_counted_to:
            yield _("The innovation has been in use for at least %(age)s on %(day)s.") % counted
        else:
            yield _("The innovation has been in use for at least %(age)s on the day submission closes.") % counted
    for each in group.age_exceptions.all():
        exception = {"category": each.category.name, "age": age(each.min_age_months)}
        yield _("For the category “%(category)s” at least %(age)s is enough.") % exception
    if group.started_after:
        yield _("Its use began on %(day)s or later.") % {"day": _day(group.started_after)}


def _admission(group: Group) -> Iterator[str]:
    if group.needs_sdgs:
        yield _("The innovation serves one or more Sustainable Development Goals.")
    if group.needs_source_innovation:
        yield _("The proposal names the innovation of the catalogue that it replicates.")
    if group.invitation_only:
        yield _("Only agencies invited by the Minister take part.")


def _caps(group: Group) -> Iterator[str]:
    if group.cap_per_agency is None:
        yield _("An agency may send any number of proposals.")
    else:
        yield _at_most(group.cap_per_agency)
    for each in group.caps.all():
        limit = _("any number") if each.cap is None else number_format(each.cap)
        yield _("%(kind)s: %(limit)s.") % {"kind": each.get_agency_type_display(), "limit": limit}


def _at_most(number: int) -> str:
    text = ngettext(
        "An agency sends at most %(number)d proposal.", "An agency sends at most %(number)d proposals.", number
    )
    return text % {"number": number}


def rounds(group: Group) -> list[dict[str, Any]]:
    """The group's rounds with what else is said of them: list of {round, notes}."""
    names = {each.key: each.name for each in group.rounds.all()}
    return [{"round": each, "notes": list(_round_notes(each, names))} for each in group.rounds.all()]


def _round_notes(each: Round, names: dict[str, str]) -> Iterator[str]:
    if each.team:
        yield _("A team of %(kinds)s.") % {"kinds": each.assessors_label}
    if each.supports and each.is_pass_fail:
        yield _("Who fails it cannot be selected in “%(round)s”.") % {"round": names[each.supports]}
    elif each.supports:
        yield _("Its scores count in “%(round)s”.") % {"round": names[each.supports]}
    if each.interview_minutes:
        yield _("%(presentation)d minutes of presentation and %(questions)d minutes of questions.") % {
            "presentation": each.presentation_minutes, "questions": each.question_minutes,
        }  # fmt: skip
    if each.intake:
        text = ngettext(
            "Only the %(number)d best proposal is looked at.", "Only the %(number)d best proposals are looked at.",
            each.intake,
        )  # fmt: skip
        yield text % {"number": each.intake}
    if each.shares:
        yield mixture(each, names)
    if each.passing_grade is not None:
        yield _("At least %(grade)s points are needed.") % {"grade": number_format(each.passing_grade.normalize())}


def mixture(judging_round: Round, names: dict[str, str]) -> str:
    """Which rounds its total adds up, and with which weight; `names` by the rounds' keys."""
    parts = [f"{names[key]} {number_format(share)}%" for key, share in judging_round.shares.items()]
    return _("The ranking adds up: %(parts)s.") % {"parts": "; ".join(parts)} if parts else ""


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else ""


def assumptions(competition: Competition) -> list[dict[str, Any]]:
    """The year's assumptions gathered by their reason: list of {note, entries: [{where, what, value}]}."""
    by_note: dict[str, list[dict[str, Any]]] = {}
    for each in competition.assumptions:
        last = each["key"].rsplit(".", 1)[-1]
        what = FIELD_NAMES.get(last, FIELD_NAMES[""] if each["value"] == "" else last)
        entry = {"where": each["where"], "what": what, "value": each["value"]}
        by_note.setdefault(each["note"], []).append(entry)
    return [{"note": note, "entries": entries} for note, entries in by_note.items()]


def counts(competition: Competition) -> list[dict[str, Any]]:
    """The year's published figures in the order of the season: list of {label, value}. A demonstration has none: the
    figures of its file are those of the real year."""
    if competition.is_demonstration:
        return []
    labels = {
        "registered": _("registered"),
        "sent": _("sent to the ministry"),
        "passed": _("passed screening"),
        "nominations": _("nominated"),
        "finalists": _("finalists"),
        "winners": _("winners"),
    }
    return [
        {"label": label, "value": competition.published(key)}
        for key, label in labels.items()
        if key in competition.counts
    ]
