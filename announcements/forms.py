"""What the secretariat types to announce something. Moments are read in the typist's time zone, which is named."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import shown_anew
from announcements.models import Announcement
from competitions.models import Category, Competition, Stage
from files.models import StoredFile
from files.storing import store
from files.widgets import FileBox
from judging.models import Selection

LETTER_MB = 10


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def zone_hint() -> str:
    return gettext("Date and time in your time zone, %(zone)s.") % {"zone": timezone.localtime().tzname()}


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = ["kind", "number", "because", "title", "body", "selections", "revision"]
        widgets = {
            "body": forms.Textarea({"rows": 12}),
            "because": forms.Textarea({"rows": 3}),
            "selections": forms.CheckboxSelectMultiple,
            "revision": forms.HiddenInput,
        }
        labels = {"selections": _("Lists made public with it")}
        help_texts = {
            "number": _("As on the letter, for example B/97/PP.00.05/2020."),
            "body": _("Markdown: an empty line begins a paragraph, ** makes bold, - begins a list item."),
            "selections": _("Published by agency and title, without ranks and scores."),
        }

    upload = forms.FileField(
        label=_("Signed letter (PDF)"), required=False, widget=FileBox({"accept": ".pdf"}),
        help_text=_("Becomes public together with the text. Without one, the portal's own PDF is the letter."),
    )  # fmt: skip
    without_letter = forms.BooleanField(label=_("Take the attached letter out"), required=False)

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.competition = competition
        frozen = Selection.objects.standing().filter(round__group__competition=competition)
        ordered = frozen.select_related("round__group").order_by("round__group__order", "round__order")
        field = self.fields["selections"]
        field.queryset = ordered  # type: ignore[attr-defined]
        if not ordered.exists():
            del self.fields["selections"]
        if not self.instance.pk:
            del self.fields["revision"]
        if not self.instance.corrects_id:
            del self.fields["because"]
        if not self.instance.letter_id:
            del self.fields["without_letter"]

    def build_on(self, revision: int) -> None:
        """Let the next press save over the stored text, which is now shown beside what was typed."""
        shown_anew(self, revision=revision)

    def deed(self, *, by: User) -> dict[str, Any]:
        """What the actions take. A new letter is stored; ValidationError for `upload` when it is refused."""
        fields = dict(self.cleaned_data)
        upload, without = fields.pop("upload"), fields.pop("without_letter", False)
        fields["letter"] = None if without else self.instance.letter
        if upload:
            fields["letter"] = store_letter(upload, by=by)
        return fields


class CorrectionForm(forms.Form):
    number = forms.CharField(label=_("Number of the correction"), max_length=100)
    because = forms.CharField(
        label=_("What is corrected, and why"), max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Shown in public with both versions."),
    )  # fmt: skip


class DiscardForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ScheduleForm(forms.Form):
    class When:
        NOW = "now"
        LATER = "later"

    when = forms.ChoiceField(
        label=_("When does it become public?"),
        choices=[(When.NOW, _("Now, as soon as I confirm")), (When.LATER, _("At the moment below"))],
        widget=forms.RadioSelect,
        initial=When.LATER,
    )
    publish_at = forms.DateTimeField(label=_("Moment of publication"), required=False, widget=MomentInput())
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publish_at"].help_text = zone_hint()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == self.When.LATER and not cleaned.get("publish_at") and "publish_at" not in self.errors:
            self.add_error("publish_at", _("Choose the moment of publication."))
        return cleaned

    @property
    def moment(self) -> datetime | None:
        """None: now."""
        return self.cleaned_data["publish_at"] if self.cleaned_data["when"] == self.When.LATER else None


class ExtensionForm(forms.Form):
    """`letter` names one uploaded with the first step, `move` the later stages that move along."""

    ends_at = forms.DateTimeField(label=_("New deadline"), widget=MomentInput())
    letter_number = forms.CharField(label=_("Number of the letter"), max_length=100)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea({"rows": 3}), help_text=_("Printed in the public announcement.")
    )
    upload = forms.FileField(
        label=_("Signed letter (PDF)"), required=False, widget=FileBox({"accept": ".pdf"}),
        help_text=_("Becomes public together with the text. Without one, the portal's own PDF is the letter."),
    )  # fmt: skip
    letter = forms.ModelChoiceField(StoredFile.objects.none(), required=False, widget=forms.HiddenInput)
    move = forms.ModelMultipleChoiceField(
        Stage.objects.none(), to_field_name="key", required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, stage: Stage, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_at"].help_text = zone_hint()
        chosen: dict[str, Any] = self.fields
        chosen["letter"].queryset = StoredFile.objects.filter(uploaded_by=by, media_type="application/pdf")
        chosen["move"].queryset = stage.competition.stages.filter(order__gt=stage.order)

    @property
    def deed(self) -> dict[str, Any]:
        """What extend_deadline takes."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "upload"}
        return fields | {"move": [stage.key for stage in fields["move"]]}

    def keep_letter(self, *, by: User) -> None:
        """Stores an upload, also while another field must be corrected: the next page knows it by name. ValidationError
        for `upload` when it is refused."""
        if not self.errors.get("upload") and (upload := self.cleaned_data["upload"]):
            self.cleaned_data["letter"] = letter = store_letter(upload, by=by)
            shown_anew(self, letter=letter.pk)


def store_letter(upload: UploadedFile, *, by: User) -> StoredFile:
    try:
        return store(upload, kinds=["pdf"], by=by, max_mb=LETTER_MB)
    except ValidationError as error:
        raise ValidationError({"upload": error}) from None


class ListFilter(forms.Form):
    """What a reader narrows a published list by; sent by GET, so that it can be shared."""

    q = forms.CharField(label=_("Search title, agency or unit"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = Category.objects.filter(competition=competition).values_list("key", "name")
        self.fields["category"].choices = [("", _("All categories")), *categories]  # type: ignore[attr-defined]
