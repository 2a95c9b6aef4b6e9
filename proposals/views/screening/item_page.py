"""What the page of one item shows: the proposal, and beside it whichever panel is the reader's to use."""

from typing import Any

from django.forms import Form

from accounts.models import User
from competitions.models import ScreeningCheck
from proposals.forms_screening import DecisionForm, LookForm, ReopenForm, SettlementForm
from proposals.models import Correction, Screening, SecondLook, Submission
from proposals.reading import read
from proposals.resemblances import seen_from
from proposals.screening import claims, engine, heads, queue, reasons
from proposals.screening.deciding import may_correct

Fields = dict[str, Any]


class ItemPage:
    """Built from a submission of `submission_to_read`; `posted` binds the decision form."""

    def __init__(self, submission: Submission, reader: User, posted: Any = None) -> None:
        self.submission, self.reader = submission, reader
        self.proposal = submission.proposal
        self.screening: Screening | None = getattr(submission, "screening", None)
        checks = list(ScreeningCheck.objects.filter(competition=self.proposal.competition_id))
        self.lines = engine.checklist(checks, self.screening)
        self.posted = posted
        self.form = self._form(posted)
        self.look_form: Form = LookForm()
        self.settlement_form: Form = SettlementForm()

    def _form(self, posted: Any = None, **kept: object) -> DecisionForm:
        return DecisionForm(
            posted, lines=self.lines, initial=self._initial() | kept, may_correct=may_correct(self.proposal),
        )  # fmt: skip

    def corrected(self) -> Correction | None:
        """The correction this submission came from; asked only in years that have one."""
        rules = getattr(self.proposal.competition, "screening_rules", None)
        if rules is None or rules.correction_days is None:
            return None
        return Correction.objects.filter(submission=self.submission).select_related("screening").first()

    def _initial(self) -> Fields:
        """A reopened item begins with what was decided before; a fresh one with what the machine suggests."""
        held = self.screening
        kept = list(held.failed_checks.values_list("pk", flat=True)) if held and held.note else []  # a fail has a note
        suggested = [line.check.pk for line in self.lines if line.suggested]
        fields: Fields = {"failed_checks": kept or suggested, "note": held.note if held else ""}
        if held and held.verdict:
            fields |= {"verdict": held.verdict, "failed_checks": kept}
        return fields

    def refresh(self) -> None:
        """Somebody else changed the item meanwhile."""
        if self.screening is not None:
            self.screening.refresh_from_db()

    @property
    def holds(self) -> bool:
        held = self.screening
        return held is not None and not held.verdict and held.claimed_by_id == self.reader.pk

    @property
    def held_by_other(self) -> bool:
        held = self.screening
        if held is None or held.verdict:
            return False
        return claims.held_by_other(held, self.reader, self.submission.now)  # type: ignore[attr-defined]

    def with_reason(self, code: str) -> Fields:
        """The page with everything typed kept, and the chosen reason added to the note."""
        assert self.posted is not None  # noqa: S101  only a form that was sent inserts
        offered = self._reasons()
        text = next((each.text for each in offered if each.code == code), "")
        self.form = self._form(
            None, note=reasons.add_to(self.posted.get("note", ""), text), verdict=self.posted.get("verdict", ""),
            failed_checks=self.posted.getlist("failed_checks"),
        )  # fmt: skip
        return self.context()

    def _reasons(self) -> list[reasons.Reason]:
        return reasons.filled(self.proposal, self.screening, self.lines) if self.screening else []

    def context(self) -> Fields:
        held = self.screening
        look = self._look() if held and held.verdict else None
        return {
            "submission": self.submission,
            "proposal": self.proposal,
            "reading": read(self.proposal),
            "screening": held,
            "holds": self.holds,
            "held_by_other": self.held_by_other,
            "lapsed": self.holds and held is not None and held.claimed_until < self.submission.now,  # type: ignore[attr-defined]
            "form": self.form,
            "kept_note": self.posted.get("note", "") if self.posted and not self.holds else "",
            "reasons": self._reasons() if self.holds else [],
            "reopen_form": ReopenForm(),
            "look": look,
            "may_look": self._may_look(look),
            "look_form": self.look_form,
            "may_settle": self._may_settle(look),
            "settlement_form": self.settlement_form,
            "corrected": self.corrected(),
            "events": queue.history(held),
            "seen": seen_from(self.submission),
        }

    def _look(self) -> SecondLook | None:
        looks = SecondLook.objects.filter(screening=self.screening, stands=True)
        return looks.select_related("looked_by", "claimed_by", "settled_by").first()

    def _may_look(self, look: SecondLook | None) -> bool:
        return look is not None and look.agrees is None and self.screening.decided_by_id != self.reader.pk  # type: ignore[union-attr]

    def _may_settle(self, look: SecondLook | None) -> bool:
        if look is None or look.agrees is not False or look.settled_at:
            return False
        own = {self.screening.decided_by_id, look.looked_by_id}  # type: ignore[union-attr]
        return self.reader.pk not in own and heads.is_head(self.reader, self.proposal.competition)
