"""Everything the secretariat may take away as a file: which tables there are, and where each gets its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import accounts.exports
import announcements.exports
import audit.exports
import catalogue.exports
import helpdesk.exports
import judging.exports
import notifications.exports
import objections.exports
import objections.letters
import proposals.tables
from audit.forms import EventFilter
from competitions.models import Competition
from files.tables import Listing, listing
from notifications.models import Message

Asked = Mapping[str, str]  # what narrows a table, as its page's filter says it
Read = Callable[[Competition | None, Asked], Listing]


@dataclass(frozen=True)
class Table:
    """`read(year, asked)` gives its rows; `of_year` tells whether the year narrows it."""

    part: str | Promise
    name: str | Promise
    about: str | Promise
    read: Read
    of_year: bool = False


def _whole(read: Callable[[], Listing]) -> Read:
    return lambda _year, _asked: read()


def _by_year(read: Callable[[Competition | None], Listing]) -> Read:
    return lambda year, _asked: read(year)


def _messages() -> Listing:
    columns = notifications.exports.columns(objections.letters.CONFIDENTIAL)
    return listing(Message.objects.order_by("created_at", "pk"), columns)


def _events(_year: Competition | None, asked: Asked) -> Listing:
    """Each deed in words, then as it is recorded."""
    found = listing(EventFilter(asked).events().order_by("pk"), audit.exports.EVENTS)
    plain, codes = found.heads[: -audit.exports.CODES], found.heads[-audit.exports.CODES :]
    heads = [*plain, *map(str, audit.exports.WORDS), *codes]
    return Listing(heads, found.count, map(audit.exports.in_words, found.rows))


PEOPLE, COMPETITION = _("Who takes part"), _("Proposals and judging")
PUBLIC, PORTAL = _("What the public sees and asks"), _("What the portal did")
NARROWED = {"events": tuple(EventFilter.base_fields)}  # fields of the filter a table can be narrowed by

TABLES = {
    "agencies": Table(
        PEOPLE, _("Agencies"),
        _("Every agency with its official code, its admin and how many units it has."),
        _whole(accounts.exports.agencies),
    ),
    "registrations": Table(
        PEOPLE, _("Registrations"),
        _("Who asked to become an agency's admin, with which letter, and what was decided."),
        _whole(accounts.exports.registrations),
    ),
    "people": Table(
        PEOPLE, _("People"),
        _("Every account with what its owner is now."), _whole(accounts.exports.people),
    ),
    "roles": Table(
        PEOPLE, _("Roles in agencies"),
        _("Each role somebody holds or held in an agency, with its beginning and end."),
        _whole(accounts.exports.roles),
    ),
    "proposals": Table(
        COMPETITION, _("Proposals"),
        _("Every proposal with its status, agency, lead and receipt."),
        _by_year(proposals.tables.proposals), of_year=True,
    ),
    "screenings": Table(
        COMPETITION, _("Screening results"),
        _("Each verdict with its reasons, who gave it and when it was told."),
        _by_year(proposals.tables.screenings), of_year=True,
    ),
    "jurors": Table(
        COMPETITION, _("Jurors"),
        _("Each juror with role, own agency, integrity pact and number of sheets."),
        _by_year(judging.exports.jurors), of_year=True,
    ),
    "sheets": Table(
        COMPETITION, _("Assignments and sheets"),
        _("Which juror has which proposal, how far the sheet is, and its total."),
        _by_year(judging.exports.sheets), of_year=True,
    ),
    "scores": Table(
        COMPETITION, _("Scores by aspect"),
        _("Each score of each sheet, with the weight of its aspect."),
        _by_year(judging.exports.scores), of_year=True,
    ),
    "rankings": Table(
        COMPETITION, _("Rankings"),
        _("Every round ranked by the written rule, as its sheets stand now."),
        _by_year(judging.exports.rankings), of_year=True,
    ),
    "selections": Table(
        COMPETITION, _("Fixed lists"),
        _("Every list a plenary fixed, in every version, with the whole order."),
        _by_year(judging.exports.selected), of_year=True,
    ),
    "announcements": Table(
        PUBLIC, _("Announcements"),
        _("Each with number, version, moment and lists; those still being written too."),
        _by_year(announcements.exports.announcements), of_year=True,
    ),
    "objections": Table(
        PUBLIC, _("Objections"),
        _("Each step and decision. Who filed one is read in the portal only."),
        _by_year(objections.exports.objections), of_year=True,
    ),
    "tickets": Table(
        PUBLIC, _("Tickets"),
        _("What was asked when, and how soon it was answered. No text of messages."),
        _whole(helpdesk.exports.tickets),
    ),
    "innovations": Table(
        PUBLIC, _("Innovation catalogue"),
        _("Each innovation with its awards, agency and contact."),
        _whole(catalogue.exports.innovations),
    ),
    "letters": Table(
        PORTAL, _("Sent letters"),
        _("Each letter the portal wrote, to whom, and whether it arrived. No text, and not who filed an objection."),
        _whole(_messages),
    ),
    "events": Table(
        PORTAL, _("Audit record"),
        _("Every deed that counts, in the order it happened."), _events,
    ),
}  # fmt: skip
