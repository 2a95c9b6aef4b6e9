"""The announcement as a PDF: the same words and lists as the public page, for printing and filing. And all of them as
a table for the secretariat."""

from django.contrib.postgres.aggregates import StringAgg
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from announcements.lists import PublicList, lists_of
from announcements.models import Announcement
from announcements.versions import correction_of
from competitions.models import Competition
from files.pdf import render_pdf
from files.tables import Columns, Listing, listing
from notifications.outbox import absolute

ANNOUNCEMENTS: Columns = [
    (_("Year"), "competition__code"),
    (_("Number"), "number"),
    (_("Kind"), "kind"),
    (_("Title"), "title"),
    (_("Version"), "version"),
    (_("Corrects the number"), "corrects__number"),
    (_("Reason"), "because"),
    (_("Lists"), StringAgg("selections__name", "; ", distinct=True)),
    (_("Published on"), "publish_at"),
    (_("Those concerned told on"), "told_at"),
    (_("Begun on"), "created_at"),
    (_("Begun by"), "created_by__name"),
]
_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def announcements(year: Competition | None) -> Listing:
    """Drafts too: their moment is empty."""
    found = Announcement.objects.filter(competition=year) if year else Announcement.objects.all()
    return listing(found.order_by("publish_at", "created_at"), ANNOUNCEMENTS)


def announcement_pdf(announcement: Announcement) -> bytes:
    """Expects `is_public` (with_publicity); what is not public is marked as a preview on every page."""
    return render_pdf("announcements/announcement.typ", _facts(announcement))


def _facts(announcement: Announcement) -> dict[str, object]:
    moment = localtime(announcement.publish_at) if announcement.publish_at else None
    address = absolute(announcement.get_absolute_url())
    return {
        "lang": get_language() or "id",
        "kind": gettext("Announcement"),
        "number": gettext("Number: %(number)s") % {"number": announcement.number},
        "title": announcement.title,
        "kicker": announcement.competition.name,
        "notice": _notice(announcement),
        "verification": gettext("The published text is at %(address)s") % {"address": address},
        "moment": f"{date_format(moment, 'j F Y, H.i')} {moment.tzname()}" if moment else "",
        "office": gettext("KIPP secretariat, Ministry of PANRB"),
        "blocks": [*_reason(announcement), *blocks(announcement.body)],
        "headers": [gettext("No."), gettext("Title"), gettext("Agency"), gettext("Unit"), gettext("Category")],
        "lists": [_list(each) for each in lists_of(announcement)],
    }


def _notice(announcement: Announcement) -> str:
    """What every page of the paper must say."""
    if not announcement.is_public:
        return gettext("Preview, not published")
    if correction := correction_of(announcement):
        return gettext("Corrected by announcement No. %(number)s") % {"number": correction.number}
    return ""


def _list(each: PublicList) -> dict[str, object]:
    rows = [
        [
            str(place),
            proposal.title,
            proposal.agency.name,
            proposal.unit.name if proposal.unit else "–",
            proposal.category.name,
        ]
        for place, proposal in enumerate(each.proposals, start=1)
    ]
    return {"name": each.name, "rows": rows}


def _reason(announcement: Announcement) -> list[dict[str, str]]:
    """Of a correction: which announcement it replaces and why, before its text."""
    if announcement.corrects is None:
        return []
    text = gettext("This announcement corrects announcement No. %(number)s, because: %(reason)s")
    facts = {"number": announcement.corrects.number, "reason": announcement.because}
    return [{"kind": "paragraph", "text": text % facts}]


def blocks(markdown: str) -> list[dict[str, str]]:
    """The text as [{kind: heading|item|paragraph, text}] without its marks, for the PDF."""
    found: list[dict[str, str]] = []
    kind, item = "paragraph", 0
    for token in _parser.parse(markdown):
        item += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "inline":
            text = "".join(_plain(child.type, child.content) for child in token.children or [])
            found.append({"kind": kind if kind == "heading" else "item" if item else "paragraph", "text": text})
            kind = "paragraph"
    return found


def _plain(kind: str, content: str) -> str:
    return {"softbreak": " ", "hardbreak": "\n"}.get(kind, content)
