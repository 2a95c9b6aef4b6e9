"""The published lists as flat tables: the same fields, under the same names, as the API gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from announcements.lists import lists_of
from announcements.models import Announcement
from catalogue.asking import Asked
from catalogue.facets import Found
from opendata import published
from opendata.schemas import Agency, AwardOf, Chosen, Innovation, Result, StageOf, Year
from opendata.schemas import Announcement as AnnouncementOf

Row = list[object]


@dataclass(frozen=True)
class Dataset:
    """`rows()` reads anew each time; a row has one cell for each head."""

    title: str | Promise
    about: str | Promise
    heads: list[str]
    rows: Callable[[], Iterator[Row]]


def _flat(shape: type[Schema], read: Callable[[], Any], *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    heads = [name for name in shape.model_fields if name not in without]

    def rows() -> Iterator[Row]:
        for each in read():
            yield cells(each if isinstance(each, Schema) else shape.from_orm(each), heads)

    return {"heads": heads, "rows": rows}


def cells(item: Schema, heads: list[str]) -> Row:
    """A list becomes one cell, its parts apart by semicolons."""
    values = (getattr(item, name) for name in heads)
    return ["; ".join(map(str, value)) if isinstance(value, list) else value for value in values]


def _calendar() -> Iterator[Row]:
    for year in published.years().prefetch_related("stages"):
        for stage in year.stages.all():
            yield [year.code, *cells(StageOf.from_orm(stage), list(StageOf.model_fields))]


DATASETS = {
    "years": Dataset(_("Years"), _("Each edition of the competition."), **_flat(Year, published.years)),
    "calendar": Dataset(
        _("Calendar"), _("Each stage of each year: as planned, and as it stands now."),
        ["competition", *StageOf.model_fields], _calendar,
    ),
    "agencies": Dataset(
        _("Agencies"), _("Ministries, institutions, regional governments and enterprises, with official codes."),
        **_flat(Agency, published.agencies),
    ),
    "innovations": Dataset(
        _("Innovations"), _("The catalogue: all that won something since 2014."),
        **_flat(Innovation, published.innovations, without=("awards",)),
    ),
    "awards": Dataset(_("Awards"), _("Each award of each innovation, by year."), **_flat(AwardOf, published.awards)),
    "announcements": Dataset(
        _("Announcements"), _("Those in force, with number and moment."),
        **_flat(AnnouncementOf, published.announcements),
    ),
    "results": Dataset(
        _("Published results"), _("Who stands on a published list, by agency and title."),
        **_flat(Result, lambda: map(Result.of_entry, published.results())),
    ),
}  # fmt: skip


def found_in_catalogue(asked: Asked) -> Dataset:
    """What a search of the catalogue finds, in its order."""
    return Dataset("", "", **_flat(Innovation, lambda: Found(asked).innovations.with_awards(), without=("awards",)))


def lists_made_public(announcement: Announcement) -> Dataset:
    def read() -> Iterator[Chosen]:
        for each in lists_of(announcement):
            for proposal in each.proposals:
                yield Chosen.of(proposal, each.name)

    return Dataset("", "", **_flat(Chosen, read))
