"""The announcements as an Atom feed, for newsrooms and agencies' sites: what is public, in its last version."""

from collections.abc import Iterable
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from announcements.models import Announcement
from notifications.outbox import absolute, reading_as

MEDIA_TYPE = Atom1Feed.content_type
LATEST = 50


def atom(announcements: Iterable[Announcement]) -> str:
    """The feed in the portal's own language, whoever asks for it."""
    with reading_as(None):
        feed = Atom1Feed(
            title=_("Announcements of the Public Service Innovation Competition"),
            subtitle=_("Official announcements of the competition, newest first."),
            description="",
            link=absolute(reverse("announcements:list")),
            feed_url=absolute(reverse("announcements:feed")),
            feed_guid=absolute(reverse("announcements:feed")),
            author_name=_("KIPP secretariat, Ministry of PANRB"),
            language="id",
        )
        for each in announcements:
            _add(feed, each)
        return feed.writeString("utf-8")


def _add(feed: Atom1Feed, announcement: Announcement) -> None:
    published: datetime | None = announcement.publish_at
    feed.add_item(
        title=announcement.title,
        link=absolute(announcement.get_absolute_url()),
        unique_id=absolute(reverse("announcements:version", args=[announcement.code])),
        description=render_to_string("announcements/feed_item.html", {"announcement": announcement}).strip(),
        pubdate=published,
        updateddate=published,
        categories=[str(announcement.get_kind_display())],
    )
