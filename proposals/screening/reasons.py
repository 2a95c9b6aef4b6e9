"""Sentences for a note, with placeholders that the machine's findings fill in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from competitions.models import ReasonTemplate
from proposals.models import Proposal, Screening
from proposals.screening.engine import CheckLine

PLACEHOLDER = re.compile(r"\{(\w+)\}")
KNOWN = ("umur", "batas", "tanggal", "judul", "kelompok", "kategori", "instansi", "temuan")


@dataclass(frozen=True)
class Reason:
    """A template with its gaps filled for one proposal."""

    code: str
    title: str
    text: str
    check: str


def check_placeholders(text: str) -> None:
    """ValidationError `unknown_placeholder` names those this portal cannot fill."""
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in KNOWN]
    if unknown:
        words = _("Not known: %(names)s. Use only %(known)s.") % {
            "names": ", ".join(f"{{{name}}}" for name in unknown),
            "known": ", ".join(f"{{{name}}}" for name in KNOWN),
        }
        raise ValidationError(words, code="unknown_placeholder")


def filled(proposal: Proposal, screening: Screening, lines: Iterable[CheckLine]) -> list[Reason]:
    """The year's templates, those of the checks first, as they read for this proposal."""
    found = {line.check.pk: (line.check.label, " ".join(hint.message for hint in line.hints)) for line in lines}
    values = _values(proposal) | screening.findings.get("values", {})
    reasons = []
    for each in ReasonTemplate.objects.filter(competition=proposal.competition_id):
        label, hints = found.get(each.check_line_id or 0, ("", ""))
        reasons.append(Reason(each.code, each.title, fill(each.text, values | {"temuan": hints}), label))
    return reasons


def fill(text: str, values: Mapping[str, str]) -> str:
    """A gap nothing is known for becomes dots, which the clerk fills in."""
    return PLACEHOLDER.sub(lambda gap: values.get(gap[1]) or "…", text)


def _values(proposal: Proposal) -> dict[str, str]:
    return {
        "judul": proposal.title,
        "kelompok": proposal.group.name,
        "kategori": proposal.category.name,
        "instansi": proposal.agency.name,
    }


def add_to(note: str, reason: str) -> str:
    """The note with one more sentence on a line of its own."""
    return f"{note.rstrip()}\n{reason}".strip()
