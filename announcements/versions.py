"""The versions of one announcement: what was published, and what corrected it since."""

from announcements.models import Announcement


def correction_of(announcement: Announcement) -> Announcement | None:
    """The public version that corrects this one."""
    return Announcement.objects.public().filter(corrects=announcement).first()


def standing_version(announcement: Announcement) -> Announcement:
    """The last public version of it; itself, when nothing corrects it in public."""
    while correction := correction_of(announcement):
        announcement = correction
    return announcement
