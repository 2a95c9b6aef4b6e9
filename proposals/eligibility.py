"""What a year's rules say about one proposal: a list of findings, the same for every page, for sending and for
screening. Every rule is a plain function over loaded Facts.

Ages are whole months: from a 15th to the 14th is not yet a month.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qs, urlsplit

from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competitions import calendar
from competitions.models import HistoryRule
from proposals.facts import Facts, gather, local_day
from proposals.models import Proposal

SHORTEST_TITLE = 4  # EDAT is the shortest that ever won
YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})


class Verdict(models.TextChoices):
    PASS = "pass", gettext_lazy("Fulfilled")
    FAIL = "fail", gettext_lazy("Not fulfilled")
    UNKNOWN = "unknown", gettext_lazy("Please check")


@dataclass(frozen=True)
class Finding:
    """What one rule says. `section` is the URL name of the page where it can be mended and `key` the aspect there;
    `missing` tells a field not filled yet from one filled wrongly."""

    rule: str
    verdict: Verdict
    message: str
    advice: str = ""
    section: str = "proposals:check"
    key: str = ""
    missing: bool = False
    code: str = field(default="", compare=False)

    @property
    def url(self) -> str:
        return reverse(self.section, args=[self.code, self.key] if self.key else [self.code])


def findings(proposal: Proposal) -> list[Finding]:
    """All findings about the proposal as it is stored, at the database's now (once sent: at the moment of sending)."""
    return judge(gather(proposal))


def judge(facts: Facts) -> list[Finding]:
    """The findings, in the order of the pages where they are mended."""
    return [each for rule in RULES for each in rule(facts)]


def failures(found: Iterable[Finding]) -> list[Finding]:
    return [each for each in found if each.verdict == Verdict.FAIL]


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another; negative when the end comes first."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _finding(facts: Facts, rule: str, ok: bool | None, message: str, advice: str = "", **where: object) -> Finding:
    verdict = {True: Verdict.PASS, False: Verdict.FAIL, None: Verdict.UNKNOWN}[ok]
    return Finding(rule, verdict, str(message), str(advice), code=facts.proposal.code, **where)  # type: ignore[arg-type]


def _details(
    facts: Facts, rule: str, ok: bool | None, message: str, advice: str = "", missing: bool = False
) -> Finding:
    return _finding(facts, rule, ok, message, advice, section="proposals:details", missing=missing)


def is_open(facts: Facts) -> list[Finding]:
    """Submission is open at the moment judged."""
    ok = calendar.is_open(facts.stage, facts.at)
    words = render_to_string("proposals/_submission.txt", {"stage": facts.stage, "at": facts.at}).strip()
    return [_finding(facts, "open", ok, words, section="proposals:proposal")]


def is_invited(facts: Facts) -> list[Finding]:
    if not facts.proposal.group.invitation_only:
        return []
    message = _("The agency is invited to this group.") if facts.invited else _("This group is by invitation only.")
    advice = "" if facts.invited else _("Withdraw this proposal and start one in another group.")
    return [_finding(facts, "invitation", facts.invited, message, advice)]


def is_within_cap(facts: Facts) -> list[Finding]:
    """The agency sends no more than its cap in the group, counting this proposal."""
    if facts.cap is None:
        return []
    ok = facts.standing < facts.cap
    message = ngettext(
        "An agency may send %(cap)d proposal in this group; %(sent)d other stands.",
        "An agency may send %(cap)d proposals in this group; %(sent)d others stand.",
        facts.cap,
    ) % {"cap": facts.cap, "sent": facts.standing}
    advice = "" if ok else _("The agency admin can withdraw another proposal first.")
    return [_finding(facts, "cap", ok, message, advice)]


def has_good_title(facts: Facts) -> list[Finding]:
    title = facts.proposal.title.strip()
    if len(title) < SHORTEST_TITLE:
        return [_details(facts, "title", False, _("The title is missing or too short."), missing=not title)]
    if facts.title_taken:
        message = _("Another proposal with the same title was already sent this year.")
        return [_details(facts, "duplicate_title", False, message, _("Give this one a title of its own."))]
    return [_details(facts, "title", True, _("The title is given and not yet taken."))]


def has_details(facts: Facts) -> list[Finding]:
    """The other fields of the details page that every proposal fills in."""
    proposal, group = facts.proposal, facts.proposal.group
    message = _("It is not said whether this is a web or mobile application.")
    asked = [("application", proposal.is_application is not None, message)]
    if group.needs_sdgs:
        message = _("No sustainable development goal is chosen.")
        asked.append(("sdgs", bool(proposal.sdgs), message))
    if group.needs_source_innovation:
        message = _("The innovation this one replicates is not named.")
        asked.append(("source", proposal.source_innovation_id is not None, message))
    return [_details(facts, rule, False, message, missing=True) for rule, filled, message in asked if not filled]


def has_video(facts: Facts) -> list[Finding]:
    """A web address; on YouTube, of one video. The portal never opens it."""
    address = facts.proposal.video_url
    if not address:
        return [_details(facts, "video", False, _("The video link is missing."), missing=True)]
    if not names_a_video(address):
        advice = _("Copy the address from the page where the video plays, beginning with https://.")
        return [_details(facts, "video", False, _("The video link does not lead to a video."), advice)]
    return [_details(facts, "video", True, _("The video link has the right form."))]


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


def is_old_enough(facts: Facts) -> list[Finding]:
    """Implemented for the group's minimum age (or its category's own) on the day ages are counted to."""
    start, until = facts.proposal.started_on, facts.counted_to
    if start is None:
        return [_details(facts, "started_on", False, _("The start of implementation is missing."), missing=True)]
    if start > local_day(facts.at):
        return [_details(facts, "started_on", False, _("The start of implementation lies in the future."))]
    group = facts.proposal.group
    if group.started_after and start < group.started_after:
        message = _("This group takes innovations that started on %(day)s or later.")
        return [_details(facts, "started_after", False, message % {"day": _day(group.started_after)})]
    least = group.min_age_months_for(facts.proposal.category)
    if least is None or until is None:
        return []
    age = months_between(start, until)
    message = _("On %(day)s the innovation is %(age)d months old; this group asks for %(least)d.")
    message = message % {"day": _day(until), "age": age, "least": least}
    advice = "" if age >= least else _("If the date is right, the innovation can take part in a later year.")
    return [_details(facts, "age", age >= least, message, advice)]


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def has_history_in_order(facts: Facts) -> list[Finding]:
    """What the innovation won before, by the past innovation the proposal names."""
    past, rules = facts.proposal.past_innovation, list(facts.proposal.group.history_rules.all())
    found = [_history(facts, rule) for rule in rules]
    if past is None and rules and facts.namesake:
        message = _("The catalogue holds “%(title)s” of your agency. If it is the same innovation, choose it.")
        found.append(_details(facts, "namesake", None, message % {"title": facts.namesake.title}))
    return found


def _history(facts: Facts, rule: HistoryRule) -> Finding:
    past = facts.proposal.past_innovation
    awards = [
        award
        for award in (past.awards.all() if past else [])
        if award.tier in rule.tiers and (rule.first_year or 0) <= award.year <= (rule.last_year or award.year)
    ]
    if rule.kind == HistoryRule.Kind.REQUIRES and past is None:
        advice = _("Choose the innovation from the catalogue of earlier years.")
        return _details(facts, f"history:{rule.key}", False, rule.text, advice, missing=True)
    ok = bool(awards) if rule.kind == HistoryRule.Kind.REQUIRES else len(awards) <= rule.limit
    won = ", ".join(f"{award.label} ({award.year})" for award in awards)
    advice = "" if ok or not won else _("It already won: %(awards)s.") % {"awards": won}
    return _details(facts, f"history:{rule.key}", ok, rule.text, advice)


def has_answers(facts: Facts) -> list[Finding]:
    """Every required box is written in, and none exceeds its words."""
    found = []
    for aspect, question in facts.questions:
        answer = facts.answers.get(question.pk)
        words, most = answer.words if answer else 0, question.max_words
        name, where = f"{aspect.key}/{question.key}", {"section": "proposals:aspect", "key": aspect.key}
        if not words and question.required:
            message = _("%(aspect)s: “%(question)s” is not answered.") % {"aspect": aspect, "question": question}
            found.append(_finding(facts, f"answer:{name}", False, message, missing=True, **where))
        elif most is not None and words > most:
            message = _("%(aspect)s: the answer has %(words)d words; at most %(most)d are allowed.")
            message = message % {"aspect": aspect, "words": words, "most": most}
            advice = _("Shorten it by %(number)d words.") % {"number": words - most}
            found.append(_finding(facts, f"words:{name}", False, message, advice, **where))
    return found


def has_documents(facts: Facts) -> list[Finding]:
    """Every required file is attached; each was checked when it was stored."""
    return [
        _finding(
            facts, f"document:{each.key}", False, _("%(document)s is not attached.") % {"document": each},
            section="proposals:documents", missing=True,
        )
        for each in facts.requirements
        if each.required and each.pk not in facts.documents
    ]  # fmt: skip


Rule = Callable[[Facts], list[Finding]]
CONTENT_RULES: tuple[Rule, ...] = (
    has_good_title, is_old_enough, has_details, has_video, has_history_in_order, has_answers, has_documents,
)  # fmt: skip
RULES: tuple[Rule, ...] = (is_open, is_invited, is_within_cap, *CONTENT_RULES)
