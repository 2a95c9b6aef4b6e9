"""What anybody sees: the news and the figures of the last year."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from announcements.models import Announcement
from competitions.models import Competition

FIGURES: dict[str, str | Promise] = {
    "registered": gettext_lazy("proposals registered"),
    "sent": gettext_lazy("sent to the ministry"),
    "passed": gettext_lazy("passed screening"),
    "nominations": gettext_lazy("nominated"),
    "finalists": gettext_lazy("finalists"),
    "winners": gettext_lazy("winners"),
}


def news(limit: int = 3) -> list[Announcement]:
    """The latest public announcements, each in its last version."""
    return list(Announcement.objects.standing().select_related("competition")[:limit])


def figures() -> tuple[int, list[tuple[int, str | Promise]]] | None:
    """(year, [(number, what it counts)]) of the last year whose real figures were published."""
    last = Competition.objects.filter(is_demonstration=False).exclude(counts={}).order_by("-year").first()
    if last is None:
        return None
    known = [(last.published(key), label) for key, label in FIGURES.items()]
    return last.year, [(number, label) for number, label in known if number]
