"""What a new announcement begins with, so that nobody copies figures by hand."""

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from announcements.models import Announcement
from competitions.models import Competition
from notifications.outbox import reading_as
from proposals.models import Proposal


def suggestion(competition: Competition, kind: str) -> dict[str, str]:
    """Title and text for a kind, in the portal's language: the public reads it, whoever writes it."""
    if kind != Announcement.Kind.SCREENING:
        return {"kind": kind} if kind in Announcement.Kind.values else {}
    passed = Q(status=Proposal.Status.PASSED)
    screened = Q(status__in=[Proposal.Status.PASSED, Proposal.Status.FAILED])
    counts = Proposal.objects.filter(competition=competition).aggregate(
        passed=Count("pk", filter=passed), screened=Count("pk", filter=screened)
    )
    with reading_as(None):
        title = _("Results of the administrative screening of %(competition)s") % {"competition": competition.name}
        body = render_to_string("announcements/screening_body.txt", {"competition": competition, **counts}).strip()
    return {"kind": kind, "title": title, "body": body}
