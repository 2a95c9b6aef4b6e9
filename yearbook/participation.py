"""Which agencies are known to have taken part, and what the catalogue holds, by kind, province and category.

Known to have taken part: an innovation of theirs won something (the catalogue), or they sent a proposal in a year of
this portal. Who took part earlier and won nothing is not known here.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Agency
from catalogue.models import Award, Innovation
from proposals.models import Submission
from yearbook.seasons import lived

WINNING = (Award.Tier.WINNER, Award.Tier.OUTSTANDING, Award.Tier.REPLICATION_WINNER)


@dataclass(frozen=True)
class Part:
    """`took_part` of `agencies` in one kind or province ("": central government and state enterprises)."""

    name: str
    agencies: int
    took_part: int

    @property
    def not_known(self) -> int:
        return self.agencies - self.took_part

    @property
    def share(self) -> float:
        return self.took_part / self.agencies if self.agencies else 0.0


def taking_part(by: str) -> list[Part]:
    """`by`: "type" or "province". One query."""
    awarded = Exists(Innovation.objects.awarded().filter(agency=OuterRef("pk")))
    sent = Exists(
        Submission.objects.filter(proposal__agency=OuterRef("pk"), stands=True, proposal__competition__in=lived())
    )
    rows = (
        Agency.objects.participating()
        .order_by()
        .values(by)
        .annotate(agencies=Count("pk"), took_part=Count("pk", filter=Q(awarded) | Q(sent)))
    )
    return [Part(row[by], row["agencies"], row["took_part"]) for row in rows]


def categories() -> list[tuple[str, int, int]]:
    """(category, innovations, of which the category was assigned by us), most first; "" : not known. One query."""
    rows = Innovation.objects.awarded().order_by().values("category_name")
    counted = rows.annotate(number=Count("pk"), inferred=Count("pk", filter=Q(category_inferred=True)))
    return sorted(
        ((row["category_name"], row["number"], row["inferred"]) for row in counted), key=lambda row: (-row[1], row[0])
    )


def winners_by_type() -> dict[str, int]:
    """Kind of agency → awards of winners in the catalogue; "": the agency of that time is in no list. One query."""
    won = Award.objects.filter(tier__in=WINNING, innovation__merged_into=None).order_by()
    counted = won.values_list("innovation__agency__type").annotate(number=Count("pk"))
    return {kind or "": number for kind, number in counted}
