"""What is good input for a proposal. Drafts may be incomplete: only what could not be stored is refused here."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership, Unit, User
from catalogue.sdgs import GOALS
from competitions.models import Aspect, Category, Competition, Group, Question
from proposals.facts import asks_application
from proposals.models import Proposal
from proposals.words import LONGEST_TEXT, one_line

YES_NO: list[tuple[str, str | Promise]] = [("yes", _("Yes")), ("no", _("No"))]


def may_start_for(user: User) -> list[tuple[Agency, Unit | None]]:
    """The desks at which this person may start a proposal: their own unit, or the units of agencies they administer."""
    memberships = Membership.objects.filter(user=user, role=Membership.Role.INNOVATOR, ended_at=None)
    desks = [(each.agency, each.unit) for each in memberships.select_related("agency", "unit")]
    for agency in Agency.objects.administered_by(user).participating().prefetch_related("units"):
        desks += [(agency, None), *((agency, unit) for unit in agency.units.all() if unit.is_open)]
    return list(dict.fromkeys(desks))


class TitleField(forms.CharField):
    """A browser would cut a longer title off unseen; said in words it can be shortened."""

    default_error_messages = {
        "max_length": _("The title has %(show_value)d characters; at most %(limit_value)d are kept. Shorten it.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Title of the innovation"), max_length=200, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class NewProposalForm(forms.Form):
    """Who, where and in which group; everything else comes on the pages after it."""

    title = TitleField(
        help_text=_("A name that says what the innovation does. It can be changed until the proposal is sent."),
    )
    group = forms.ModelChoiceField(Group.objects.none(), label=_("Group"), widget=forms.RadioSelect, empty_label=None)
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"), empty_label=_("Choose a category"))
    desk = forms.ChoiceField(label=_("Agency and unit"))

    def __init__(
        self, *args: Any, competition: Competition, user: User, only_agency: Agency | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.desks = {
            f"{agency.pk}-{unit.pk if unit else ''}": (agency, unit)
            for agency, unit in may_start_for(user)
            if only_agency in (None, agency)
        }
        groups = competition.groups.order_by("order")
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        self.fields["category"].queryset = competition.categories.order_by("order")  # type: ignore[attr-defined]
        self.fields["desk"].choices = [  # type: ignore[attr-defined]
            (key, f"{agency} – {unit}" if unit else str(agency)) for key, (agency, unit) in self.desks.items()
        ]
        if len(self.desks) == 1:
            self.fields["desk"].initial = next(iter(self.desks))
            self.fields["desk"].widget = forms.HiddenInput()
        if len(groups) == 1:
            self.fields["group"].initial = groups[0]

    def clean_desk(self) -> tuple[Agency, Unit | None]:
        return self.desks[self.cleaned_data["desk"]]


class DetailsForm(forms.Form):
    """The details page. `version` is the one the page was loaded with."""

    title = TitleField()
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"), empty_label=_("Choose a category"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit that runs the innovation"),
        required=False,
        empty_label=_("The agency itself"),
    )
    started_on = forms.DateField(
        label=_("Implementation started on"),
        required=False,
        help_text=_("The day the innovation was first used to serve people, as your evidence shows."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    video_url = forms.URLField(
        label=_("Video link"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_(
            "The address of the video on YouTube, Vimeo or Google Drive, for example https://youtu.be/… It must be open"
            " to everybody who has the link."
        ),
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )
    is_application = forms.ChoiceField(
        label=_("Is it a web or mobile application?"),
        required=False,
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text=_("If it is, a few questions about it are added to the list. What was written there stays if not."),
    )
    sdgs = forms.TypedMultipleChoiceField(
        label=_("Sustainable development goals it contributes to"),
        required=False,
        coerce=int,
        choices=[(number, f"{number}. ") for number in GOALS],
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: QueryDict | None, *, proposal: Proposal) -> None:
        super().__init__(data, initial=_stored(proposal))
        fields: dict[str, Any] = self.fields
        fields["category"].queryset = proposal.competition.categories.order_by("order")
        fields["unit"].queryset = Unit.objects.filter(agency=proposal.agency, is_open=True).order_by("name")
        if proposal.unit_id:
            fields["unit"].queryset |= Unit.objects.filter(pk=proposal.unit_id)
        if not asks_application(proposal.group):
            del fields["is_application"]
        fields["sdgs"].choices = [(number, f"{number}. {name}") for number, name in GOALS.items()]

    def clean_title(self) -> str:
        """On one line, without what pasting brings along."""
        return one_line(self.cleaned_data["title"])

    def clean_is_application(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["is_application"])

    def clean_sdgs(self) -> list[int]:
        return sorted(self.cleaned_data["sdgs"])

    @property
    def changes(self) -> dict[str, Any]:
        """What is good; of a field whose conflict was settled for the stored value (`take-…`) nothing."""
        settled = {name for name in self.fields if self.data.get(f"take-{name}") == "stored"}
        return {name: value for name, value in self.cleaned_data.items() if name != "version" and name not in settled}

    def plain_value(self, name: str) -> Any:
        """What is stored in a field, as its inputs hold it: a text, or a list of texts."""
        value = self[name].value()
        if isinstance(value, list):
            return [str(each) for each in value]
        return "" if value is None else str(getattr(value, "pk", value))


def _stored(proposal: Proposal) -> dict[str, Any]:
    names = ("title", "category", "unit", "started_on", "video_url", "sdgs", "version")
    stored = {name: getattr(proposal, name) for name in names}
    return stored | {"is_application": {True: "yes", False: "no"}.get(proposal.is_application)}  # type: ignore[arg-type]


class AspectForm(forms.Form):
    """One box for each question of the aspect, with the version its text was loaded from (0: never written).

    What is posted may be fewer: autosave sends one box, the page of a conflict those in conflict.
    """

    def __init__(
        self, data: QueryDict | None, *, aspect: Aspect, stored: dict[int, Any], asked: list[Question] | None = None
    ) -> None:
        """`asked` are the questions to show; a text posted for another one of the aspect is taken all the same."""
        super().__init__(data)
        known = list(aspect.questions.all())
        shown = known if asked is None else asked
        self.questions = shown if data is None else [each for each in known if f"text-{each.key}" in data]
        for question in self.questions:
            answer = stored.get(question.pk)
            self.fields[f"text-{question.key}"] = forms.CharField(
                label=question.label, help_text=question.hint, required=False, strip=False, max_length=LONGEST_TEXT,
                initial=answer.text if answer else "", widget=forms.Textarea(attrs=_box(question)),
            )  # fmt: skip
            # A browser would cut a longer text off unseen; said in words it can be shortened.
            self.fields[f"text-{question.key}"].widget.attrs.pop("maxlength", None)
            self.fields[f"version-{question.key}"] = forms.IntegerField(
                widget=forms.HiddenInput, min_value=0, initial=answer.version if answer else 0
            )

    def sent(self, question: Question) -> tuple[str, int]:
        """The text and base version that were posted for a question."""
        return self.cleaned_data[f"text-{question.key}"], self.cleaned_data[f"version-{question.key}"]


def _box(question: Question) -> dict[str, Any]:
    """As high as the text will be: about twelve words to a line."""
    rows = min(max((question.max_words or 120) // 12, 6), 24)
    return {"rows": rows, "class": "form-control", "aria-describedby": f"hint-{question.key} counter-{question.key}"}


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5_000)


class TeamForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of a colleague"),
        help_text=_(
            "Somebody of your agency writes with you at once. Anybody else is first invited to join the agency."
        ),
    )


class CommentForm(forms.Form):
    question = forms.ModelChoiceField(
        Question.objects.none(), label=_("Which answer?"), to_field_name="pk", empty_label=_("Choose an answer")
    )
    text = forms.CharField(label=_("Your comment"), widget=forms.Textarea(attrs={"rows": 4}), max_length=3_000)
    quote = forms.CharField(
        label=_("The passage, copied from the answer"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Leave it empty if you mean the whole answer."),
    )  # fmt: skip

    def __init__(self, *args: Any, questions: QuerySet[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = questions  # type: ignore[attr-defined]
        self.fields["question"].label_from_instance = lambda each: f"{each.aspect}: {each.label}"  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """One file for one requirement; what is in it is checked where it is stored."""

    requirement = forms.SlugField()
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # refused where it is stored, in words that say what to do
        error_messages={"required": _("Choose a file first, then attach it.")},
    )


def said(error: ValidationError) -> str:
    """All messages of a refusal as one text."""
    return " ".join(error.messages)
