"""What was entered and what screening found, as tables for the secretariat."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from competitions.models import Competition
from files.tables import Columns, Listing, listing
from proposals.models import Proposal, Screening, Submission

STANDING = Submission.objects.filter(proposal=OuterRef("pk"), stands=True)

PROPOSALS: Columns = [
    (_("Year"), "competition__code"),
    (_("Code"), "code"),
    (_("Title"), "title"),
    (_("Status"), "status"),
    (_("Group"), "group__name"),
    (_("Category"), "category__name"),
    (_("Agency code"), "agency__code"),
    (_("Agency"), "agency__name"),
    (_("Kind of agency"), "agency__type"),
    (_("Province of the agency"), "agency__province"),
    (_("Unit"), "unit__name"),
    (_("Lead"), "lead__name"),
    (_("E-mail of the lead"), "lead__email"),
    (_("Implementation started on"), "started_on"),
    (_("Sustainable development goals"), "sdgs"),
    (_("Receipt number"), Subquery(STANDING.values("number"))),
    (_("Sent on"), Subquery(STANDING.values("sent_at"))),
    (_("Begun on"), "created_at"),
    (_("Last changed"), "updated_at"),
]
SCREENINGS: Columns = [
    (_("Year"), "submission__proposal__competition__code"),
    (_("Receipt number"), "submission__number"),
    (_("Code"), "submission__proposal__code"),
    (_("Title"), "submission__proposal__title"),
    (_("Group"), "submission__proposal__group__name"),
    (_("Agency"), "submission__proposal__agency__name"),
    (_("Sent on"), "submission__sent_at"),
    (_("Sending stands"), "submission__stands"),
    (_("Verdict"), "verdict"),
    (_("Reasons"), StringAgg("failed_checks__reason", "; ", distinct=True)),
    (_("Note"), "note"),
    (_("Decided by"), "decided_by__name"),
    (_("Decided on"), "decided_at"),
    (_("Results given on"), "released_at"),
]


def proposals(year: Competition | None) -> Listing:
    """What the secretariat may read: an agency's drafts are its own."""
    found = Proposal.objects.known_to_ministry()
    found = found.filter(competition=year) if year else found
    return listing(found.order_by("-competition__year", "created_at", "pk"), PROPOSALS)


def screenings(year: Competition | None) -> Listing:
    found = Screening.objects.all()
    if year:
        found = found.filter(submission__proposal__competition=year)
    return listing(found.order_by("submission__sent_at", "pk"), SCREENINGS)
