"""Interviews as calendar files (RFC 5545): one event each, which a later file with a higher number replaces."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from judging.models import InterviewSlot, Juror
from notifications.outbox import absolute

ALARMS = (timedelta(days=-1), timedelta(minutes=-15))


def calendar_file(
    slots: Iterable[InterviewSlot], *, name: str, at: datetime, people: Mapping[int, list[Juror]] | None = None
) -> bytes:
    """The calendar of these interviews. `people` names who hears each; left out of what an agency may see."""
    found = Calendar()
    found.add("prodid", "-//Sinovik//KIPP//ID")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    for slot in slots:
        found.add_component(_event(slot, at, people.get(slot.pk, []) if people is not None else []))
    return bytes(found.to_ical())


def _event(slot: InterviewSlot, at: datetime, people: list[Juror]) -> Event:
    proposal, link = slot.entry.proposal, absolute(reverse("judging:interview", args=[slot.code]))
    is_off = slot.status == InterviewSlot.Status.CANCELLED
    event = Event()
    event.add("uid", f"{slot.code}@sinovik")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", slot.version)
    event.add("dtstart", slot.starts_at.astimezone(UTC))
    event.add("dtend", slot.ends_at.astimezone(UTC))
    event.add("summary", _("Interview: %(title)s") % {"title": proposal.title})
    event.add("description", "\n".join(_lines(slot, people, link)))
    event.add("location", slot.link or str(slot.panel))
    event.add("url", link)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED" if slot.confirmed_at else "TENTATIVE")
    for before in () if is_off else ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", proposal.title)
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event


def _lines(slot: InterviewSlot, people: list[Juror], link: str) -> list[str]:
    judging_round = slot.entry.round
    minutes = {"presentation": judging_round.presentation_minutes, "questions": judging_round.question_minutes}
    found = [
        str(slot.entry.proposal.agency),
        f"{judging_round.name} · {slot.panel}",
        _("%(presentation)d minutes of presentation and %(questions)d minutes of questions.") % minutes,
    ]
    if people:
        found.append(_("Heard by: %(names)s") % {"names": ", ".join(str(each.user) for each in people)})
    if slot.link:
        found.append(_("Video link: %(link)s") % {"link": slot.link})
    return [*found, link]
