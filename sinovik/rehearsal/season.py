"""The state of a rehearsed year: its competition, its plan, and the invented people who live it."""

from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from random import Random

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Agency, Unit, User
from competitions.models import Competition
from files.models import StoredFile
from files.storing import store
from judging.models import Juror
from sinovik.rehearsal.plan import Plan

CLERKS = 4


@dataclass
class Desk:
    """One agency's people, as far as they have registered."""

    agency: Agency
    admin: User
    unit: Unit
    innovators: list[User]


@dataclass
class Person:
    """Who takes a leading part under a known login in a demonstration; in a rehearsal nobody does."""

    email: str
    name: str
    password: str


@dataclass
class Season:
    """`named` maps a part (secretariat, agency_admin, innovator, evaluator, panelist) to its demonstration person."""

    competition: Competition
    plan: Plan
    random: Random
    named: dict[str, Person] = field(default_factory=dict)
    clerks: list[User] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)
    jurors: dict[str, list[Juror]] = field(default_factory=dict)
    serial: int = 0

    @property
    def clerk(self) -> User:
        return self.clerks[0]

    @cached_property
    def letter(self) -> StoredFile:
        """One small signed-letter PDF that stands for all the paperwork."""
        return store(self.paper("surat.pdf"), kinds=["pdf"], by=None, max_mb=1)

    def paper(self, name: str) -> SimpleUploadedFile:
        """An empty page, as somebody would send it."""
        page = BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(page)
        return SimpleUploadedFile(name, page.getvalue())

    def next_email(self, part: str) -> str:
        self.serial += 1
        return f"{part}.{self.competition.code}.{self.serial}@contoh.sinovik.test"

    def person_for(self, part: str, name: str) -> Person:
        """The named person of that part, the first time; afterwards somebody invented without a password."""
        return self.named.pop(part, None) or Person(self.next_email(part.replace("_", "-")), name, "")
