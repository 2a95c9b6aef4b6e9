"""What is typed by and about jurors: the pact, a first password, who is invited."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from competitions.models import Category, Competition
from judging.models import Juror


class PactForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("I have read the integrity pact and accept it."),
        error_messages={"required": _("Tick the box to accept the integrity pact.")},
    )


class PasswordForm(forms.Form):
    """Name and first password of an invited person."""

    name = forms.CharField(label=_("Full name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a sentence is easiest to remember."),
        strip=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User) -> None:
        super().__init__(data, initial={"name": user.name})
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password


class JurorDetailsForm(forms.Form):
    """What the portal needs to know of a juror to keep conflicts away."""

    agency = forms.ModelChoiceField(
        Agency.objects.order_by("name"),
        required=False,
        label=_("Own agency"),
        empty_label=_("None (for example a university outside the agencies)"),
        help_text=_("Proposals of this agency, of the ones above and below it, and of its province are never given."),
    )
    institution = forms.CharField(label=_("Institution"), max_length=200, required=False)
    expertise = forms.ModelMultipleChoiceField(
        Category.objects.none(),
        required=False,
        label=_("Expertise"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Proposals of these categories are given first."),
    )

    expertise_text = forms.CharField(
        label=_("Expertise in own words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Compared with the words of the proposals: the nearest ones are given first."),
    )  # fmt: skip
    cap = forms.IntegerField(
        label=_("At most so many sheets in a round"), min_value=0, max_value=1000, required=False,
        help_text=_("Left empty, the juror gets an equal share of all."),
    )  # fmt: skip

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.competition = competition
        self.fields["expertise"].queryset = competition.categories.all()  # type: ignore[attr-defined]


class InviteForm(JurorDetailsForm):
    field_order = ["kind", "name", "email"]

    kind = forms.ChoiceField(label=_("Role"), choices=Juror.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))


class InviteManyForm(forms.Form):
    """Many jurors at once, one a line: name; e-mail; institution; own agency; categories."""

    kind = forms.ChoiceField(label=_("Role"), choices=Juror.Kind.choices, widget=forms.RadioSelect)
    lines = forms.CharField(
        label=_("Jurors, one a line"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "Name; e-mail; institution; own agency (name or code); categories separated by commas."
            " Only name and e-mail are needed."
        ),
    )

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.competition = competition

    def clean_lines(self) -> list[dict[str, Any]]:
        """One dict per juror, as invite_juror takes it; every wrong line is named."""
        agencies = {name.casefold(): agency for agency in Agency.objects.all() for name in (agency.code, agency.name)}
        categories = {category.name.casefold(): category for category in self.competition.categories.all()}
        categories |= {category.key.casefold(): category for category in self.competition.categories.all()}
        found, errors = [], []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append(_person(line, agencies, categories))
            except ValidationError as error:
                words = _("Line %(number)d: %(problem)s")
                problem = {"number": number, "problem": " ".join(error.messages)}
                errors.append(ValidationError(words, code="line", params=problem))
        if errors:
            raise ValidationError(errors)
        return found


def _person(line: str, agencies: dict[str, Agency], categories: dict[str, Category]) -> dict[str, Any]:
    parts = [part.strip() for part in line.replace("\t", ";").split(";")] + [""] * 5
    name, email, institution, agency, fields = parts[:5]
    if not name:
        raise ValidationError(_("the name is missing."))
    validate_email(email)
    if agency and agency.casefold() not in agencies:
        raise ValidationError(_("there is no agency “%(name)s”."), params={"name": agency})
    names = [field.strip() for field in fields.split(",") if field.strip()]
    if unknown := [field for field in names if field.casefold() not in categories]:
        raise ValidationError(_("there is no category “%(name)s”."), params={"name": unknown[0]})
    return {
        "name": name,
        "email": email,
        "institution": institution,
        "agency": agencies.get(agency.casefold()) if agency else None,
        "expertise": [categories[field.casefold()] for field in names],
    }
