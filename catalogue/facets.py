"""What was found, and by what it may be narrowed further.

The number beside a value is the length of the list that picking just this value of its facet would give, while all
other facets stay as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Count, F, Func, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Agency
from catalogue.asking import AWARD, BEST, NAMES, NEWEST, NO_PROVINCE, OLDEST, READY, Asked
from catalogue.models import Award, Innovation, Offer
from catalogue.provinces import COLUMNS, ROWS, TILES, Tile
from catalogue.querysets import InnovationQuerySet
from catalogue.sdgs import GOALS
from catalogue.search import Wanted, understand

SHOWN = 7  # values of a facet before "all of them"
TILE, PITCH = 42, 44  # units of the drawing; at 320 px a tile is 26 px wide


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what it is called, how long its list would be, whether it is picked, and the address with
    it picked or not."""

    value: str
    label: str | Promise
    count: int
    picked: bool
    address: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: str | Promise
    choices: list[Choice]

    @property
    def first(self) -> list[Choice]:
        """What is seen without unfolding: the first few, and whatever is picked."""
        few = self.choices if len(self.choices) <= SHOWN + 2 else self.choices[:SHOWN]
        return [each for each in self.choices if each in few or each.picked]

    @property
    def rest(self) -> list[Choice]:
        return [each for each in self.choices if each not in self.first]


@dataclass(frozen=True)
class Province:
    """A tile of the map: its place in the drawing, and how dark it is by its share `of` the most there can be."""

    tile: Tile
    choice: Choice
    of: int

    @classmethod
    def shown(cls, tile: Tile, words: str, count: int, *, of: int) -> "Province":
        """On a map that only shows: nothing can be picked."""
        return cls(tile, Choice(tile.name, words, count, False, ""), of)

    @property
    def shade(self) -> int:
        """0-4."""
        return -(-4 * self.choice.count // self.of) if self.of else 0

    @property
    def x(self) -> int:
        return self.tile.column * PITCH + (PITCH - TILE) // 2

    @property
    def y(self) -> int:
        return self.tile.row * PITCH + (PITCH - TILE) // 2

    @property
    def middle(self) -> int:
        return self.x + TILE // 2


class Found:
    """The answer of the catalogue to what is asked; each part is asked for when it is shown."""

    map_width, map_height, tile = COLUMNS * PITCH, ROWS * PITCH, TILE

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.wanted: Wanted | None = understand(asked.q) if asked.q else None

    def _matching(self, asked: Asked, *, leaving_out: tuple[str, ...] = ()) -> InnovationQuerySet:
        innovations = asked.narrow(Innovation.objects.awarded(), leaving_out=leaving_out)
        return self.wanted.among(innovations) if self.wanted else innovations

    @property
    def innovations(self) -> InnovationQuerySet:
        """The list asked for, in its order."""
        found, order = self._matching(self.asked), self.asked.order
        if order == BEST and self.wanted:
            return self.wanted.best_first(found)
        if order in (NEWEST, OLDEST):
            return found.by_year(newest=order == NEWEST)
        return found.order_by("title", "pk")

    @property
    def without_facets(self) -> int:
        """How many there would be if nothing but the search text were asked."""
        return self._matching(Asked(self.asked.q)).count()

    @cached_property
    def facets(self) -> list[Facet]:
        """Each with the values that would give a list, or are picked. One query."""
        first, *others = (self._counted(name) for name in NAMES)
        counts: dict[str, dict[str, int]] = {name: {} for name in NAMES}
        for name, value, count in first.union(*others, all=True):
            counts[name][value] = count
        for name, values in self.asked.picked.items():
            counts[name].update({value: counts[name].get(value, 0) for value in values})
        return [Facet(name, label, list(self._choices(name, counts[name]))) for name, label in NAMES.items()]

    def _counted(self, name: str) -> models.QuerySet:
        """(facet, value, count) for each value of a facet."""
        if name in AWARD:
            others = self._matching(self.asked, leaving_out=AWARD)
            awards = Award.objects.filter(**self.asked.awards(leaving_out=(name,)), innovation__in=others.values("pk"))
            values: models.QuerySet[Any] = awards.annotate(value=Cast(name, TextField()))
            number = Count("innovation", distinct=True)
        else:
            found = self._matching(self.asked, leaving_out=(name,))
            values, number = found.filter(HAS[name]).annotate(value=OF[name]), Count("pk")
        facet = Value(name, output_field=TextField())
        return values.order_by().values(facet=facet, what=F("value")).annotate(number=number).values_list(
            "facet", "what", "number"
        )  # fmt: skip

    def _choices(self, name: str, counts: dict[str, int]) -> Iterator[Choice]:
        for value, label in _in_order(name, counts):
            picked = value in self.asked.of_facet(name)
            yield Choice(value, label, counts[value], picked, self.asked.toggled(name, value).address)

    @property
    def picked(self) -> list[Choice]:
        """All that is picked, to be taken away again one by one."""
        return [choice for facet in self.facets for choice in facet.choices if choice.picked]

    @property
    def provinces(self) -> list[Province]:
        """The tiles of the map; darker where more was found."""
        (facet,) = (facet for facet in self.facets if facet.name == "province")
        found = {choice.value: choice for choice in facet.choices}
        most = max((found[tile.name].count for tile in TILES if tile.name in found), default=0)
        tiles = []
        for tile in TILES:
            address = self.asked.toggled("province", tile.name).address
            choice = found.get(tile.name) or Choice(tile.name, tile.name, 0, False, address)
            tiles.append(Province(tile, choice, most))
        return tiles


OF = {
    "offer": Value(READY),
    "category": F("category_name"),
    "agency_type": F("agency__type"),
    "province": models.Case(
        models.When(Q(agency__isnull=False, agency__province=""), then=Value(NO_PROVINCE)),
        default=F("agency__province"),
    ),
    "sdg": Cast(Func(F("sdgs"), function="unnest", output_field=models.IntegerField()), TextField()),
}

HAS = {"offer": Q(pk__in=Offer.objects.in_force().origins()), "category": ~Q(category_name=""), "sdg": ~Q(sdgs=[])}
HAS |= dict.fromkeys(("agency_type", "province"), Q(agency__isnull=False))


def _in_order(name: str, counts: dict[str, int]) -> list[tuple[str, str | Promise]]:
    """The values of a facet with what they are called: years newest first, tiers and goals in their own order, others
    by how much they would give."""
    if name == "offer":
        return [(READY, _("Ready to be replicated"))] if counts else []
    if name == "tier":
        return [(value, label) for value, label in Award.Tier.choices if value in counts]
    if name == "sdg":
        named = ((str(number), label) for number, label in GOALS.items())
        return [(value, f"{value}. {label}") for value, label in named if value in counts]
    if name == "year":
        return [(value, value) for value in sorted(counts, reverse=True)]
    kinds = dict(Agency.Type.choices) if name == "agency_type" else {}
    central = {NO_PROVINCE: _("Central government and state enterprises")} if name == "province" else {}
    values = sorted(counts, key=lambda value: (-counts[value], value))
    return [(value, kinds.get(value) or central.get(value) or value) for value in values]
