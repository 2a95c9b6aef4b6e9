"""What changed between two frozen submissions, field by field, by words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proposals.comparing import WORD, Piece, compare
from proposals.models import Submission

PLAIN: dict[str, str | Promise] = {
    "title": _("Title"),
    "category": _("Category"),
    "unit": _("Unit"),
    "started_on": _("Implementation started on"),
    "sdgs": _("Sustainable development goals"),
    "video_url": _("Video link"),
    "is_application": _("Web or mobile application"),
    "past_innovation": _("The same innovation in earlier years"),
    "source_innovation": _("The innovation it replicates"),
}
_LONG = 40  # unchanged words shown around a change


@dataclass(frozen=True)
class Change:
    label: str | Promise
    pieces: list[Piece]


def between(former: Submission, later: Submission, labels: dict[tuple[str, str], str]) -> list[Change]:
    """The fields that differ; `labels` names answers by (aspect, question)."""
    pairs = [(label, _text(former.payload.get(name)), _text(later.payload.get(name))) for name, label in PLAIN.items()]
    pairs.append((_("Innovator"), former.payload["lead"]["name"], later.payload["lead"]["name"]))
    before, after = _answers(former), _answers(later)
    pairs += [(labels.get(key, " / ".join(key)), before.get(key, ""), after.get(key, "")) for key in before | after]
    pairs.append((_("Documents"), _documents(former), _documents(later)))
    return [Change(label, _shortened(compare(old, new).pieces)) for label, old, new in pairs if old != new]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _answers(submission: Submission) -> dict[tuple[str, str], str]:
    return {(each["aspect"], each["question"]): each["text"] for each in submission.payload["answers"]}


def _documents(submission: Submission) -> str:
    """Name and the beginning of the digest: a file replaced under its old name shows too."""
    return "\n".join(f"{each['name']} ({each['sha256'][:12]})" for each in submission.payload.get("documents", []))


def _shortened(pieces: list[Piece]) -> list[Piece]:
    """Long unchanged stretches are cut to their edges."""
    return [Piece(each.kind, _cut(each.text)) if each.kind == "same" else each for each in pieces]


def _cut(text: str) -> str:
    words = WORD.findall(text)
    return text if len(words) <= 2 * _LONG else "".join([*words[:_LONG], " … ", *words[-_LONG:]])
