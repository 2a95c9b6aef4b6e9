"""What is good input: a spreadsheet and what its columns hold, which rows are which innovation, and what agencies say
of offering and replicating one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from catalogue.actions import following, offering, requesting
from catalogue.columns import COLUMNS, NOT_GIVEN, knows_head
from catalogue.following import years_of_winners
from catalogue.models import FollowUpFile, FollowUpReport, Import, Innovation, Offer, OfferFile, Replication
from catalogue.models.follow_ups import LONGEST_REPORT
from catalogue.models.offers import LONGEST_TEXT
from catalogue.spreadsheets import Table, read_table
from competitions import calendar
from files.kinds import accepted_by_browsers
from files.models import StoredFile
from files.quotas import MB, Payer, charge
from files.storing import store
from files.widgets import FileBox, FilesField

MOST_MB = 10


class SpreadsheetForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("Excel (XLSX) or CSV, at most 10 MB and 20,000 rows. Nothing is written before you have seen it."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.table: Table

    def clean_file(self) -> UploadedFile:
        """Reads the lines into `table`; an Excel file is checked and cleaned first as every upload is."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.name or "").lower().endswith((".csv", ".txt")):
            if (upload.size or 0) > MOST_MB * MB:
                raise ValidationError(
                    _("The file is larger than 10 MB. Divide it into several files."), code="too_large"
                )
            charge([Payer("user", str(self.by.pk))], size=upload.size or 0)
            self.table = read_table(upload, is_csv=True, knows_head=knows_head)
        else:
            stored = store(upload, kinds=["office"], by=self.by, max_mb=MOST_MB)
            with default_storage.open(stored.path) as file:
                self.table = read_table(file, is_csv=False, knows_head=knows_head)
        return upload


class RenameForm(forms.Form):
    title = forms.CharField(label=_("Present title"), max_length=300)


class MergeForm(forms.Form):
    into = forms.CharField(
        label=_("Code or address of the innovation it is"),
        help_text=_("Copy the address of its page in the catalogue. That page stays; this one will lead there."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean_into(self) -> Innovation:
        code = self.cleaned_data["into"].strip().rstrip("/").rpartition("/")[2].upper()
        if found := Innovation.objects.current().filter(code=code).first():
            return found
        raise ValidationError(_("The catalogue has no such innovation."), code="unknown")


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name or unit"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class OfferForm(forms.Form):
    """What the source gives, and who is asked about it."""

    documents = forms.CharField(
        label=_("Documents you give"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4}),
        help_text=_("For example the regulation, procedures, the source code, training material."),
    )  # fmt: skip
    assistance = forms.CharField(
        label=_("Help you give"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4}),
        help_text=_("For example a study visit, mentoring, training for the team of the other agency."),
    )  # fmt: skip
    costs = forms.CharField(
        label=_("What it costs"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}),
        help_text=_("What the other agency pays, and what running it costs. Write also if nothing is to be paid."),
    )  # fmt: skip
    name = forms.CharField(label=_("Contact: name or unit"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False,
        help_text=_("Only logged-in agency admins and the secretariat see the contact."),
    )  # fmt: skip
    uploads = FilesField(
        label=_("Files"), required=False, accept=accepted_by_browsers(offering.KINDS),
        help_text=_("Optional: at most 8 files of 10 MB each. Everybody can download them."),
    )  # fmt: skip
    taken_away = forms.MultipleChoiceField(
        label=_("Files to take away"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, innovation: Innovation, offer: Offer | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "name": innovation.contact_name, "email": innovation.contact_email, "phone": innovation.contact_phone,
            **({"documents": offer.documents, "assistance": offer.assistance, "costs": offer.costs} if offer else {}),
        }  # fmt: skip
        offer_to_take_away(self, offer.files.all() if offer else ())

    def clean(self) -> dict[str, Any]:
        """As the action takes it: who is asked in one piece, by e-mail or telephone at least."""
        given = super().clean() or {}
        if not self.errors and not (given["email"] or given["phone"]):
            self.add_error("email", ValidationError(_("Give an e-mail address or a telephone number."), code="needed"))
        given["contact"] = {name: given.pop(name, "") for name in ("name", "email", "phone")}
        return given


def request_files() -> FilesField:
    return FilesField(
        label=_("Files"), required=False, accept=accepted_by_browsers(requesting.KINDS),
        help_text=_("Optional: up to 5 files, 5 MB each. Only the two agencies and the secretariat see them."),
    )  # fmt: skip


class AskForm(forms.Form):
    """What an agency asks a source. A person who acts for one agency is not asked for which."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Asking agency"), empty_label=None)
    text = forms.CharField(
        label=_("Your request"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 8}),
        help_text=_("Say where you want to use it, what you need of the source, and by when."),
    )  # fmt: skip
    uploads = request_files()

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = list(Agency.objects.administered_by(by))
        self.fields["agency"].queryset = Agency.objects.administered_by(by)  # type: ignore[attr-defined]
        if len(self.agencies) == 1:
            del self.fields["agency"]

    def clean(self) -> dict[str, Any]:
        return {"agency": self.agencies[0], **(super().clean() or {})}


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Your message"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6}))
    uploads = request_files()


class ReplicationForm(forms.Form):
    """What an agency says of its replication. A person who acts for one agency is not asked for which."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Replicating agency"), empty_label=None)
    unit_name = forms.CharField(
        label=_("Unit"),
        max_length=200,
        required=False,
        help_text=_("The unit that runs it, if it is not all of the agency."),
    )
    kind = forms.ChoiceField(label=_("How"), choices=Replication.Kind, widget=forms.RadioSelect)
    since = forms.DateField(label=_("Running since"), widget=forms.DateInput({"type": "date"}))
    changes = forms.CharField(
        label=_("What was changed"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Needed where it was adapted. Everybody can read it."),
    )
    link = forms.URLField(
        label=_("Address of a public page about it"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(["http", "https"])],
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        widget=FileBox({"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text=_(
            "For example the signed replication statement. PDF or picture, 5 MB."
            " Only both agencies and the secretariat see it."
        ),
    )
    product = forms.ModelChoiceField(
        Innovation.objects.none(), label=_("Your own innovation in the catalogue that came of it"), required=False,
        empty_label=_("None"),
    )  # fmt: skip

    def __init__(self, *args: Any, innovation: Innovation, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        agencies = Agency.objects.administered_by(by).exclude(pk=innovation.agency_id or 0)
        self.agencies = list(agencies)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["agency"].initial = self.agencies[0].pk if self.agencies else None
        if len(self.agencies) == 1:
            del self.fields["agency"]
        own = Innovation.objects.current().filter(agency__in=agencies).exclude(pk=innovation.pk).defer("vector")
        self.fields["product"].queryset = own  # type: ignore[attr-defined]
        if not own.exists():
            del self.fields["product"]

    def clean_evidence(self) -> StoredFile | None:
        upload: UploadedFile | None = self.cleaned_data["evidence"]
        return store(upload, kinds=["pdf", "image"], by=self.by, max_mb=5) if upload else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "agency" not in self.fields:
            given["agency"] = self.agencies[0]
        if given.get("kind") == Replication.Kind.ADAPT and not given.get("changes"):
            self.add_error("changes", ValidationError(_("Say what was changed."), code="changes_needed"))
        product = given.get("product")
        if product and given.get("agency") and product.agency_id != given["agency"].pk:
            words = _("Choose an innovation of the replicating agency.")
            self.add_error("product", ValidationError(words, code="not_own"))
        return given


class ClosingForm(forms.Form):
    """The last day of a follow-up, to the end of that day in Jakarta."""

    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput({"type": "date"}),
        help_text=_("Reports can be sent until 23.59 WIB of this day."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        day: date | None = given.pop("last_day", None)
        if day:
            given["closes_at"] = calendar.end_of(day)
        return given


class FollowUpForm(ClosingForm):
    first_year = forms.TypedChoiceField(label=_("Winners from"), coerce=int)
    last_year = forms.TypedChoiceField(label=_("Winners to"), coerce=int)
    field_order = ("first_year", "last_year", "last_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = years_of_winners()
        for name, initial in (("first_year", years[:1]), ("last_year", years[-1:])):
            self.fields[name].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
            self.fields[name].initial = next(iter(initial), None)


class ReportForm(forms.Form):
    """What the agency says became of its innovation."""

    standing = forms.ChoiceField(
        label=_("What became of it?"), choices=FollowUpReport.Standing, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In words and figures"), max_length=LONGEST_REPORT, widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "Who is served, how many a year, what changed since the award; or why it stopped."
            " Everybody reads it once the secretariat has accepted it."
        ),
    )  # fmt: skip
    uploads = FilesField(
        label=_("Evidence"), required=False, accept=accepted_by_browsers(following.KINDS),
        help_text=_(
            "At most 5 files of 5 MB each; needed unless it stopped. Only your agency and the secretariat see them."
        ),
    )  # fmt: skip
    taken_away = forms.MultipleChoiceField(
        label=_("Files to take away"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, report: FollowUpReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"standing": report.standing, "text": report.text}
        offer_to_take_away(self, report.files.all())


class ReadForm(forms.Form):
    """What was read before it is decided on: its stamp."""

    expected = forms.CharField(widget=forms.HiddenInput)


class SendBackForm(ReadForm):
    note = forms.CharField(
        label=_("What is to be mended"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("The agency reads it and can send the report again for a week, also past the closing."),
    )  # fmt: skip


def offer_to_take_away(form: forms.Form, files: Iterable[OfferFile] | Iterable[FollowUpFile]) -> None:
    """The files sent before can be ticked to go; where there are none nothing is asked."""
    choices = [(each.code, each.file.name) for each in files]
    form.fields["taken_away"].choices = choices  # type: ignore[attr-defined]
    if not choices:
        del form.fields["taken_away"]


class DenyForm(ReadForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("The agency and the secretariat read it; the public does not."),
    )  # fmt: skip


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))


def settled(found: Import, given: QueryDict) -> dict[str, Any]:
    """What somebody said of an import; what was not on their page stays as it was."""
    places = {}
    for name in COLUMNS:
        text = given.get(f"column-{name}", "")
        place = int(text) if text.isascii() and text.isdecimal() else NOT_GIVEN
        places[name] = place if place < len(found.heads) else NOT_GIVEN
    same = {key.removeprefix("same-"): str(value) for key, value in given.items() if key.startswith("same-")}
    codes = {line: "" if code == "new" else code for line, code in same.items() if line.isdecimal()}
    return {"places": places, "as_written": given.getlist("as-written"), "same": {**found.same, **codes}}
