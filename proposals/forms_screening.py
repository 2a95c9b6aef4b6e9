"""What a clerk enters about one proposal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.models import ScreeningCheck
from proposals.models import Screening
from proposals.screening_queue import CheckLine


class DecisionForm(forms.Form):
    """The verdict, the checks that are not met, and a note; what belongs together the action decides."""

    failed_checks = forms.ModelMultipleChoiceField(
        ScreeningCheck.objects.none(), label=_("Checks that are not met"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=Screening.Verdict.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose pass or fail.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note to the agency"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Needed for a fail. The agency reads it once the results are released."),
    )  # fmt: skip

    def __init__(self, *args: Any, lines: list[CheckLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        checks = ScreeningCheck.objects.filter(pk__in=[line.check.pk for line in lines])
        self.fields["failed_checks"].queryset = checks  # type: ignore[attr-defined]

    def checklist(self) -> list[tuple[CheckLine, bool]]:
        """Each line with whether its box is ticked: as sent, else as kept or suggested."""
        ticked = {str(getattr(value, "pk", value)) for value in self["failed_checks"].value() or []}
        return [(line, str(line.check.pk) in ticked) for line in self.lines]


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


class QueueFilter(forms.Form):
    """What the list of items is narrowed by; sent by GET."""

    STATES = [
        ("", _("All")),
        ("waiting", _("Waiting")),
        ("held", _("Being checked")),
        ("mine", _("Mine")),
        ("passed", _("Passed")),
        ("failed", _("Did not pass")),
    ]
    state = forms.ChoiceField(label=_("Status"), choices=STATES, required=False)
    q = forms.CharField(label=_("Search title, agency or receipt number"), required=False)
