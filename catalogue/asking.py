"""What a visitor asks the catalogue for. It lives in the address, so that a search can be shared and kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from catalogue.models import Award, Innovation, Offer
from catalogue.querysets import InnovationQuerySet
from catalogue.sdgs import GOALS

NAMES: dict[str, str | Promise] = {  # in the order they are shown
    "offer": _("Replication"),
    "tier": _("Award"),
    "year": _("Year"),
    "category": _("Category"),
    "agency_type": _("Kind of agency"),
    "province": _("Provinces"),
    "sdg": _("Development goal"),
}
AWARD = ("tier", "year")  # both must hold of one and the same award
READY = "ready"  # the one value of the facet `offer`
NO_PROVINCE = "pusat"  # bodies of the central government
BEST, NEWEST, OLDEST, TITLE = "best", "newest", "oldest", "title"
ORDERS: dict[str, str | Promise] = {
    BEST: _("Best match first"),
    NEWEST: _("Newest award first"),
    OLDEST: _("Oldest award first"),
    TITLE: _("By title"),
}
LONGEST = 200  # letters of a search text


@dataclass(frozen=True)
class Asked:
    """A search text, what is picked of each facet, and the order. Values nobody knows are left out: old addresses
    keep working."""

    q: str = ""
    picked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = NEWEST

    @classmethod
    def of(cls, given: QueryDict) -> "Asked":
        q = " ".join(given.get("q", "").split())[:LONGEST]
        picked = {name: tuple(dict.fromkeys(given.getlist(name))) for name in NAMES}
        known = _known({name for name, values in picked.items() if values})
        picked = {name: tuple(value for value in picked[name] if value in known[name]) for name in known}
        default = BEST if q else NEWEST
        order = given.get("order", default)
        usable = order in ORDERS and (order != BEST or q)
        return cls(q, {name: values for name, values in picked.items() if values}, order if usable else default)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.picked)

    def of_facet(self, name: str) -> tuple[str, ...]:
        return self.picked.get(name, ())

    def narrow(self, innovations: InnovationQuerySet, *, leaving_out: tuple[str, ...] = ()) -> InnovationQuerySet:
        """Those that have one of the picked values of each facet; facets left out do not count."""
        conditions = {
            "offer": Q(pk__in=Offer.objects.in_force().origins()),
            "category": Q(category_name__in=self.of_facet("category")),
            "agency_type": Q(agency__type__in=self.of_facet("agency_type")),
            "province": Q(agency__province__in=[_province(value) for value in self.of_facet("province")]),
            "sdg": Q(sdgs__overlap=[int(value) for value in self.of_facet("sdg")]),
        }
        for name, condition in conditions.items():
            if self.of_facet(name) and name not in leaving_out:
                innovations = innovations.filter(condition)
        if awards := self.awards(leaving_out=leaving_out):
            return innovations.filter(Exists(Award.objects.filter(**awards, innovation=OuterRef("pk"))))
        return innovations

    def awards(self, *, leaving_out: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
        """The conditions on an award."""
        return {f"{name}__in": self.picked[name] for name in AWARD if name in self.picked and name not in leaving_out}

    def toggled(self, name: str, value: str) -> "Asked":
        """The same, with one value more, or less if it was picked."""
        before = self.of_facet(name)
        after = tuple(each for each in before if each != value) if value in before else (*before, value)
        others = {each: values for each, values in self.picked.items() if each != name}
        return replace(self, picked={**others, name: after} if after else others)

    @property
    def address(self) -> str:
        """Where this is asked, from the first page."""
        return reverse("catalogue:list") + self.query

    @property
    def query(self) -> str:
        """The part of an address from the question mark on; empty when nothing is asked."""
        return f"?{urlencode(list(self._parts()))}".rstrip("?")

    def _parts(self) -> Iterator[tuple[str, str]]:
        if self.q:
            yield "q", self.q
        for name, values in self.picked.items():
            yield from ((name, value) for value in values)
        if self.order != (BEST if self.q else NEWEST):
            yield "order", self.order


def _province(value: str) -> str:
    return "" if value == NO_PROVINCE else value


def _known(names: set[str]) -> dict[str, set[str]]:
    """The values the catalogue knows, of the facets named."""
    known: dict[str, set[str]] = {}
    if "offer" in names:
        known["offer"] = {READY}
    if "tier" in names:
        known["tier"] = set(Award.Tier.values)
    if "agency_type" in names:
        known["agency_type"] = set(Agency.Type.values)
    if "sdg" in names:
        known["sdg"] = {str(number) for number in GOALS}
    if "year" in names:
        known["year"] = {str(year) for year in Award.objects.values_list("year", flat=True).distinct()}
    if "category" in names:
        known["category"] = set(Innovation.objects.values_list("category_name", flat=True).distinct()) - {""}
    if "province" in names:
        known["province"] = set(Agency.objects.values_list("province", flat=True).distinct()) - {""} | {NO_PROVINCE}
    return known
