"""A letter of feedback as it is read: on its page in the reader's language, on paper always in Indonesian."""

from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from files.pdf import render_pdf
from judging.drawing import intervals
from judging.models import FeedbackComment, FeedbackLetter
from notifications.outbox import absolute

WHOLE = (0.0, 50.0, 100.0)  # the scale every aspect's interval is drawn on


def reading_of(letter: FeedbackLetter) -> dict[str, Any]:
    """Everything the page and the paper show. One query, for the comments."""
    pieces = letter.pieces
    aspects = [
        each | {"interval": interval_words(each), "weight": number_format(Decimal(each["weight"]))}
        for each in pieces["aspects"]
    ]
    drawn = [each for each in aspects if each["near"] is not None]
    pictures = intervals([WHOLE, *((each["low"], each["near"], each["high"]) for each in drawn)], around_zero=False)
    for each, picture in zip(drawn, pictures[1:], strict=True):
        each["picture"] = picture
    entry = letter.entry
    named = {each["key"]: each["name"] for each in aspects}
    return {
        "letter": letter, "proposal": entry.proposal, "round": entry.round,
        "competition": entry.round.group.competition, "aspects": aspects,
        "best": named.get(pieces["best"], ""), "room": named.get(pieces["room"], ""),
        "comments": [each for each in letter.comments.all() if each.decision == FeedbackComment.Decision.RELEASED],
        "similar": pieces["similar"], "advice": advice(pieces), "compared": pieces["compared"],
    }  # fmt: skip


def interval_words(aspect: dict[str, Any]) -> str:
    """Where the aspect stands, in one sentence; empty where it cannot be said."""
    if aspect["near"] is None:
        return ""
    words = _("Rated higher than between %(low)d%% and %(high)d%% of the proposals; best guess %(near)d%%.")
    return words % {key: aspect[key] for key in ("near", "low", "high")}


def advice(pieces: dict[str, Any]) -> list[str]:
    """What a second try next year meets: the innovation's age, and the rules on earlier awards."""
    found = []
    if age := pieces["age"]:
        found.append(_age(age))
    for rule in pieces["history"]:
        if not rule["won"]:
            continue
        words = (
            _("Awards so far: %(won)s. By this year's rule (“%(rule)s”) it may still be entered in this group.")
            if rule["allowed"]
            else _(
                "Awards so far: %(won)s. By this year's rule (“%(rule)s”) it can no longer be entered in this group."
            )
        )
        found.append(words % {"won": ", ".join(rule["won"]), "rule": rule["text"]})
    if not any(rule["won"] for rule in pieces["history"]):
        found.append(_("No earlier award stands in the way of entering it again."))
    return found


def _age(age: dict[str, Any]) -> str:
    months, day = age["months"], date_format(parse_date(age["day"]) or timezone.localdate(), "j F Y")
    old = ngettext(
        "On %(day)s the innovation had been in use for %(months)d month.",
        "On %(day)s the innovation had been in use for %(months)d months.",
        months,
    ) % {"day": day, "months": months}
    if age["least"] is None:
        return old
    least = ngettext(
        "The group asks for at least %(least)d month, so its age is no obstacle next year.",
        "The group asks for at least %(least)d months, so its age is no obstacle next year.",
        age["least"],
    ) % {"least": age["least"]}
    return f"{old} {least}"


def letter_pdf(letter: FeedbackLetter) -> bytes:
    """The letter on paper, tagged for screen readers; a draft says so on every page."""
    with translation.override("id"), timezone.override("Asia/Jakarta"):
        return render_pdf("judging/feedback/letter.typ", _facts(reading_of(letter)))


def _facts(reading: dict[str, Any]) -> dict[str, object]:
    letter, proposal = reading["letter"], reading["proposal"]
    moment = letter.sent_at or letter.drafted_at
    return {
        "competition": reading["competition"].name,
        "group": reading["round"].group.name,
        "round": reading["round"].name,
        "selection": reading["round"].selection_name,
        "title": proposal.title,
        "code": proposal.code,
        "agency": proposal.agency.name,
        "category": proposal.category.name,
        "notice": "" if letter.sent_at else _("Draft, not sent"),
        "place": date_format(timezone.localtime(moment), "j F Y"),
        "address": absolute(letter.get_absolute_url()),
        "remark": letter.remark,
        "compared": reading["compared"],
        "best": reading["best"],
        "room": reading["room"],
        "aspects": [
            {key: each[key] for key in ("name", "weight", "band", "next", "interval")} for each in reading["aspects"]
        ],
        "comments": [{"text": each.text, "edited": each.is_edited} for each in reading["comments"]],
        "similar": reading["similar"],
        "advice": reading["advice"],
    }
