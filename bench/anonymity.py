"""Whether anything an agency or the public can reach tells who judged: every page, file and letter of a lived year.

The year is the demonstration's last stage in a scratch database. Its jurors get names that stand nowhere else, and one
of them signs every comment. Then the portal is walked from its home page, link by link, as a visitor, as every agency
admin and as innovators; what their letters say and what their data archive holds is read too. That the search can
see is shown on what the secretariat reads: there the names must be found.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from itertools import combinations
from math import sqrt
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import scratch

scratch.begin()

from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from figures import Figure  # noqa: E402
from pdf_text import words_of  # noqa: E402

from accounts.models import Membership, User  # noqa: E402
from judging.models import Assessment, FeedbackLetter, Juror, Selection  # noqa: E402
from notifications.models import Message  # noqa: E402
from proposals.actions import ask_export  # noqa: E402
from proposals.actions.exporting import export_due  # noqa: E402
from proposals.models import Export  # noqa: E402
from sinovik import demo  # noqa: E402
from sinovik.rehearsal.script import Step, begin, live  # noqa: E402
from sinovik.rehearsal.season import Season  # noqa: E402

INNOVATORS = 4  # beside all agency admins
VARIANTS = 5  # of one address by its query: pages, filters
_LINK = re.compile(r"""(?:href|src|action|hx-get)=["']([^"'#]+)""")
_BLANKS = re.compile(r"\s+")
STARTS = ("/", "/sitemap.xml", "/robots.txt", "/inbox/", "/results/")


@dataclass
class Found:
    """What was read, by kind, and where something told a juror: "who, where: what"."""

    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hits: list[str] = field(default_factory=list)
    needles: list[str] = field(default_factory=list)

    def look(self, kind: str, where: str, text: str) -> None:
        self.read[kind] += 1
        plain = _plain(text)
        told = [each for each in self.needles if each in plain]
        self.hits += [f"{where}: {each}" for each in told]
        if told:
            print(f"  {where}: {', '.join(told[:5])}", file=sys.stderr, flush=True)


def main() -> list[Figure]:
    with scratch.database(), override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        season = _lived()
        needles = _needles()
        outside, inside = Found(needles=needles), Found(needles=needles)
        with override_settings(DEMO=False):
            for who, user in _outsiders():
                _walk(outside, who, user)
        _read_letters(outside)
        _read_archives(outside)
        _secretariat(inside, season)
        return [*_figures(outside, inside), _order()]


def _figures(outside: Found, inside: Found) -> Iterator[Figure]:
    for kind, count in sorted(outside.read.items()):
        yield Figure(f"{kind} read as visitor, agency admins and innovators", str(count))
    total = sum(outside.read.values())
    told = len(outside.hits)
    jurors = f"names, addresses and codes of {Juror.objects.count()} jurors and their sheets"
    yield Figure(f"{jurors} in {total} documents", str(told), "0", told == 0)
    seen = len({each.split(": ")[1] for each in inside.hits})
    yield Figure("names found by the same search in what the secretariat reads", str(seen), "> 0", seen > 0)
    papers = sum(each.startswith("minutes") for each in inside.hits)
    yield Figure("names found by it in the minutes' PDF", str(papers), "> 0", papers > 0)


def _lived() -> Season:
    with open("/dev/null", "w") as nowhere:
        call_command("load_agencies", stdout=nowhere)
        call_command("load_awards", stdout=nowhere)
    season = begin(demo.YEAR, code=demo.CODE, proposals=demo.PROPOSALS, jurors=None, seed=45, named=dict(demo.LOGINS))
    for step in demo.STAGES["announced"]:
        for done in live(season, (step,)):
            print(f"  {done.name}: {done.count} ({done.seconds:.0f} s)", file=sys.stderr, flush=True)
        _after(step, season)
    return season


def _after(step: Step, season: Season) -> None:
    if step.name.startswith("jurors"):
        for number, juror in enumerate(Juror.objects.order_by("pk")):
            mark = "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")
            User.objects.filter(pk=juror.user_id).update(name=f"Prof. Qox{mark} Zyw{mark}")
            Juror.objects.filter(pk=juror.pk).update(institution=f"Universitas Vuq{mark}")
        for jurors in season.jurors.values():
            for juror in jurors:
                juror.refresh_from_db()
    if step.name.endswith("sheets final"):
        signer = Juror.objects.filter(assessments__status="final").select_related("user").order_by("-pk")[0]
        words = f"Bagus. Salam, {signer.user.name.split()[1]}"
        Assessment.objects.filter(juror=signer).update(comment=words, panel_note="Rahasiapanel")


def _needles() -> list[str]:
    """What must not be found, without blanks: both names, the address, the institution and the codes of each juror,
    the codes of their sheets, and what was written for the panel alone."""
    found = ["rahasiapanel"]
    for juror in Juror.objects.select_related("user"):
        _title, first, last = juror.user.name.split()
        found += [first, last, juror.user.email, juror.code, juror.institution.split()[1]]
    found += Assessment.objects.values_list("code", flat=True)
    return [_plain(each) for each in found]


def _plain(text: str) -> str:
    return _BLANKS.sub("", unescape(text)).casefold()


def _outsiders() -> Iterator[tuple[str, User | None]]:
    yield "visitor", None
    admins = Membership.objects.filter(role=Membership.Role.ADMIN, ended_at=None).select_related("user")
    for number, membership in enumerate(admins.order_by("pk")):
        yield f"admin {number}", membership.user
    named = User.objects.filter(email=demo.LOGINS["innovator"].email)
    leads = User.objects.filter(led_proposals__entries__feedback_letter__state="sent").exclude(pk__in=named).distinct()
    for number, lead in enumerate([*named, *leads.order_by("pk")[: INNOVATORS - 1]]):
        yield f"innovator {number}", lead


def _walk(found: Found, who: str, user: User | None) -> None:
    """GET every address that a link from the home page leads to. The public catalogue is walked once, as a visitor."""
    client = Client(raise_request_exception=False)  # without DEMO: a demonstration shows everybody all letters
    if user:
        client.force_login(user)
    waiting, seen, variants = list(STARTS), set(STARTS), defaultdict(int)
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        content = response.getvalue() if response.streaming else response.content
        kind, text = _readable(response.get("Content-Type", ""), content)
        if response.status_code < 400:
            found.look(kind, f"{who}, {address}", f"{response.headers} {text}")
        links = [response["Location"]] if "Location" in response else _LINK.findall(text) if kind == "pages" else []
        for link in links:
            parts = urlsplit(urljoin(f"http://testserver{address}", unescape(link)))
            where = parts.path + (f"?{parts.query}" if parts.query else "")
            foreign = parts.netloc not in ("testserver", "localhost:8000")
            if (
                foreign
                or parts.path.startswith("/static/")
                or where in seen
                or (user and parts.path.startswith("/catalogue/"))
            ):
                continue
            variants[parts.path] += bool(parts.query)
            if variants[parts.path] <= VARIANTS:
                seen.add(where)
                waiting.append(where)


def _readable(kind: str, content: bytes) -> tuple[str, str]:
    if kind.startswith("application/pdf"):
        return "PDFs", words_of(content)
    text = content.decode("utf-8", "replace")
    return ("pages" if kind.startswith("text/html") else "other files (CSV, calendars, JSON, feeds)"), text


def _read_letters(found: Found) -> None:
    """What was mailed to anybody who is neither a juror nor of the secretariat."""
    judges = User.objects.filter(juror_roles__isnull=False) | User.objects.filter(is_secretariat=True)
    told = Message.objects.exclude(recipient__in=judges).exclude(address__in=judges.values("email"))
    for message in told.iterator():
        found.look("letters", f"letter {message.kind}", f"{message.subject} {message.body} {message.link}")


def _read_archives(found: Found) -> None:
    """The archives of their own data that an innovator and an agency admin may ask for."""
    people = User.objects.filter(email__in=[demo.LOGINS[part].email for part in ("innovator", "agency_admin")])
    for person in people:
        ask_export(person)
    export_due()
    for export in Export.objects.filter(person__in=people, state="ready").select_related("person"):
        client = Client()
        client.force_login(export.person)
        content = client.get(reverse("proposals:export_file", args=[export.code])).getvalue()
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                text = words_of(archive.read(name)) if name.endswith(".pdf") else archive.read(name).decode("latin-1")
                found.look("files of data archives", f"archive/{name}", text)


def _secretariat(found: Found, season: Season) -> None:
    client = Client()
    client.force_login(season.clerk)
    selection = Selection.objects.standing().order_by("pk").first()
    if selection is None:
        return
    group = selection.round.group
    names = [group.competition.code, group.key, selection.round.key]
    found.look("pages", "round", client.get(reverse("judging:round", args=names)).content.decode())
    content = client.get(reverse("judging:minutes_pdf", args=[selection.code])).content
    found.look("PDFs", "minutes", words_of(content))


def _order() -> Figure:
    """Whether the place of a comment in its letter says anything about who wrote it: how often the juror invited
    first comes first. By lot it is half, within four standard errors."""
    first = pairs = 0
    for letter in FeedbackLetter.objects.prefetch_related("comments__assessment"):
        for one, other in combinations(letter.comments.all(), 2):
            first += one.assessment.juror_id < other.assessment.juror_id
            pairs += 1
    share = first / pairs if pairs else 0.0
    ok = pairs > 0 and abs(share - 0.5) <= 4 * 0.5 / sqrt(pairs)
    return Figure(f"of {pairs} pairs of comments, first who was invited first", f"{share:.0%}", "by lot: half", ok)
