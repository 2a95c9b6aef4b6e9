"""One sheet as it is typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.requests import shown_anew
from competitions.decimals import DecimalField
from competitions.models import Criterion
from judging.actions import Writer
from judging.models import Assessment

MOST_STEPS = 9  # a scale with at most so many steps has a button for each


class ScoringForm(forms.Form):
    """One sheet: a score and a comment per criterion of its round, and two notes."""

    version = forms.IntegerField(label=_("This sheet"), widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment for the agency"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the agency, without your name; the secretariat keeps it until the ministry releases it."),
    )  # fmt: skip
    panel_note = forms.CharField(
        label=_("Note for the panel"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the secretariat and the plenary read this."),
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, assessment: Assessment, criteria: list[Criterion]
    ) -> None:
        stored = {score.criterion_id: score for score in assessment.scores.all()}
        initial: dict[str, Any] = {
            "version": assessment.version, "comment": assessment.comment, "panel_note": assessment.panel_note
        }  # fmt: skip
        for criterion in criteria:
            if score := stored.get(criterion.pk):
                value = score.value
                initial[f"score-{criterion.key}"] = None if value is None else _plain(value)
                initial[f"comment-{criterion.key}"] = score.comment
        super().__init__(data, initial=initial)
        self.criteria = criteria
        for criterion in criteria:
            score = stored.get(criterion.pk)
            self.fields[f"score-{criterion.key}"] = _score_field(criterion, score.value if score else None)
            self.fields[f"comment-{criterion.key}"] = forms.CharField(
                label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["class"] = "form-control"

    @cached_property
    def rubric(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        """(criterion, score field, comment field) in the rubric's order."""
        return [(each, self[f"score-{each.key}"], self[f"comment-{each.key}"]) for each in self.criteria]

    def beside_stored(self) -> list[dict[str, str]]:
        """What is stored beside what was typed, wherever the two differ: the field's name and label, stored, typed."""
        found = []
        for name, field in self.fields.items():
            values = (self.initial.get(name), self.cleaned_data.get(name))
            stored, typed = (str(field.prepare_value(each) or "") for each in values)
            if name not in self.cleaned_data:
                typed = self.data.get(name, "")
            if name == "version" or stored == typed:
                continue
            own = next((each.name for each in self.criteria if name == f"comment-{each.key}"), None)
            label = f"{own}: {field.label}" if own else str(field.label)
            found.append({"name": name, "label": label, "stored": stored, "typed": typed})
        return found

    def build_on(self, version: int) -> None:
        """Let the next press save over the stored version, which is now shown beside what was typed."""
        shown_anew(self, version=version)

    @property
    def scores(self) -> dict[str, Decimal | None]:
        """The good ones, by criterion key."""
        good = self.cleaned_data
        return {each.key: good[f"score-{each.key}"] for each in self.criteria if f"score-{each.key}" in good}

    @property
    def comments(self) -> dict[str, str]:
        return {each.key: self.cleaned_data.get(f"comment-{each.key}", "") for each in self.criteria}

    @property
    def writer(self) -> Writer | None:
        """The open page this comes from; None without a script."""
        name, turn = self.data.get("writer", "")[:40], self.data.get("turn", "")
        return Writer(name, int(turn)) if name and turn.isdecimal() and len(turn) < 9 else None


class RevisionForm(ScoringForm):
    """A revised version of a final sheet, and why."""

    reason = forms.CharField(
        label=_("Why do you revise your scores?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For your team and the secretariat; it stays with the sheet."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["panel_note"]  # it stays as it is: the team is not its reader


class TeamMessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message to the team"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by the jurors of this proposal, without your name, and by the secretariat, with it."),
    )  # fmt: skip


def _plain(value: Decimal) -> Decimal:
    """80.00 as 80, 80.50 as 80.5; never 8E+1."""
    return Decimal(format(value.normalize(), "f"))


def _score_field(criterion: Criterion, stored: Decimal | None) -> DecimalField:
    """A box for a number, or a button for each step of a short scale."""
    words = _("Enter a score from %(low)s to %(high)s.") % {"low": criterion.scale_min, "high": criterion.scale_max}
    field = DecimalField(
        label=criterion.name, required=False, min_value=criterion.scale_min, max_value=criterion.scale_max,
        decimal_places=2, error_messages={"min_value": words, "max_value": words, "invalid": words},
    )  # fmt: skip
    if criterion.scale_max - criterion.scale_min <= MOST_STEPS and (stored is None or stored % 1 == 0):
        field.widget = forms.RadioSelect(choices=_steps(criterion))
    else:
        field.widget.attrs["class"] = "form-control rubric__score"
    return field


def _steps(criterion: Criterion) -> list[tuple[str, str]]:
    """Each step of the scale with the text of the anchor it lies in."""
    found = []
    for step in range(criterion.scale_min, criterion.scale_max + 1):
        text = next((each["text"] for each in criterion.anchors if each["from"] <= step <= each["to"]), "")
        found.append((str(step), text))
    return found
