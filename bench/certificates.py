"""How long do 149 certificates take, is each a sound PDF/UA, does each verify, and does a changed byte not?"""

import io
import re
import time
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import scratch

scratch.begin()

import pikepdf  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from figures import Figure  # noqa: E402
from judged_round import YEAR  # noqa: E402
from proposal_texts import Author  # noqa: E402

from accounts.models import Agency, User  # noqa: E402
from announcements.models import Announcement  # noqa: E402
from awards import actions  # noqa: E402
from awards.models import Certificate, Kind  # noqa: E402
from competitions import calendar  # noqa: E402
from competitions.loading import load_year  # noqa: E402
from competitions.models import Competition, Round  # noqa: E402
from judging.models import Selection, SelectionEntry  # noqa: E402
from proposals.models import Proposal  # noqa: E402

# 99 finalists, of whom 45 win, and 5 outstanding ones of the special group: each list's innovations.
LISTS = (("umum", "finalist", 99), ("umum", "winner", 45), ("khusus", "outstanding", 5))
PRINTED = {
    "place": "Jakarta", "day": date(2023, 11, 21), "signer_name": "Nama Pejabat",
    "signer_office": "Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi",
}  # fmt: skip


def main() -> list[Figure]:
    with scratch.database(), override_settings(ALLOWED_HOSTS=["testserver"]):
        call_command("load_agencies", verbosity=0, stdout=io.StringIO())
        clerk = User.objects.create_user("sekretariat@contoh.go.id", name="Sekretariat", is_secretariat=True)
        lists = _published_lists(clerk)
        computing = time.process_time()
        seconds, count = _issued(lists, [Kind.INNOVATION], clerk)
        computing = time.process_time() - computing
        rest_seconds, rest = _issued(lists, [Kind.AGENCY, Kind.PERSON], clerk)
        found = list(Certificate.objects.filter(kind=Kind.INNOVATION).select_related("file"))
        contents = {each.number: _content(each) for each in found}
        sound = sum(_is_sound(each, contents[each.number]) for each in found)
        genuine = sum(_answer(each, asker) == "genuine" for asker, each in enumerate(contents.values()))
        random = Random(149)  # noqa: S311
        spoilt = [_with_a_changed_byte(each, random) for each in contents.values()]
        changed = sum(_answer(each, asker) != "unknown" for asker, each in enumerate(spoilt))
        return [
            Figure("certificates of innovations issued", str(count), "149", count == 149),
            Figure("issuing them", f"{seconds:.1f} s", "< 10 s", seconds < 10),
            Figure("of which this process computed", f"{computing:.1f} s"),
            Figure("those of agencies and innovators besides", f"{rest} in {rest_seconds:.1f} s"),
            Figure("compiled as PDF/UA-1, of sound structure, tagged, one page", f"{sound} of {count}", "all",
                   sound == count),
            Figure("verify by their file", f"{genuine} of {count}", "all", genuine == count),
            Figure("verify with one byte changed", str(changed), "0", changed == 0),
        ]  # fmt: skip


def _published_lists(clerk: User) -> list[Selection]:
    competition = load_year(YEAR, code="piagam", is_demonstration=True)
    random = Random(7)  # noqa: S311
    of_group = {key: _proposals(competition, key, size, random) for key, size in (("umum", 99), ("khusus", 5))}
    lists = []
    for group, tier, size in LISTS:
        awarding = Round.objects.get(group__competition=competition, group__key=group, award_tier=tier)
        lists.append(_fixed(awarding, of_group[group][:size], clerk))
    announcement = Announcement.objects.create(
        competition=competition, kind="winner", number="B/1", title="Pemenang",
        publish_at=calendar.now() - timedelta(minutes=1),
    )  # fmt: skip
    announcement.selections.set(lists)
    return lists


def _proposals(competition: Competition, key: str, size: int, random: Random) -> list[Proposal]:
    group = competition.groups.get(key=key)
    categories = list(competition.categories.all())
    agencies = random.sample(list(Agency.objects.filter(participates=True)), size)
    leads = User.objects.bulk_create(
        User(email=f"{key}-{number}@contoh.sinovik.test", name=f"Inovator Contoh {number}") for number in range(size)
    )
    return Proposal.objects.bulk_create(
        Proposal(
            competition=competition, group=group, category=random.choice(categories), agency=agency, lead=lead,
            title=f"{Author(random).title()} {number}"[:200], status=Proposal.Status.PASSED,
        )
        for number, (agency, lead) in enumerate(zip(agencies, leads, strict=True))
    )  # fmt: skip


def _fixed(awarding: Round, proposals: list[Proposal], clerk: User) -> Selection:
    selection = Selection.objects.create(
        round=awarding, name=awarding.selection_name, minutes_number="BA/1", minutes="–", input_sha256="0" * 64,
        frozen_by=clerk,
    )  # fmt: skip
    SelectionEntry.objects.bulk_create(
        SelectionEntry(selection=selection, proposal=each, rank=rank, total=Decimal(100 - rank), is_selected=True)
        for rank, each in enumerate(proposals)
    )
    return selection


def _issued(lists: list[Selection], kinds: list[Kind], clerk: User) -> tuple[float, int]:
    began = time.perf_counter()
    for selection in lists:
        actions.ask_certificates(selection, kinds=kinds, **PRINTED, by=clerk)
    count = actions.print_waiting()
    return time.perf_counter() - began, count


def _content(certificate: Certificate) -> bytes:
    with default_storage.open(certificate.file.path) as file:
        content: bytes = file.read()
    return content


def _is_sound(certificate: Certificate, content: bytes) -> bool:
    """The library wrote it as PDF/UA-1 or not at all; here its structure is read again by another library."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as facts:
        marked = bool(pdf.Root.MarkInfo.Marked) and "/StructTreeRoot" in pdf.Root and str(pdf.Root.Lang) == "id"
        named = certificate.number in str(facts["dc:title"]) and bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        whole = not pdf.check_pdf_syntax() and len(pdf.pages) == 1
        return marked and named and whole and facts["pdfuaid:part"] == "1"


def _answer(content: bytes, asker: int) -> str:
    """What the public page says to this file; each asks from an address of its own, as visitors do."""
    visitor = Client(REMOTE_ADDR=f"10.0.{asker // 100}.{asker % 100}")
    page = visitor.post("/certificates/verify/", {"file": SimpleUploadedFile("piagam.pdf", content)})
    found = re.search(rb'data-answer="(\w+)"', page.content)
    return found[1].decode() if found else f"no answer ({page.status_code})"


def _with_a_changed_byte(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)
