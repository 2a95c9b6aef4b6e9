"""What people ask of the record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from audit.naming import kinds_like, verbs
from audit.querysets import EventQuerySet


class EventFilter(forms.Form):
    """The secretariat's questions to the record; every field may be empty."""

    verb = forms.CharField(label=_("Deed"), required=False, max_length=80)
    person = forms.CharField(label=_("Who"), required=False, max_length=100)
    object_key = forms.CharField(label=_("Object"), required=False, max_length=80)
    since = forms.DateField(label=_("From the day"), required=False)
    until = forms.DateField(label=_("To the day"), required=False)

    def __init__(self, data: Mapping[str, Any], *, recorded: Iterable[str] = ()) -> None:
        """`recorded` are the verbs to choose from."""
        super().__init__(data)
        words = sorted(((verb, str(verbs().get(verb, verb))) for verb in recorded), key=lambda pair: pair[1])
        self.fields["verb"].widget = forms.Select({"class": "form-select"}, choices=[("", _("All deeds")), *words])
        self.fields["person"].widget.attrs |= {"class": "form-control", "placeholder": _("Name or e-mail")}
        self.fields["object_key"].widget.attrs |= {"class": "form-control", "placeholder": _("Code or kind")}
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if asked.get("since") and asked.get("until") and asked["until"] < asked["since"]:
            self.add_error("until", _("The last day lies before the first."))
        return asked

    def events(self) -> EventQuerySet:
        """The events asked for; a question that is none asks for none."""
        if not self.is_valid():
            return Event.objects.none()
        asked, found = self.cleaned_data, Event.objects.all()
        if asked["verb"]:
            found = found.filter(verb=asked["verb"])
        if asked["person"]:
            found = found.by_person(asked["person"])
        if asked["object_key"]:
            found = found.on_object(asked["object_key"], kinds_like(asked["object_key"]))
        return found.in_days(asked["since"], asked["until"])


class ReceiptForm(forms.Form):
    """A receipt as its holder copies it: spaces and capitals do not matter."""

    number = forms.CharField(label=_("Receipt number"), max_length=80)
    sha256 = forms.CharField(
        label=_("Fingerprint (SHA-256)"), max_length=200, required=False,
        help_text=_("64 characters, printed on the receipt. Only the fingerprint proves what was sent."),
    )  # fmt: skip

    def clean_number(self) -> str:
        return "".join(self.cleaned_data["number"].split()).upper()

    def clean_sha256(self) -> str:
        return hex_of(self.cleaned_data["sha256"]) if self.cleaned_data["sha256"] else ""


class SealForm(forms.Form):
    root = forms.CharField(
        label=_("Seal root"), max_length=200, help_text=_("64 characters, printed on minutes or shown here earlier.")
    )

    def clean_root(self) -> str:
        return hex_of(self.cleaned_data["root"])


def hex_of(written: str) -> str:
    """64 hexadecimal digits as written on paper, in groups or not. Raises ValidationError(code="not_a_digest")."""
    digest = "".join(written.split()).replace(":", "").lower()
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise forms.ValidationError(_("This is not 64 hexadecimal digits; copy all of it."), code="not_a_digest")
    return digest
