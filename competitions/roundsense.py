"""What the rounds of a group must mean together. A round is only data: any kind a file describes lives on one engine.

A round has a Selection of its own, whose quota is `advance` or a multiple of the next round's (`nomination_factor`),
or it `supports` the Selection of another round: scored, it counts there by its share; pass or fail, whoever fails it
cannot be selected there.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from competitions.models import Round
from competitions.yearfile import KeyPath, YearFile

Entry = dict[str, Any]
OF_A_SELECTION = ("advance", "nomination_factor", "selection_name", "award_tier", "shares", "composition")


def settle_quotas(group: Entry, path: KeyPath, file: YearFile) -> None:
    """Fill in the quotas that follow from others: a nomination factor from the next round's, none for a supporter."""
    following: Entry | None = None
    for place, each in reversed(list(enumerate(group["rounds"]))):
        at = (*path, "rounds", place)
        if each["supports"]:
            each["advance"] = each["advance"] or 0
            continue
        if each["nomination_factor"] is not None:
            _settle_factor(each, following, at, file)
        elif each["advance"] is None:
            file.report((*at, "advance"), _("this key is missing"))
        each["advance"] = each["advance"] or 1
        following = each


def _settle_factor(each: Entry, following: Entry | None, at: KeyPath, file: YearFile) -> None:
    if following is None:
        file.report((*at, "nomination_factor"), _("a round after this one is expected"))
        return
    meant = int((each["nomination_factor"] * following["advance"]).quantize(Decimal(1), ROUND_HALF_UP))
    if each["advance"] not in (None, meant):
        file.report((*at, "advance"), _("%d is expected, as the nomination factor says") % meant)
    each["advance"] = meant


def check_rounds(group: Entry, path: KeyPath, stages: list[Entry], file: YearFile) -> None:
    """Report whatever does not fit together; shapes are right and quotas settled before."""
    starts = {stage["key"]: stage["start"] for stage in stages}
    rounds = group["rounds"]
    earlier: list[Entry] = []
    for place, each in enumerate(rounds):
        at = (*path, "rounds", place)
        if each["stage"] not in starts:
            file.report((*at, "stage"), _("the key of a stage is expected"))
        elif earlier and not _ordered(starts.get(earlier[-1]["stage"]), starts[each["stage"]]):
            file.report((*at, "stage"), _("a stage not before that of the round above is expected"))
        _team(each, at, file)
        _result(each, at, file)
        if each["supports"]:
            _supporter(each, earlier, at, file)
        else:
            _selecting(each, [one for one in earlier if not one["supports"]], at, file)
            _shares(each, at, _countable(each, earlier, rounds), file)
        earlier.append(each)
    _group_quotas(group, path, file)


def _ordered(first: Any, second: Any) -> bool:
    return first is None or second is None or first <= second


def _countable(each: Entry, earlier: list[Entry], rounds: list[Entry]) -> set[str]:
    """Keys of the rounds whose scores this one may add up."""
    helping = [one for one in rounds if one["supports"] == each["key"]]
    scored = [one for one in [*earlier, each, *helping] if one["result"] == Round.Result.SCORED]
    return {one["key"] for one in scored if not one["supports"] or one["supports"] == each["key"]}


def _team(each: Entry, at: KeyPath, file: YearFile) -> None:
    if not each["team"]:
        return
    if each["assessors"] not in each["team"]:
        file.report((*at, "team"), _("the assessors of the round are expected among its team"))
    if sum(each["team"].values()) > each["assessors_per_proposal"]:
        file.report((*at, "team"), _("no more than assessors_per_proposal in all is expected"))


def _result(each: Entry, at: KeyPath, file: YearFile) -> None:
    if each["result"] != Round.Result.PASS_FAIL:
        return
    if not each["criteria"]:
        file.report((*at, "criteria"), _("criteria of its own are expected where the result is pass or fail"))
    for place, criterion in enumerate(each["criteria"]):
        if criterion["scale"] != [0, 1]:
            file.report((*at, "criteria", place, "scale"), _("[0, 1] is expected where the result is pass or fail"))


def _supporter(each: Entry, earlier: list[Entry], at: KeyPath, file: YearFile) -> None:
    helped = next((one for one in earlier if one["key"] == each["supports"] and not one["supports"]), None)
    if helped is None:
        file.report((*at, "supports"), _("the key of a round above with a Selection of its own is expected"))
    for key in OF_A_SELECTION:
        if each[key]:
            file.report((*at, key), _("a round that supports another is expected to have none"))
    if each["result"] == Round.Result.PASS_FAIL:
        return
    if helped is not None and each["key"] not in helped["shares"]:
        file.report((*at, "supports"), _("a share in the round it supports is expected, or the result pass_fail"))
    if each["intake"] is not None:
        file.report((*at, "intake"), _("an intake is expected only where the result is pass or fail"))


def _selecting(each: Entry, before: list[Entry], at: KeyPath, file: YearFile) -> None:
    if not each["selection_name"]:
        file.report((*at, "selection_name"), _("this key is missing"))
    for place, rule in enumerate(each["composition"]):
        if rule["at_least"] is None and rule["at_most"] is None:
            file.report((*at, "composition", place), _("at_least or at_most is expected"))
    if each["intake"] is not None:
        file.report((*at, "intake"), _("an intake is expected only of a round that supports another"))
    if before and each["advance"] > before[-1]["advance"]:
        file.report((*at, "advance"), _("a quota not above that of the round before is expected"))
    if each["result"] == Round.Result.PASS_FAIL and not each["shares"]:
        file.report((*at, "shares"), _("shares of earlier rounds are expected, to order who passes"))


def _shares(each: Entry, at: KeyPath, known: set[str], file: YearFile) -> None:
    for key in each["shares"]:
        if key not in known:
            expected = _("the key of this round, a scored one before it or one that supports it is expected")
            file.report((*at, "shares", key), expected)
    if each["shares"] and sum(each["shares"].values()) != 100:
        file.report((*at, "shares"), _("shares that add up to 100 are expected"))


def _group_quotas(group: Entry, path: KeyPath, file: YearFile) -> None:
    """The finalists and winners of which the group speaks are the quotas of two of its rounds."""
    advances = [each["advance"] for each in group["rounds"] if not each["supports"]]
    if group["finalists"] is not None and group["finalists"] not in advances:
        file.report((*path, "finalists"), _("the quota of one of the rounds is expected"))
    if group["winners"] is not None and advances[-1:] != [group["winners"]]:
        file.report((*path, "winners"), _("the quota of the last round is expected"))
