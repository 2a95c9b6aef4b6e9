"""Template tags and filters every page may use; they are builtins, so no page loads them.

Moments are shown in the reader's time zone, always with the zone's name. Nothing here asks the database.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import nh3
from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from competitions.calendar import local_day
from sinovik.icons import STROKES

register = template.Library()

ZONES = tuple(ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"))

# status → (tone, icon). Tones are the CSS classes badge-…; no meaning is carried by colour alone.
TONES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("passed", "pass", "approved", "winner", "selected", "confirmed", "running", "grown"),
        ("success", "check-circle"),
    ),
    **dict.fromkeys(("failed", "fail", "refused", "problem", "overdue", "denied"), ("danger", "cross-circle")),
    **dict.fromkeys(("returned", "pending", "tied", "warning", "upheld", "waiting"), ("warning", "warning")),
    **dict.fromkeys(
        (
            "in_review",
            "sent",
            "sending",
            "queued",
            "current",
            "open",
            "finalist",
            "solving",
            "proposed",
            "filed",
            "referred",
            "declared",
        ),
        ("info", "clock"),
    ),
    **dict.fromkeys(("final", "done", "published", "deployed", "dismissed", "answered"), ("plain", "check")),
    **dict.fromkeys(("draft", "doing", "started"), ("neutral", "edit")),
    **dict.fromkeys(("blocked", "muted", "discarded", "taken_back", "closed", "stopped"), ("muted", "lock")),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG. Without a label it is decoration and hidden from screen readers."""
    if label:
        naming = format_html('role="img" aria-label="{}"', label)
    else:
        naming = mark_safe('aria-hidden="true" focusable="false"')
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}><path d="{}"/></svg>', naming, STROKES[name])


def _clock(moment: datetime) -> str:
    return date_format(moment, "H.i" if get_language() == "id" else "H:i")


def _day(day: date, *, with_year: bool = True) -> str:
    return date_format(day, "j F Y" if with_year else "j F")


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter(expects_localtime=False)
def moment(value: datetime | None) -> str:
    """2 Mei 2023, 23.59 WIB, in the reader's zone."""
    if value is None:
        return ""
    local = _local(value)
    return f"{_day(local)}, {_clock(local)} {local.tzname()}"


@register.filter(expects_localtime=False)
def day(value: datetime | date | None) -> str:
    """2 Mei 2023; a moment is first brought into the reader's zone."""
    if value is None:
        return ""
    return _day(_local(value) if isinstance(value, datetime) else value)


@register.filter(expects_localtime=False)
def period(starts: datetime | None, ends: datetime | None) -> str:
    """Two moments as days, naming month and year once where they are shared: 14 Maret – 2 Mei 2023.

    The days are the calendar's own, in Jakarta: a stage that ends at 23.59 WIB ends on the same day for everybody.
    """
    days = [local_day(each) for each in (starts, ends) if each is not None]
    if not days:
        return ""
    first, last = days[0], days[-1]
    if first == last:
        return _day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    return f"{_day(first, with_year=first.year != last.year)} – {_day(last)}"


@register.filter(expects_localtime=False)
def in_zones(value: datetime | None) -> str:
    """A deadline in all three Indonesian zones, the reader's first:
    2 Mei 2023 pukul 23.59 WIB (3 Mei 00.59 WITA, 01.59 WIT). A day is named again only where it changes."""
    if value is None:
        return ""
    here = _local(value)
    named = here.date()
    others = []
    for there in (value.astimezone(zone) for zone in ZONES):
        if there.tzname() == here.tzname():
            continue
        prefix = "" if there.date() == named else f"{_day(there, with_year=there.year != here.year)} "
        named = there.date()
        others.append(f"{prefix}{_clock(there)} {there.tzname()}")
    first = _("%(day)s at %(time)s %(zone)s") % {"day": _day(here), "time": _clock(here), "zone": here.tzname()}
    return f"{first} ({', '.join(others)})"


def _length(span: timedelta) -> str:
    """The two largest units that matter: 12 days, 2 days 3 hours, 5 hours 20 minutes, 4 minutes."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    in_days = ngettext("%d day", "%d days", days) % days
    in_hours = ngettext("%d hour", "%d hours", hours) % hours
    in_minutes = ngettext("%d minute", "%d minutes", rest) % rest
    if days >= 7 or (days and not hours):
        return in_days
    if days:
        return f"{in_days} {in_hours}"
    if hours:
        return f"{in_hours} {in_minutes}" if rest else in_hours
    return in_minutes if minutes else _("less than a minute")


@register.filter(expects_localtime=False)
def until(value: datetime | None) -> str:
    """The time left until a moment, in words; or how long ago it was."""
    if value is None:
        return ""
    left = value - timezone.now()
    if left >= timedelta(0):
        return _("in %(time)s") % {"time": _length(left)}
    return _("%(time)s ago") % {"time": _length(-left)}


@register.filter
def digest(value: str) -> SafeString | str:
    """The head of a SHA-256 digest in code letters, the whole one on hover; pages of record print it whole."""
    return format_html('<code class="digest" title="{}">{}…</code>', value, value[:12]) if value else ""


@register.filter
def tone(status: str) -> str:
    """The tone of a status: success, danger, warning, info, plain, neutral, muted."""
    return TONES.get(status, ("neutral", ""))[0]


@register.filter
def tone_icon(status: str) -> str:
    """The icon that goes with a status, or nothing."""
    return TONES.get(status, ("", ""))[1]


@register.filter(expects_localtime=False)
def stage_state(stage: object) -> str:
    """Where a stage of the calendar stands now: done, current, coming, or open-ended ones by their start."""
    now = timezone.now()
    starts, ends = getattr(stage, "starts_at", None), getattr(stage, "ends_at", None)
    if ends is not None and ends <= now:
        return "done"
    if starts is not None and starts <= now:
        return "done" if ends is None else "current"
    return "coming"


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "hr"),
    *("br", "table", "thead", "tbody", "tr", "th", "td"),
}


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML: rendered without raw HTML, cleaned again, headings one rank below the page's own."""
    tokens = _markdown.parse(text or "")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, link_rel="noopener nofollow"))  # noqa: S308


@register.filter
def share_of(part: float | None, whole: float | None) -> int:
    """Whole percent of the part in the whole, 0 where there is no whole."""
    return round(100 * part / whole) if part and whole else 0


@register.filter
def field_anchor(field: object) -> str:
    """The id an error summary links to: the widget's, or the block that holds a set of radio buttons."""
    own = getattr(field, "id_for_label", "")
    return own or f"div_{getattr(field, 'auto_id', '')}"


@register.filter
def page_numbers(page: Page) -> list[int]:
    """The numbers to link from this page of a list; 0 stands for a gap."""
    return [
        number if isinstance(number, int) else 0
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
