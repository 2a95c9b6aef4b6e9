"""The certificate on paper, many of them as one ZIP, and the award day as a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from awards.certificates import day_of
from awards.hall import Seats
from awards.models import Call, Certificate, Kind
from files.names import clean_name
from files.pdf import Printer, printer, qr_svg
from files.spreadsheets import Sheet
from notifications.outbox import absolute

FOLDERS = {Kind.INNOVATION: "inovasi", Kind.AGENCY: "instansi", Kind.PERSON: "inovator"}

WIDTHS = (10, 48, 40, 32, 32, 28, 14)  # of the award day's columns


def certificate_printer() -> Printer:
    """For the facts of `words_of`. A certificate is an official document: always in Indonesian."""
    return printer("awards/certificate.typ")


def words_of(certificate: Certificate) -> dict[str, object]:
    """All that is printed: the same certificate always gives the same words, so the same file."""
    address = absolute(certificate.get_absolute_url())
    replaced = certificate.replaces
    with translation.override("id"):
        day = date_format(day_of(certificate.facts), "j F Y")
    return {
        **certificate.facts,
        "kind": certificate.kind,
        "name": certificate.name,
        "number": certificate.number,
        "signed": f"{certificate.facts['place']}, {day}",
        "replaces": replaced.number if replaced else "",
        "address": address,
        "verify": absolute(reverse("awards:verify")),
        "qr": qr_svg(address),
    }


def write_zip(certificates: Iterable[Certificate], target: IO[bytes]) -> None:
    """The files by kind, named by number and name; PDFs do not shrink, so they are only packed together."""
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for certificate in certificates:
            name = clean_name(f"{certificate.number} {certificate.name}")
            with default_storage.open(certificate.file.path) as file:
                archive.writestr(f"{FOLDERS[Kind(certificate.kind)]}/{name}", file.read())


def ceremony_sheets(seats: Sequence[tuple[Call, Seats]]) -> list[Sheet]:
    """The order of call, the seating (the same by row), and the list to sign on arrival. Expects the calls with
    proposal and agency."""
    call_heads = [_("No."), _("Innovation"), _("Agency"), _("Award"), _("Who receives it"), _("Office"), _("Seats")]
    arrivals = [_("No."), _("Agency"), _("Who receives it"), _("Office"), _("Persons"), _("Seats"), _("Signature")]
    sheets: list[tuple[str, list[list[object]]]] = [
        (_("Order of call"), [
            [*call_heads],
            *([one.place, one.proposal.title, one.proposal.agency.name, one.award, one.receiver, one.office, str(at)]
              for one, at in seats),
        ]),
        (_("Seating"), [
            [_("Seats"), _("Persons"), _("Agency"), _("Who receives it")],
            *([str(at), at.count, call.proposal.agency.name, call.receiver] for call, at in seats),
        ]),
        (_("Arrivals"), [
            [*arrivals],
            *([call.place, call.proposal.agency.name, call.receiver, call.office, at.count, str(at), ""]
              for call, at in sorted(seats, key=lambda pair: (pair[0].proposal.agency.name, pair[0].place))),
        ]),
    ]  # fmt: skip
    return [Sheet(title, rows, WIDTHS) for title, rows in sheets]
