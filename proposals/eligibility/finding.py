"""A finding: what one rule of the year says about one proposal, and where that rule stands."""

from dataclasses import dataclass, field

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.facts import Facts


class Verdict(models.TextChoices):
    PASS = "pass", gettext_lazy("Fulfilled")
    FAIL = "fail", gettext_lazy("Not fulfilled")
    UNKNOWN = "unknown", gettext_lazy("Please check")


@dataclass(frozen=True)
class Source:
    """Where a rule stands. `assumed`: no source gives it, the year's file supposes it."""

    text: str
    assumed: bool = False


@dataclass(frozen=True)
class Finding:
    """What one rule says: `message` is why, `advice` what to do, `source` where the rule stands. `section` is the URL
    name of the page where it can be mended and `key` the part of it; `missing` tells a field not filled yet from one
    filled wrongly."""

    rule: str
    verdict: Verdict
    message: str
    advice: str = ""
    section: str = "proposals:check"
    key: str = ""
    missing: bool = False
    code: str = field(default="", compare=False)
    source: Source = field(default=Source(""), compare=False)

    @property
    def url(self) -> str:
        return reverse(self.section, args=[self.code, self.key] if self.key else [self.code])

    @property
    def is_denial(self) -> bool:
        """Whether it only repeats what the proposal's people said against a likeness."""
        return self.rule.startswith("denied:")


SPEAKS_OF = {"namesake": "history", "denied": "history"}  # questions that a rule raises, and the rule
VERDICTS = {True: Verdict.PASS, False: Verdict.FAIL, None: Verdict.UNKNOWN}


def finding(
    facts: Facts, rule: str, ok: bool | None, message: str, advice: str = "", *, at: str = "", stands_in: str = "",
    section: str = "proposals:check", key: str = "", missing: bool = False,
) -> Finding:  # fmt: skip
    """A finding about these facts; `at` is the rule's place in its group of the year's file, `stands_in` its source
    where the rule has one of its own."""
    return Finding(
        rule, VERDICTS[ok], str(message), str(advice), section, key, missing, facts.proposal.code,
        source_of(facts, rule, at, stands_in),
    )  # fmt: skip


def on_details(
    facts: Facts, rule: str, ok: bool | None, message: str, advice: str = "", *, at: str = "", stands_in: str = "",
    missing: bool = False,
) -> Finding:  # fmt: skip
    """A finding that is mended on the details page."""
    return finding(
        facts, rule, ok, message, advice, at=at, stands_in=stands_in, section="proposals:details", missing=missing
    )


def source_of(facts: Facts, rule: str, at: str, stands_in: str = "") -> Source:
    """The source the year's file names for the rule. Without one it is the file itself that says so: an assumption,
    but for the calendar, which the portal shows as decided."""
    group, competition = facts.proposal.group, facts.proposal.competition
    if rule == "open":
        return Source(_("Calendar of %(competition)s") % {"competition": competition}, facts.is_assumed("stages", at))
    family = rule.partition(":")[0]
    known = stands_in or group.sources.get(SPEAKS_OF.get(family, family), "")
    if known and not facts.is_assumed("groups", group.key, at):
        return Source(known)
    return Source(_("Year file of %(competition)s") % {"competition": competition}, assumed=True)
