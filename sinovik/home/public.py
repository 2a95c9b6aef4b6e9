"""What anybody sees: the news and the figures of the last year."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.models import Announcement
from competitions.models import Competition, Stage
from competitions.progress import YearView
from sinovik.home.steps import Step

FIGURES: dict[str, str | Promise] = {
    "registered": gettext_lazy("proposals registered"),
    "sent": gettext_lazy("sent to the ministry"),
    "passed": gettext_lazy("passed screening"),
    "nominations": gettext_lazy("nominated"),
    "finalists": gettext_lazy("finalists"),
    "winners": gettext_lazy("winners"),
}

RESULTS = (Announcement.Kind.NOMINATION, Announcement.Kind.FINALIST, Announcement.Kind.WINNER)


def first_steps(years: list[YearView]) -> list[Step]:
    """What visitors come for in the present stage of the year, the most wanted first: registering until it closes,
    then writing, then the year's last results; the catalogue at any time."""
    catalogue = Step(_("Open the catalogue"), url=reverse("catalogue:list"))
    log_in = Step(_("Log in"), url=reverse("account_login"))
    if not all(year.is_over(Stage.Kind.REGISTRATION) for year in years) or not years:
        return [Step(_("Register your agency"), url=reverse("accounts:register")), log_in]
    if any(year.submission for year in years):
        return [log_in, catalogue]
    of_years = Announcement.objects.standing().filter(competition__in=[year.competition for year in years])
    results = of_years.filter(kind__in=RESULTS).first()
    if results is None:
        return [catalogue, log_in]
    return [
        Step(_("See this year's results"), url=reverse("announcements:announcement", args=[results.code])),
        catalogue,
    ]


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
