"""How far a proposal is: the sections of its task list with their state, made from the very findings that sending
asks. A proposal is ready exactly when sending would not refuse it."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.eligibility import Finding, Verdict, failures, judge
from proposals.facts import Facts


class State(models.TextChoices):
    TODO = "todo", gettext_lazy("Nothing written yet")
    DOING = "doing", gettext_lazy("Partly filled in")
    DONE = "done", gettext_lazy("Done")
    BLOCKED = "blocked", gettext_lazy("Cannot start yet")
    PROBLEM = "problem", gettext_lazy("Has a problem")


class Part(models.TextChoices):
    IDENTITY = "identity", gettext_lazy("Identity")
    CONTENT = "content", gettext_lazy("Content of the proposal")
    DOCUMENTS = "documents", gettext_lazy("Documents")


@dataclass(frozen=True)
class Section:
    """One row of the task list; `key` names the aspect."""

    part: Part
    label: str
    page: str
    state: State
    hint: str = ""
    key: str = ""
    code: str = ""

    @property
    def url(self) -> str:
        return reverse(self.page, args=[self.code, self.key] if self.key else [self.code])

    @property
    def status(self) -> str:
        return self.state.value

    @property
    def status_label(self) -> str:
        return str(self.state.label)


@dataclass(frozen=True)
class Checklist:
    sections: list[Section]
    findings: list[Finding]

    @property
    def done(self) -> int:
        return sum(section.state == State.DONE for section in self.sections)

    @property
    def total(self) -> int:
        return len(self.sections)

    @property
    def blocking(self) -> list[Finding]:
        """What stands against sending."""
        return failures(self.findings)

    @property
    def to_check(self) -> list[Finding]:
        """What a person should look at, without standing against sending."""
        return [each for each in self.findings if each.verdict == Verdict.UNKNOWN]

    @property
    def fulfilled(self) -> list[Finding]:
        return [each for each in self.findings if each.verdict == Verdict.PASS]

    @property
    def ready(self) -> bool:
        return not self.blocking

    def in_part(self, part: str) -> list[Section]:
        return [section for section in self.sections if section.part == part]

    @property
    def parts(self) -> list[tuple[Part, list[Section]]]:
        return [(part, self.in_part(part)) for part in Part]

    def after(self, page: str, key: str = "") -> Section | None:
        """The section that follows on the task list."""
        places = [(section.page, section.key) for section in self.sections]
        if (page, key) not in places:  # a part that is no longer asked
            return None
        following = places.index((page, key)) + 1
        return self.sections[following] if following < len(self.sections) else None


def checklist(facts: Facts) -> Checklist:
    found = judge(facts)
    return Checklist([_details(facts, found), *_aspects(facts, found), *_documents(facts, found)], found)


def _state(found: list[Finding], page: str, key: str, filled: bool) -> State:
    failed = [each for each in failures(found) if (each.section, each.key) == (page, key)]
    if any(not each.missing for each in failed):
        return State.PROBLEM
    if not failed:
        return State.DONE
    return State.DOING if filled else State.TODO


def _details(facts: Facts, found: list[Finding]) -> Section:
    proposal, page = facts.proposal, "proposals:details"
    filled = bool(proposal.started_on or proposal.video_url or proposal.sdgs or proposal.is_application is not None)
    state = _state(found, page, "", filled)
    return Section(Part.IDENTITY, _("Details of the innovation"), page, state, code=proposal.code)


def _aspects(facts: Facts, found: list[Finding]) -> list[Section]:
    page, code = "proposals:aspect", facts.proposal.code
    sections = []
    for aspect in facts.aspects:
        answers = [facts.answers.get(question.pk) for question in facts.asked_in(aspect)]
        filled = any(answer and answer.words for answer in answers)
        state = _state(found, page, aspect.key, filled)
        sections.append(Section(Part.CONTENT, aspect.name, page, state, key=aspect.key, code=code))
    return sections


def _documents(facts: Facts, found: list[Finding]) -> list[Section]:
    if not facts.requirements:
        return []
    page = "proposals:documents"
    held = sum(each.pk in facts.documents for each in facts.requirements)
    hint = _("%(held)d of %(asked)d files attached") % {"held": held, "asked": len(facts.requirements)}
    state = _state(found, page, "", bool(facts.documents))
    return [Section(Part.DOCUMENTS, _("Documents"), page, state, hint=hint, code=facts.proposal.code)]
