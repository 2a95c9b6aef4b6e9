"""What is good input about people and agencies. Constraint messages come from the models."""

import re
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Unit, User
from files.widgets import FileBox

PHONE = forms.RegexField(
    r"^\+?[0-9][0-9 ().-]{6,25}$", max_length=30, label=_("Telephone or WhatsApp number"),
    error_messages={"invalid": _("Write the number with digits, for example 0812 3456 7890.")},
    widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
)  # fmt: skip
MOST_INVITATIONS = 100


class NewPersonForm(forms.Form):
    """What makes an account. Signed-in people skip it."""

    name = forms.CharField(label=_("Full name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    position = forms.CharField(
        label=_("Position"), max_length=150, help_text=_("For example: Head of the Organisation Division."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )  # fmt: skip
    phone = PHONE
    password = forms.CharField(
        label=_("Password"), strip=False,
        help_text=_("At least 12 characters. Not your name, and nothing that many people use."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("I agree that my name, position, telephone number and e-mail address are used to run the competition."),
        error_messages={"required": _("Without your agreement the portal may not keep your data.")},
    )

    def new_email(self) -> str:
        return str(self.cleaned_data.get("email", ""))

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if password := data.get("password"):
            person = User(email=self.new_email(), name=data.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class RegistrationForm(NewPersonForm):
    """Person and letter. The agency is chosen on the page before."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254,
        help_text=_("You log in with it, and all messages go there. A confirmation link is sent to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=User.TimeZone.choices, help_text=_("Times and deadlines are shown in it.")
    )
    letter_number = forms.CharField(
        label=_("Number of the letter of appointment"), max_length=100,
        help_text=_("As printed on the letter, for example 065/123/ORG/2023."),
    )  # fmt: skip
    letter = forms.FileField(
        label=_("Signed letter of appointment (PDF)"),
        help_text=_("The letter in which your agency appoints you as its admin, signed. A scan is fine. At most 5 MB."),
        widget=FileBox(attrs={"accept": "application/pdf"}),
    )
    field_order = [
        "name", "position", "email", "phone", "time_zone", "password", "letter_number", "letter", "consent",
    ]  # fmt: skip

    def __init__(self, *args: Any, person: User | None = None, has_letter: bool = False, **kwargs: Any) -> None:
        """`person`: who is signed in, and asked only for the letter. `has_letter`: one was received a moment ago."""
        super().__init__(*args, **kwargs)
        if person:
            for known in ("name", "email", "position", "phone", "time_zone", "password", "consent"):
                del self.fields[known]
        if has_letter:
            self.fields["letter"].required = False


class RefusalForm(forms.Form):
    """A reason from the list, words of one's own, or both."""

    REASONS = [
        _("The letter of appointment is not signed by the head of the agency or on their behalf."),
        _("The letter of appointment names another person."),
        _("The letter of appointment is for another agency."),
        _("The attached file is not a letter of appointment or cannot be read."),
        _("The e-mail address does not look like one used for the agency's work."),
    ]
    listed = forms.ChoiceField(
        label=_("Reason"), required=False, widget=forms.RadioSelect,
        choices=[*enumerate(REASONS), ("", _("Another reason, written below"))],
    )  # fmt: skip
    note = forms.CharField(
        label=_("In your own words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say what the person should do. They read it in the e-mail."),
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not self.reason():
            self.add_error("note", ValidationError(_("Choose a reason or write one."), code="reason_missing"))
        return data

    def reason(self) -> str:
        chosen = self.cleaned_data.get("listed")
        words = [str(self.REASONS[int(chosen)])] if chosen else []
        return "\n".join([*words, *filter(None, [self.cleaned_data.get("note", "").strip()])])


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["name"]
        labels = {"name": _("Name of the unit")}
        help_texts = {"name": _("The office, health centre, school or village that serves the public.")}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class Invitee(NamedTuple):
    name: str
    email: str


class InvitationForm(forms.Form):
    people = forms.CharField(
        label=_("Whom to invite"), widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("One person per line: name, e-mail. You can paste lines from a spreadsheet."),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(), required=False, label=_("Unit"), empty_label=_("No unit yet")
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = agency.units.open()  # type: ignore[attr-defined]

    def clean_people(self) -> list[Invitee]:
        lines = [
            (number, line) for number, line in enumerate(self.cleaned_data["people"].splitlines(), 1) if line.strip()
        ]
        if len(lines) > MOST_INVITATIONS:
            message = _("At most %(most)d people at once.")
            raise ValidationError(message, code="too_many", params={"most": MOST_INVITATIONS})
        found: dict[str, Invitee] = {}
        errors = []
        for number, line in lines:
            try:
                invitee = _invitee(line)
                found.setdefault(invitee.email, invitee)
            except ValidationError:
                text = gettext("Line %(number)d has no valid e-mail address: %(line)s")
                errors.append(ValidationError(text, code="line", params={"number": number, "line": line.strip()[:80]}))
        if errors:
            raise ValidationError(errors)
        return list(found.values())


def _invitee(line: str) -> Invitee:
    """Reads "name, e-mail", "e-mail", "name <e-mail>", with comma, semicolon or tab between."""
    parts = [part.strip(" \t\"'<>") for part in re.split(r"[,;\t<]", line)]
    email = next((part for part in parts if "@" in part), "")
    if not email and (match := re.search(r"\S+@\S+", line)):
        email = match.group()
    validate_email(email)
    return Invitee(name=", ".join(part for part in parts if part and "@" not in part)[:150], email=email.lower())


class EndMembershipForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it in the e-mail, and it stays in the history."),
    )  # fmt: skip


class SuccessorForm(forms.Form):
    name = forms.CharField(label=_("Name of the successor"), max_length=150)
    email = forms.EmailField(label=_("E-mail of the successor"))


class AcceptanceForm(NewPersonForm):
    """The invited person's own data; the address is the one the invitation went to."""

    field_order = ["name", "position", "phone", "password", "consent"]

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def new_email(self) -> str:
        return self.email


class ProfileForm(forms.ModelForm):
    phone = PHONE

    class Meta:
        model = User
        fields = ["name", "position", "phone", "time_zone", "language"]
        labels = {
            "name": _("Full name"), "position": _("Position"), "time_zone": _("Time zone"), "language": _("Language"),
        }  # fmt: skip
        help_texts = {"time_zone": _("Times and deadlines are shown in it.")}
