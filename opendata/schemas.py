"""The shapes of the open data. A field is never renamed or dropped within a version of the API; new ones may come.

Descriptions are msgids: gettext_noop marks them, and the schema is translated when it is handed out.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from pydantic import AfterValidator

from accounts.models import Agency as AgencyModel
from announcements.models import Announcement as AnnouncementModel
from catalogue.models import Award as AwardModel
from catalogue.models import Innovation as InnovationModel
from competitions import wording
from competitions.models import Competition, Group, Stage
from judging.models import SelectionEntry
from notifications.outbox import absolute
from proposals.models import Proposal

Item = TypeVar("Item")


def _among(values: Iterable[str]) -> Callable[[str], str]:
    known = set(values)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError("is none of " + ", ".join(sorted(known)))
        return value

    return check


AgencyType = Annotated[
    str, AfterValidator(_among(AgencyModel.Type.values)), Field(json_schema_extra={"enum": AgencyModel.Type.values})
]
Tier = Annotated[
    str, AfterValidator(_among(AwardModel.Tier.values)), Field(json_schema_extra={"enum": AwardModel.Tier.values})
]
Kind = Annotated[
    str,
    AfterValidator(_among(AnnouncementModel.Kind.values)),
    Field(json_schema_extra={"enum": AnnouncementModel.Kind.values}),
]
StageKind = Annotated[str, Field(json_schema_extra={"enum": Stage.Kind.values})]
Goal = Annotated[int, Field(ge=1, le=17)]
Code = Annotated[str, Field(max_length=40)]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class Problem(Schema):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field("about:blank", description=_("Kind of problem"))
    title: str = Field(description=_("What went wrong, in a few words"))
    status: int = Field(description=_("Number of the HTTP status"))
    detail: str = Field("", description=_("What to do about it"))
    errors: list[dict[str, str]] = Field([], description=_("What is wrong with which parameter"))


class Page(Schema, Generic[Item]):
    count: int = Field(description=_("How many there are on all pages"))
    page: int = Field(description=_("Number of this page, from 1"))
    pages: int = Field(description=_("How many pages there are"))
    next: Address | None = Field(description=_("Address of the next page"))
    previous: Address | None = Field(description=_("Address of the page before"))
    items: list[Item]


class Award(Schema):
    year: int
    tier: Tier = Field(description=_("Rank of the award in the competition of its year"))
    label: str = Field(description=_("What the award was called, for example Top 45"))


class Innovation(Schema):
    code: str = Field(description=_("Stays for ever, also after a merger"))
    title: str
    former_titles: list[str] = Field(description=_("Titles of earlier years, oldest first"))
    agency_code: str | None = Field(description=_("Code of the agency; none if it is in no list any more"))
    agency_name: str = Field(description=_("The agency as the source names it"))
    agency_type: AgencyType | None
    province: str | None = Field(description=_("Empty for bodies of the central government"))
    category: str
    category_inferred: bool = Field(description=_("The category was assigned by the portal, not by the source"))
    sdgs: list[Goal] = Field(description=_("Numbers of the Sustainable Development Goals, 1 to 17"))
    summary: str
    source: str = Field(description=_("Address or document the facts come from"))
    awards: list[Award] = Field(description=_("Newest first"))
    page: Address = Field(description=_("Address of its page in the portal"))

    @staticmethod
    def resolve_agency_code(obj: InnovationModel) -> str | None:
        return obj.agency.code if obj.agency else None

    @staticmethod
    def resolve_agency_type(obj: InnovationModel) -> str | None:
        return obj.agency.type if obj.agency else None

    @staticmethod
    def resolve_province(obj: InnovationModel) -> str | None:
        return obj.agency.province if obj.agency else None

    @staticmethod
    def resolve_category(obj: InnovationModel) -> str:
        return obj.category_name

    @staticmethod
    def resolve_page(obj: InnovationModel) -> str:
        return absolute(obj.get_absolute_url())


class AwardOf(Award):
    innovation: str = Field(description=_("Code of the innovation"))
    title: str = Field(description=_("Title of the innovation"))
    agency_code: str | None = Field(description=_("Code of the agency; none if it is in no list any more"))
    agency_name: str = Field(description=_("The agency as the source names it"))

    @staticmethod
    def resolve_innovation(obj: AwardModel) -> str:
        return obj.innovation.code

    @staticmethod
    def resolve_title(obj: AwardModel) -> str:
        return obj.innovation.title

    @staticmethod
    def resolve_agency_code(obj: AwardModel) -> str | None:
        return obj.innovation.agency.code if obj.innovation.agency else None

    @staticmethod
    def resolve_agency_name(obj: AwardModel) -> str:
        return obj.innovation.agency_name


class Agency(Schema):
    code: str = Field(description=_("Kemendagri code of a regional government; of others the portal's own code"))
    name: str
    type: AgencyType
    province: str = Field(description=_("Empty for bodies of the central government"))
    parent: str | None = Field(description=_("Code of the government that a regional enterprise belongs to"))
    time_zone: str
    participates: bool = Field(description=_("Whether it may take part in the competition"))

    @staticmethod
    def resolve_parent(obj: AgencyModel) -> str | None:
        return obj.parent.code if isinstance(obj.parent, AgencyModel) else None


class Year(Schema):
    code: str
    year: int
    edition: int | None
    name: str
    theme: str
    is_demonstration: bool = Field(description=_("A demonstration: neither its people nor its proposals are real"))
    page: Address = Field(description=_("Address of its page in the portal"))

    @staticmethod
    def resolve_page(obj: Competition) -> str:
        return absolute(obj.get_absolute_url())


class StageOf(Schema):
    key: str
    kind: StageKind
    name: str
    starts_at: datetime | None = Field(description=_("As it stands now"))
    ends_at: datetime | None = Field(description=_("The last moment that still counts"))
    planned_start: datetime | None
    planned_end: datetime | None


class Named(Schema):
    key: str
    name: str


class Question(Schema):
    key: str
    label: str
    max_words: int | None = Field(description=_("None: no limit"))
    required: bool


class Aspect(Schema):
    key: str
    name: str
    weight: float = Field(description=_("Per cent of the group's total"))
    questions: list[Question]


class Document(Schema):
    key: str
    name: str
    required: bool
    max_mb: float


class RoundOf(Schema):
    key: str
    name: str
    assessors: str
    assessors_per_proposal: int
    advance: int = Field(description=_("How many the list of the round holds; 0: it has none"))
    selection_name: str = Field(description=_("Name of the list"))
    award_tier: str = Field(description=_("Award that the list gives; empty: none"))


class GroupOf(Schema):
    key: str
    name: str
    description: str
    rules: list[str] = Field(description=_("Who and what may take part, in words"))
    min_age_months: int | None
    started_after: date | None
    cap_per_agency: int | None = Field(description=_("None: no limit"))
    invitation_only: bool
    finalists: int | None
    winners: int | None
    aspects: list[Aspect]
    documents: list[Document]
    rounds: list[RoundOf]

    @staticmethod
    def resolve_rules(obj: Group) -> list[str]:
        return wording.rules(obj)


class YearWithRules(Year):
    regulations: list[str]
    counts: dict[str, int] = Field(description=_("Published figures of the year, by step"))
    stages: list[StageOf] = Field(description=_("The calendar"))
    categories: list[Named]
    groups: list[GroupOf]

    @staticmethod
    def resolve_counts(obj: Competition) -> dict[str, int]:
        if obj.is_demonstration:
            return {}  # the figures of its file are those of the real year
        found = {step: obj.published(step) for step in obj.counts}
        return {step: count for step, count in found.items() if isinstance(count, int)}


class Announcement(Schema):
    code: str
    number: str
    kind: Kind
    title: str
    competition: str = Field(description=_("Code of the year"))
    published_at: datetime
    version: int = Field(description=_("1, and one more with each correction"))
    corrects: str | None = Field(description=_("Code of the version it corrects"))
    because: str = Field(description=_("Why it corrects"))
    page: Address = Field(description=_("Address of its page in the portal"))

    @staticmethod
    def resolve_competition(obj: AnnouncementModel) -> str:
        return obj.competition.code

    @staticmethod
    def resolve_published_at(obj: AnnouncementModel) -> datetime | None:
        return obj.publish_at

    @staticmethod
    def resolve_corrects(obj: AnnouncementModel) -> str | None:
        return obj.corrects.code if obj.corrects else None

    @staticmethod
    def resolve_page(obj: AnnouncementModel) -> str:
        return absolute(obj.get_absolute_url())


class PublishedList(Schema):
    name: str
    size: int


class AnnouncementWithText(Announcement):
    body: str = Field(description=_("The text, in Markdown"))
    lists: list[PublishedList] = Field(description=_("The lists it makes public"))


class Chosen(Schema):
    """One innovation on a published list."""

    list: str = Field(description=_("Name of the list"))
    group: str = Field(description=_("Key of the group"))
    category: str
    title: str
    agency_code: str
    agency_name: str
    unit: str

    @classmethod
    def of(cls, proposal: Proposal, name: str) -> "Chosen":
        return cls(**_chosen(proposal, name), group=proposal.group.key)


class Result(Chosen):
    competition: str = Field(description=_("Code of the year"))
    year: int
    tier: Tier | None = Field(description=_("Award that the list gives; none for nominations"))

    @classmethod
    def of_entry(cls, entry: SelectionEntry) -> "Result":
        deciding = entry.selection.round
        competition = deciding.group.competition
        return cls(
            **_chosen(entry.proposal, entry.selection.name), group=deciding.group.key, competition=competition.code,
            year=competition.year, tier=deciding.award_tier or None,
        )  # fmt: skip


def _chosen(proposal: Proposal, name: str) -> dict[str, Any]:
    return {
        "list": name, "category": proposal.category.name, "title": proposal.title,
        "agency_code": proposal.agency.code, "agency_name": proposal.agency.name,
        "unit": proposal.unit.name if proposal.unit else "",
    }  # fmt: skip


class Table(Schema):
    key: str
    title: str


class TableWithRows(Table):
    heads: list[str] = Field(description=_("Heads of the columns"))
    rows: list[list[str | int | None]] = Field(description=_("None: not known"))
    sources: list[str] = Field(description=_("Where each row comes from, if told"))
    notes: list[str] = Field(description=_("What must be said about the figures"))


class Pages(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=100_000, description=_("Number of the page, from 1"))
    per_page: int = Field(50, ge=1, le=200, description=_("How many to a page"))


class OfAgency(Pages):
    q: str = Field("", max_length=200, description=_("Words of the name"))
    type: AgencyType | None = Field(None, description=_("Kind of agency"))
    province: str = Field("", max_length=100, description=_("Name of the province"))


class OfAward(Pages):
    year: int | None = Field(None, ge=2014, le=2100, description=_("Year of the award"))
    tier: Tier | None = Field(None, description=_("Rank of the award in the competition of its year"))
    agency: str = Field("", max_length=12, description=_("Code of the agency"))


class OfInnovation(OfAward):
    q: str = Field("", max_length=200, description=_("What the search of the catalogue understands"))
    category: str = Field("", max_length=150, description=_("Name of the category"))
    type: AgencyType | None = Field(None, description=_("Kind of agency"))
    province: str = Field("", max_length=100, description=_("Name of the province"))
    sdg: Goal | None = Field(None, description=_("Number of a Sustainable Development Goal, 1 to 17"))


class OfAnnouncement(Pages):
    kind: Kind | None = Field(None, description=_("Kind of announcement"))
    competition: str = Field("", max_length=40, description=_("Code of the year"))


class OfResult(Pages):
    competition: str = Field("", max_length=40, description=_("Code of the year"))
    tier: Tier | None = Field(None, description=_("Award that the list gives"))
    agency: str = Field("", max_length=12, description=_("Code of the agency"))
