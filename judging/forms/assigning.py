"""What people type about ties and about the assignment of a round."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from competitions.models import Competition
from judging.assignment.planning import LINKS_PERCENT, Options
from judging.assignment.weighing import Given
from judging.models import AssignmentPlan, Juror
from proposals.models import Proposal


class ConflictForm(forms.Form):
    """A tie to an agency or, by its code, to one proposal."""

    agency = forms.ModelChoiceField(
        Agency.objects.all(), required=False, to_field_name="code", label=_("Agency"), widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Choose the agency from the list.")},
    )  # fmt: skip
    proposal = forms.CharField(
        label=_("Code of the proposal"), max_length=12, required=False, help_text=_("Eight letters and digits.")
    )
    reason = forms.CharField(
        label=_("What ties you to it?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: I advised this agency in the last two years."),
    )  # fmt: skip

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.competition = competition

    def clean_proposal(self) -> Proposal | None:
        code = self.cleaned_data["proposal"].strip().upper()
        if not code:
            return None
        # what was never sent is nobody's to name: its title would be shown with the conflict of interest
        proposal = Proposal.objects.sent().filter(competition=self.competition, code=code).first()
        if proposal is None:
            raise ValidationError(_("There is no proposal with this code in this year."), code="unknown_proposal")
        return proposal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("agency")) == bool(cleaned.get("proposal")):
            raise ValidationError(_("Choose an agency, or type the code of one proposal."), code="one_of_two")
        return cleaned


class PlanForm(forms.Form):
    """How a plan is computed. The same numbers over the same round give the same plan."""

    mode = forms.ChoiceField(
        label=_("What it may change"), choices=AssignmentPlan.Mode.choices, initial=AssignmentPlan.Mode.FILL,
        widget=forms.RadioSelect,
    )  # fmt: skip
    links_percent = forms.IntegerField(
        label=_("Proposals with a juror from another field, in percent"), min_value=0, max_value=100,
        initial=LINKS_PERCENT,
        help_text=_("They link the fields, so that severe and mild jurors can be told apart."),
    )  # fmt: skip
    pairs_limit = forms.IntegerField(
        label=_("Two jurors share at most so many proposals"), min_value=1, max_value=1000, required=False,
        help_text=_("Left empty, a limit that fits the size of the round."),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("Draw number"), min_value=0, max_value=999_999, required=False,
        help_text=_("Decides between equally good plans. The same number always gives the same plan."),
    )  # fmt: skip

    def options(self) -> Options:
        chosen = self.cleaned_data
        return Options(
            seed=chosen["seed"] or 0, links_percent=chosen["links_percent"], pairs_limit=chosen["pairs_limit"] or 0,
            level=chosen["mode"] == AssignmentPlan.Mode.LEVEL,
        )  # fmt: skip


class EditPlanForm(forms.Form):
    """One sheet of a plan to another juror, or in exchange for one of theirs."""

    taker = forms.ChoiceField(label=_("Who judges it instead"))
    swap = forms.ChoiceField(
        label=_("In exchange for"), required=False,
        help_text=_("Left empty, the proposal goes over and the loads change by one."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, row: Given, rows: Sequence[Given], takers: Sequence[tuple[Juror, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.rows = row, rows
        self.fields["taker"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((juror.code, f"{juror} ({note})") for juror, note in takers)
        ]  # fmt: skip
        theirs = sorted((each for each in rows if each.juror.pk != row.juror.pk), key=lambda each: each.juror.user.name)
        self.fields["swap"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((f"{each.juror.code}:{each.entry.proposal.code}", self._label(each)) for each in theirs)
        ]  # fmt: skip

    @staticmethod
    def _label(each: Given) -> str:
        return f"{each.juror}: {each.entry.proposal.code} {each.entry.proposal.title[:60]}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taker, _colon, _code = cleaned.get("swap", "").partition(":")
        if taker and cleaned.get("taker") and taker != cleaned["taker"]:
            words = _("The proposal in exchange must be one of the juror who takes this one.")
            raise ValidationError(words, code="other_juror")
        return cleaned

    @property
    def exchanged(self) -> Given | None:
        wanted = self.cleaned_data.get("swap", "")
        return next((each for each in self.rows if wanted == f"{each.juror.code}:{each.entry.proposal.code}"), None)
