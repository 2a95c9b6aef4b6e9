"""The certificate on paper, and many of them as one ZIP."""

from collections.abc import Iterable
from io import BytesIO
from typing import IO
from zipfile import ZIP_STORED, ZipFile

import segno
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from awards.certificates import day_of
from awards.models import Certificate, Kind
from files.names import clean_name
from files.pdf import Printer, printer
from notifications.outbox import absolute

FOLDERS = {Kind.INNOVATION: "inovasi", Kind.AGENCY: "instansi", Kind.PERSON: "inovator"}


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
        "qr": _qr(address),
    }


def _qr(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, omitsize=True, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


def write_zip(certificates: Iterable[Certificate], target: IO[bytes]) -> None:
    """The files by kind, named by number and name; PDFs do not shrink, so they are only packed together."""
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for certificate in certificates:
            name = clean_name(f"{certificate.number} {certificate.name}")
            with default_storage.open(certificate.file.path) as file:
                archive.writestr(f"{FOLDERS[Kind(certificate.kind)]}/{name}", file.read())
