"""Whether the winners can be told from anything before their moment: every address of the URL map, as every role.

A small year is lived up to its last plenary. Then every address is read by everybody without the right to know: before
the winners' lists are fixed, once the lists are fixed and their announcement is scheduled, and after the moment. Before
the moment nothing may have changed for the public, the agencies and the innovators (byte by byte, but for clocks and
tokens), and nobody may find the announcement or the lists by name. While the moment passes, readers poll the page:
each sees nothing or the whole list.
"""

import io
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from difflib import ndiff
from itertools import product
from time import monotonic

import scratch

scratch.begin()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse  # noqa: E402
from django.utils.html import escape  # noqa: E402
from figures import Figure  # noqa: E402
from openpyxl import load_workbook  # noqa: E402
from pdf_text import words_of  # noqa: E402

from accounts.models import Agency, Membership, User  # noqa: E402
from announcements.actions import announce_due, draft_announcement, schedule  # noqa: E402
from announcements.models import Announcement  # noqa: E402
from catalogue.models import Innovation  # noqa: E402
from competitions import calendar  # noqa: E402
from files.spreadsheets import XLSX  # noqa: E402
from judging.models import Entry, Juror, Selection  # noqa: E402
from notifications.models import Message  # noqa: E402
from proposals.models import Proposal, Submission  # noqa: E402
from sinovik import demo  # noqa: E402
from sinovik.rehearsal import judging  # noqa: E402
from sinovik.rehearsal.script import begin, live  # noqa: E402
from sinovik.rehearsal.season import Season  # noqa: E402

PROPOSALS, LAST = 31, 3
SKIP = ("admin:", "account_", "set_language", "readyz", "healthz")  # makers' own; and what tells of the machine alone
# Clocks, tokens and what is drawn for each answer.
_PASSING = re.compile(
    r"<time.*?</time>|csrf[^>]*>|name=\"(csrfmiddlewaretoken|key)\"[^>]*>|data-countdown[^<]*<|<updated>.*?<"
    r"|DTSTAMP:\S*"
)
Seen = dict[tuple[str, str], str]


def main() -> list[Figure]:
    as_served = {"ALLOWED_HOSTS": ["*"], "SECURE_SSL_REDIRECT": False, "DEMO": False}
    with scratch.database(), override_settings(**as_served, OPEN_DATA_PER_MINUTE=10**6):
        season = _lived()
        season_readers = dict(_readers())
        before = _read_all(season_readers)
        selections, announcement = _schedule(season)
        winners = _winners(selections)
        hidden = _read_all(season_readers, {address for _who, address in before})
        told = _before(before, hidden, announcement, selections)
        polled = _poll(announcement, winners)
        announce_due()
        after = _read_all(season_readers)
        return [*told, *polled, *_after(after, announcement, winners)]


def _lived() -> Season:
    with open("/dev/null", "w") as nowhere:
        call_command("load_agencies", stdout=nowhere)
        call_command("load_awards", stdout=nowhere)
    season = begin(demo.YEAR, code=demo.CODE, proposals=PROPOSALS, jurors=None, seed=45, named=dict(demo.LOGINS))
    steps = demo.STAGES["announced"]
    fixed = next(place for place, step in enumerate(steps) if step.name == "winners")
    with override_settings(DEMO=True):
        for done in live(season, steps[:fixed]):
            print(f"  {done.name}: {done.count} ({done.seconds:.0f} s)", file=sys.stderr, flush=True)
        judging.hold_supporters(season, place=LAST)  # moves the calendar, which everybody may know
    Message.objects.filter(read_at=None).update(read_at=calendar.now())  # or the probe reads one, and a badge is gone
    return season


def _schedule(season: Season) -> tuple[list[Selection], Announcement]:
    """The plenary fixes the winners; their announcement waits for tomorrow."""
    judging.fix_lists(season, place=LAST)
    selections = list(Selection.objects.standing().filter(announcements=None).select_related("round__group"))
    drafted = draft_announcement(
        season.competition, kind="winner", number="B/999/QZX/2023", title="Penetapan Qzxpemenang", by=season.clerk,
        body="Selamat kepada para qzxjuara.", selections=selections,
    )  # fmt: skip
    return selections, schedule(
        drafted, revision=drafted.revision, publish_at=calendar.now() + timedelta(days=1), by=season.clerk
    )


def _winners(selections: list[Selection]) -> list[Proposal]:
    chosen = Proposal.objects.filter(selection_entries__selection__in=selections, selection_entries__is_selected=True)
    return list(chosen.select_related("agency", "lead").distinct())


def _readers() -> Iterator[tuple[str, User | None]]:
    """Everybody without the right. Panelists sit in the plenary, so what it fixed is theirs to know."""
    yield "visitor", None
    finalists = Proposal.objects.filter(entries__round__order__gte=2).select_related("agency", "lead").distinct()
    for number, proposal in enumerate(finalists[:2]):
        yield f"innovator {number}", proposal.lead
        admin = Membership.objects.filter(agency=proposal.agency.admins_agency_id, role="admin", ended_at=None).first()
        yield f"agency admin {number}", admin.user if admin else None
    yield "evaluator", Juror.objects.filter(kind="evaluator", left_at=None).select_related("user")[0].user


def _read_all(readers: Mapping[str, User | None], again: Iterable[str] = ()) -> Seen:
    """What each reader gets at every address there is now, and at those of an earlier reading."""
    addresses = sorted({*_addresses(), *again})
    found: Seen = {}
    for name, user in readers.items():
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        for address in addresses:
            found[name, address] = _text(client, address)
    print(f"  {len(found)} answers read", file=sys.stderr, flush=True)
    return found


def _text(client: Client, address: str) -> str:
    response = client.get(address)
    content = response.getvalue() if response.streaming else response.content
    if response.get("Content-Type", "").startswith("application/pdf"):
        return words_of(content)
    where = response.get("Location", "")
    is_workbook = response.get("Content-Type", "") == XLSX
    text = _cells(content) if is_workbook else content.decode("utf-8", "replace")
    return f"{response.status_code} {where} {response.get('Content-Disposition', '')} {_PASSING.sub('', text)}"


def _cells(content: bytes) -> str:
    """What a workbook says; its packing bears the moment it was made."""
    sheets = load_workbook(io.BytesIO(content), read_only=True).worksheets
    return "\n".join(str(row) for sheet in sheets for row in sheet.iter_rows(values_only=True))


def _addresses(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """Every address of the URL map, filled with what the year holds; the public lists also with a search."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and not f"{namespace}{pattern.name}".startswith(SKIP):
            name = f"{namespace}{pattern.name}"
            parts = pattern.pattern.regex.groupindex
            for values in product(*(_values(part, alone=len(parts) == 1) for part in parts)):
                try:
                    address = reverse(name, kwargs=dict(zip(parts, values, strict=True)))
                except NoReverseMatch:
                    continue
                yield address
                if not values:
                    yield from (f"{address}?{query}" for query in ("q=pemenang", "kind=winner", "q=qzxpemenang"))


def _values(part: str, *, alone: bool) -> list[object]:
    """What stands in an address for its part of that name; fewer where several parts are combined."""
    finalists = Proposal.objects.filter(entries__round__order__gte=LAST).order_by("pk").values_list("code", flat=True)
    codes = [demo.CODE, *finalists[:3], *Announcement.objects.values_list("code", flat=True)]
    codes += Selection.objects.values_list("code", flat=True)
    codes += Innovation.objects.order_by("-pk").values_list("code", flat=True)[:2]
    known: dict[str, list[object]] = {
        "code": [*codes, Agency.objects.values_list("code", flat=True)[0]],
        "proposal": list(finalists[:2]),
        "group": ["umum"],
        "key": [Entry.objects.order_by("-round__order").values_list("round__key", flat=True)[0], "submission"],
        "sequence": [1],
        "number": [1, *Submission.objects.values_list("number", flat=True)[:1]],
    }
    if part == "code" and not alone:
        return [demo.CODE, *finalists[:1]]
    return known.get(part, [1])


def _needles(announcement: Announcement, selections: list[Selection]) -> list[str]:
    names = [announcement.code, announcement.number, announcement.title, "qzxjuara"]
    return [*names, *(each.code for each in selections), *(each.minutes_number for each in selections)]


def _before(before: Seen, hidden: Seen, announcement: Announcement, selections: list[Selection]) -> list[Figure]:
    needles = _needles(announcement, selections)
    told = 0
    for (who, address), text in hidden.items():
        own = address.split("?")[0]
        found = [each for each in needles if each in text and each not in own and "qzx" not in address]
        told += sum(len(each) for each in found)
        if found:
            print(f"  {who}, {address}: {found}", file=sys.stderr)
    outside = [key for key in before if not key[0].startswith("evaluator")]
    changed = [key for key in outside if before[key] != hidden.get(key)]
    for key in changed[:20]:
        lines = ndiff(before[key].splitlines(), hidden.get(key, "").splitlines())
        print("  changed for", *key, *(line for line in lines if line[0] in "+-"), sep="\n    ", file=sys.stderr)
    readers, addresses = ({key[part] for key in hidden} for part in (0, 1))
    read = f"{len(hidden)} answers of {len(addresses)} addresses to {len(readers)} readers"
    return [
        Figure(f"bytes of the announcement or its lists before the moment, in {read}", str(told), "0", told == 0),
        Figure(
            "answers to the public and the agencies that differ from before the lists were fixed", str(len(changed)),
            "0", not changed,
        ),
    ]  # fmt: skip


def _poll(announcement: Announcement, winners: list[Proposal]) -> list[Figure]:
    """Four readers ask again and again while the moment passes: nothing, or everything."""
    Announcement.objects.filter(pk=announcement.pk).update(publish_at=calendar.now() + timedelta(seconds=3))
    seen: list[int] = []
    end = monotonic() + 8

    def read() -> None:
        client = Client(raise_request_exception=False)
        try:
            while monotonic() < end:
                text = client.get(announcement.get_absolute_url()).content.decode()
                seen.append(sum(escape(each.title) in text for each in winners))
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    partial = sum(0 < each < len(winners) for each in seen)
    both = 0 in seen and len(winners) in seen
    return [
        Figure(f"partial lists in {len(seen)} answers while the moment passed", str(partial), "0", partial == 0),
        Figure("the moment passed while they read", "yes" if both else "no", "yes", both),
    ]


def _after(after: Seen, announcement: Announcement, winners: list[Proposal]) -> list[Figure]:
    def read(address: str) -> str:
        return after.get(("visitor", address), "")

    page, code = announcement.get_absolute_url(), announcement.code
    wanted = {
        "page": all(escape(each.title) in read(page) for each in winners),
        "PDF": all(
            each.title.split()[0] in read(reverse("announcements:announcement_pdf", args=[code])) for each in winners
        ),
        "list": code in read(reverse("announcements:list")),
        "feed": code in read(reverse("announcements:feed")),
        "sitemap": code in read(reverse("sitemap")),
        "home": code in read(reverse("home")),
        "open data": code in read(reverse("opendata:announcements")),
        "results of the agencies": all(_told(each, code) for each in winners),
    }
    missing = [name for name, there in wanted.items() if not there]
    words = ", ".join(wanted)
    return [Figure(f"after the moment, of {words}: missing", ", ".join(missing) or "none", "none", not missing)]


def _told(proposal: Proposal, code: str) -> bool:
    client = Client()
    client.force_login(proposal.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    return code in client.get(reverse("announcements:results")).content.decode()
