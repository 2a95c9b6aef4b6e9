"""The details page: title, start of implementation and age, goals, video link, the question about applications."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competitions import calendar
from competitions.wording import age as age_in_words
from proposals.eligibility.ages import latest_start, months_between
from proposals.eligibility.finding import Finding, on_details
from proposals.facts import Facts
from proposals.words import count_words

SHORTEST_TITLE = 4  # EDAT is the shortest that ever won
YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})
ELSEWHERE = frozenset({"youtu.be", "vimeo.com", "player.vimeo.com", "drive.google.com"})


def has_good_title(facts: Facts) -> list[Finding]:
    title = facts.proposal.title.strip()
    rules = facts.proposal.competition.title_rules
    if len(title) < rules.get("min_characters", SHORTEST_TITLE):
        return [on_details(facts, "title", False, _("The title is missing or too short."), missing=not title)]
    return [_title(facts, title, rules), _own_title(facts)]


def _title(facts: Facts, title: str, rules: dict[str, object]) -> Finding:
    if wrong := _against_title(title, rules):
        return on_details(facts, "title", False, wrong, _("Change the title on the page of details."))
    if rules.get("describes") and count_words(title) == 1:
        advice = _("If one word does not say what the innovation does, add a few.")
        return on_details(facts, "title", None, _("The title has to describe the innovation."), advice)
    return on_details(facts, "title", True, _("The title has the right form."))


def _against_title(title: str, rules: dict[str, object]) -> str:
    """What the year's rules have against the title, in words."""
    letters, words = rules.get("max_characters"), rules.get("max_words")
    if isinstance(letters, int) and len(title) > letters:
        return _("The title has %(number)d characters; at most %(most)d are allowed.") % {
            "number": len(title), "most": letters,
        }  # fmt: skip
    if isinstance(words, int) and count_words(title) > words:
        message = _("The title has %(number)d words; at most %(most)d are allowed.")
        return message % {"number": count_words(title), "most": words}
    forbidden = rules.get("forbidden")
    for each in forbidden if isinstance(forbidden, list) else []:
        if each.casefold() in title.casefold():
            return _("The title may not contain “%(text)s”.") % {"text": each}
    return ""


def _own_title(facts: Facts) -> Finding:
    if facts.title_taken:
        message = _("Another proposal with the same title was already sent this year.")
        return on_details(facts, "duplicate_title", False, message, _("Give this one a title of its own."))
    return on_details(facts, "duplicate_title", True, _("No other proposal with this title was sent this year."))


def has_details(facts: Facts) -> list[Finding]:
    """The fields that only some groups ask for."""
    proposal, group, found = facts.proposal, facts.proposal.group, []
    if facts.asks_application:
        said = proposal.is_application is not None
        message = _("It is said whether this is a web or mobile application.") if said else _(
            "It is not said whether this is a web or mobile application."
        )  # fmt: skip
        found.append(on_details(facts, "application", said, message, missing=not said))
    if group.needs_sdgs:
        chosen = bool(proposal.sdgs)
        message = _("A sustainable development goal is chosen.") if chosen else _(
            "No sustainable development goal is chosen."
        )  # fmt: skip
        found.append(on_details(facts, "sdgs", chosen, message, at="needs_sdgs", missing=not chosen))
    return found


def has_video(facts: Facts) -> list[Finding]:
    """A web address; on YouTube, of one video. The portal never opens it."""
    address = facts.proposal.video_url
    if not address:
        return [on_details(facts, "video", False, _("The video link is missing."), missing=True)]
    if not names_a_video(address):
        advice = _("Copy the address from the page where the video plays, beginning with https://.")
        return [on_details(facts, "video", False, _("The video link does not lead to a video."), advice)]
    if not is_known_to_show_videos(address):
        message = _("Whether this address shows a video cannot be told from its form.")
        advice = _("Open it once in a private window: the video must play without logging in.")
        return [on_details(facts, "video", None, message, advice)]
    return [on_details(facts, "video", True, _("The video link has the right form."))]


def names_a_video(address: str) -> bool:
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"} or "." not in host:
        return False
    if host == "youtu.be":
        return len(parts.path) > 1
    if host in YOUTUBE:
        return bool(parse_qs(parts.query).get("v")) or parts.path.startswith(("/shorts/", "/live/", "/embed/"))
    return True


def is_known_to_show_videos(address: str) -> bool:
    host = (urlsplit(address).hostname or "").lower()
    return host in YOUTUBE | ELSEWHERE


def is_old_enough(facts: Facts) -> list[Finding]:
    """Implemented for the group's minimum age (or its category's own) on the day ages are counted to."""
    start = facts.proposal.started_on
    if start is None:
        return [on_details(facts, "started_on", False, _("The start of implementation is missing."), missing=True)]
    if start > calendar.local_day(facts.at):
        return [on_details(facts, "started_on", False, _("The start of implementation lies in the future."))]
    given = on_details(facts, "started_on", True, _("Implementation started on %(day)s.") % {"day": _day(start)})
    return [given, *_started_after(facts, start), *_age(facts, start)]


def _started_after(facts: Facts, start: date) -> list[Finding]:
    first = facts.proposal.group.started_after
    if first is None:
        return []
    message = _("This group takes innovations that started on %(day)s or later.") % {"day": _day(first)}
    return [on_details(facts, "started_after", start >= first, message, at="started_after")]


def _age(facts: Facts, start: date) -> list[Finding]:
    category, until = facts.proposal.category, facts.counted_to
    least = facts.proposal.group.min_age_months_for(category)
    if least is None:
        return []
    if until is None:
        message = _("The day to which the age is counted is not fixed yet.")
        return [on_details(facts, "age", None, message, at="min_age_months")]
    age = months_between(start, until)
    message = _("On %(day)s the innovation is %(age)s old; this group asks for %(least)s.") % {
        "day": _day(until), "age": age_in_words(max(age, 0)), "least": age_in_words(least),
    }  # fmt: skip
    advice = "" if age >= least else _(
        "It would have to have started on %(day)s or earlier. If the date is right, it can take part in a later year."
    ) % {"day": _day(latest_start(until, least))}  # fmt: skip
    return [on_details(facts, "age", age >= least, message, advice, at="min_age_months")]


def _day(day: date) -> str:
    return date_format(day, "j F Y")
