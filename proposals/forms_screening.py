"""What the secretariat enters in screening, and what an agency answers to it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Competition, ReasonTemplate, ScreeningCheck
from files.widgets import FileBox
from proposals.models import Objection, Screening
from proposals.screening.corrections import Mendable
from proposals.screening.engine import CheckLine
from proposals.screening.reasons import check_placeholders
from proposals.words import LONGEST_TEXT


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

    def __init__(self, *args: Any, lines: list[CheckLine], may_correct: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        keys = [line.check.pk for line in lines]
        self.fields["failed_checks"].queryset = ScreeningCheck.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        if not may_correct:
            self.fields["verdict"].choices = [  # type: ignore[attr-defined]
                choice for choice in Screening.Verdict.choices if choice[0] != Screening.Verdict.CORRECT
            ]

    def checklist(self) -> list[tuple[CheckLine, bool]]:
        """Each line with whether its box is ticked: as sent, else as kept or suggested."""
        ticked = {str(getattr(value, "pk", value)) for value in self["failed_checks"].value() or []}
        return [(line, str(line.check.pk) in ticked) for line in self.lines]


class LookForm(forms.Form):
    """A second clerk's word."""

    agrees = forms.TypedChoiceField(
        label=_("Is the decision right?"), widget=forms.RadioSelect, required=False, empty_value=None,
        choices=[("yes", _("I agree")), ("no", _("I disagree"))], coerce=lambda value: value == "yes",
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed if you disagree. Only the secretariat reads it."),
    )  # fmt: skip


class SettlementForm(forms.Form):
    settlement = forms.CharField(
        label=_("Words to both clerks"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed if you send it back. Only the secretariat reads it."),
    )  # fmt: skip


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


class BatchForm(forms.Form):
    """Typing the number is the confirmation."""

    typed = forms.IntegerField(
        label=_("Type the number of proposals to confirm"), required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )  # fmt: skip


class ReasonForm(forms.ModelForm):
    """A sentence clerks have at hand."""

    class Meta:
        model = ReasonTemplate
        fields = ("title", "check_line", "text")
        widgets = {"text": forms.Textarea({"rows": 4})}
        help_texts = {"check_line": _("Empty: for any check.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        checks = ScreeningCheck.objects.filter(competition=self.instance.competition)
        self.fields["check_line"].queryset = checks  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        check_placeholders(self.cleaned_data["text"])
        return self.cleaned_data["text"]

    def clean_title(self) -> str:
        """The year is not on the form, yet a short name must be its only one there."""
        title = self.cleaned_data["title"]
        same = ReasonTemplate.objects.filter(competition=self.instance.competition, title=title)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is already a reason with this short name."), code="title_taken")
        return title


class HeadForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Person of the secretariat"), empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.secretariat().order_by("name")
        heads = competition.screening_heads.values("user")
        self.fields["user"].queryset = people.exclude(pk__in=heads)  # type: ignore[attr-defined]


class ObjectionForm(forms.Form):
    """Why the agency objects, and one file at most."""

    text = forms.CharField(
        label=_("Why you object"), max_length=5000, widget=forms.Textarea({"rows": 8}),
        help_text=_("Name the point you object to and what proves otherwise. You can object once."),
    )  # fmt: skip
    attachment = forms.FileField(label=_("Evidence (PDF, at most 2 MB)"), required=False, widget=FileBox)


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Objection.Outcome.choices, widget=forms.RadioSelect, required=False
    )
    answer = forms.CharField(
        label=_("Reasons"), max_length=5000, required=False, widget=forms.Textarea({"rows": 6}),
        help_text=_("The agency reads them at once."),
    )  # fmt: skip


class CorrectionForm(forms.Form):
    """Only what the screening named: one box or one file for each."""

    def __init__(self, *args: Any, allowed: Mendable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed
        if allowed.title:
            self.fields["title"] = forms.CharField(label=_("Title"), max_length=200)
        if allowed.video:
            self.fields["video_url"] = forms.URLField(label=_("Video link"), assume_scheme="https", max_length=200)
        for aspect, question in allowed.questions:
            self.fields[f"answer-{question.pk}"] = forms.CharField(
                label=f"{aspect}: {question}", required=False, strip=False, max_length=LONGEST_TEXT,
                widget=forms.Textarea({"rows": 8}),
                help_text=_("At most %(words)d words.") % {"words": question.max_words} if question.max_words else "",
            )  # fmt: skip
            # A browser would cut a longer text off unseen; said in words it can be shortened.
            self.fields[f"answer-{question.pk}"].widget.attrs.pop("maxlength", None)
        for each in allowed.documents:
            self.fields[f"document-{each.pk}"] = forms.FileField(
                label=each.name, required=False, widget=FileBox,
                help_text=_("PDF, at most %(mb)s MB. Without a new file the old one stays.")
                % {"mb": floatformat(each.max_mb)},
            )  # fmt: skip

    def corrections(self) -> dict[str, Any]:
        """As `send_correction` takes them."""
        given = self.cleaned_data
        if not given:
            raise ValidationError(_("Nothing was corrected yet: change what is named below."), code="nothing_changed")
        return {
            "answers": {question: given[f"answer-{question.pk}"] for _aspect, question in self.allowed.questions},
            "uploads": {
                each: given[f"document-{each.pk}"] for each in self.allowed.documents if given[f"document-{each.pk}"]
            },
            "fields": {name: given[name] for name in ("title", "video_url") if name in given},
        }


class QueueFilter(forms.Form):
    """What the list of items is narrowed by; sent by GET."""

    STATES = [
        ("", _("All")),
        ("waiting", _("Waiting")),
        ("held", _("Being checked")),
        ("mine", _("Mine")),
        ("passed", _("Passed")),
        ("failed", _("Did not pass")),
        ("correct", _("To be corrected")),
        ("second", _("Waits for a second look")),
        ("disputed", _("Two clerks differ")),
        ("differs", _("Clerk and system differ")),
    ]
    state = forms.ChoiceField(label=_("Status"), choices=STATES, required=False)
    q = forms.CharField(label=_("Search title, agency or receipt number"), required=False)
