"""Sent proposals compared with all that stood before them. What is found is a question to the screeners: nothing is
refused because of it. One comparison runs at a time; for a judgement the proposal is locked first, then the row."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from catalogue.models import Innovation
from competitions import calendar
from competitions.models import Competition
from proposals.models import Fingerprint, Proposal, Resemblance, Screening, Submission
from proposals.passages import passages
from proposals.resemblances import text_of
from proposals.similarity import METHOD, Corpus, fingerprint, near_titles, packed, unpacked

COMPARE = "proposals.tasks.compare"  # woken by each sending, swept each minute
REST = timedelta(seconds=20)  # on the last day many are sent each second: they are compared together
AT_ONCE = 1000  # submissions in one run
MOST_TEXTS, MOST_TITLES, MOST_PASSAGES = 10, 5, 20  # of one submission; the most alike are kept
PAIRS_AT_ONCE = 50  # whose texts are held in memory
_LOCK = 2_023_099  # names the advisory lock


@dataclass(frozen=True)
class Row:
    """A standing submission as the comparison needs it."""

    submission: int
    proposal: int
    title: str
    declared: frozenset[int | None]


@dataclass(frozen=True)
class Found:
    submission: int
    other: int | None
    innovation: int | None
    kind: str
    score: float


@transaction.atomic
def compare_due(*, rest: timedelta = timedelta(0)) -> int:
    """Compares submissions that have not been compared with every standing one of all years and with the catalogue,
    and writes what is found. Returns how many were compared; 0 also while another run is busy or ended less than
    `rest` ago. Safe to run twice: a pair is one row, and what people judged stays judged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    now = calendar.now()
    if rest and Fingerprint.objects.filter(compared_at__gt=now - rest).exists():
        return 0
    _take_fingerprints()
    waiting = Fingerprint.objects.filter(compared_at=None, submission__stands=True)
    due = set(waiting.order_by("submission__sent_at").values_list("submission", flat=True)[:AT_ONCE])
    if due:
        _compare(due, now)
        Fingerprint.objects.filter(submission__in=due).update(compared_at=now)
    return len(due)


def compare_year(competition: Competition) -> int:
    """Compares a whole year anew, for example after thresholds have changed; judgements stay."""
    year = Fingerprint.objects.filter(submission__proposal__competition=competition)
    year.update(compared_at=None)
    compared = 0
    while done := compare_due():
        compared += done
    return compared


@transaction.atomic
def judge(resemblance: Resemblance, *, judgement: str, note: str = "", by: User) -> Resemblance:
    """Writes what a screener makes of it, over an earlier judgement too. It decides nothing about the proposal.

    ValidationError `judgement_needed`, `note_needed` (for "perhaps a duplicate") or `released`.
    """
    as_secretariat(by)
    Proposal.objects.select_for_update(no_key=True).get(submissions=resemblance.submission_id)
    resemblance = Resemblance.objects.select_for_update(of=("self",)).get(pk=resemblance.pk)
    note = note.strip()
    if (resemblance.judgement, resemblance.note, resemblance.judged_by_id) == (judgement, note, by.pk):
        return resemblance
    _check_judgement(resemblance, judgement, note)
    facts = {"before": resemblance.judgement, "judgement": judgement, "note": note}
    resemblance.judgement, resemblance.note = judgement, note
    resemblance.judged_by, resemblance.judged_at = by, calendar.now()
    resemblance.save(update_fields=["judgement", "note", "judged_by", "judged_at"])
    record("proposals.judge_resemblance", by=by, on=resemblance, data=_named(resemblance) | facts)
    return resemblance


def _check_judgement(resemblance: Resemblance, judgement: str, note: str) -> None:
    choices = (Resemblance.Judgement.DISMISSED, Resemblance.Judgement.CONFIRMED)
    if judgement not in choices:
        raise ValidationError(_("Say whether it is a duplicate."), code="judgement_needed")
    if judgement == Resemblance.Judgement.CONFIRMED and not note:
        message = ValidationError(_("Write what speaks for a duplicate; your colleagues read it."), code="note_needed")
        raise ValidationError({"note": message})
    if Screening.objects.filter(submission=resemblance.submission_id, released_at__isnull=False).exists():
        raise ValidationError(_("The results are already released; this can no longer change."), code="released")


def _named(resemblance: Resemblance) -> dict[str, object]:
    other, innovation = resemblance.other, resemblance.innovation
    likeness = {"kind": resemblance.kind, "score": resemblance.score}
    if innovation:
        return likeness | {"number": resemblance.submission.number, "innovation": innovation.code}
    return likeness | {"number": resemblance.submission.number, "other": other.number if other else None}


def _take_fingerprints() -> None:
    """Of every standing submission that has none, or one of an older method."""
    missing = Submission.objects.filter(stands=True).exclude(fingerprint__method=METHOD).only("pk", "payload")
    batch: list[Fingerprint] = []
    for submission in missing.iterator(chunk_size=100):
        shingles = packed(fingerprint([answer["text"] for answer in submission.payload.get("answers", [])]))
        batch.append(Fingerprint(submission=submission, method=METHOD, shingles=shingles, compared_at=None))
    Fingerprint.objects.bulk_create(
        batch, batch_size=200, update_conflicts=True, unique_fields=["submission"],
        update_fields=["method", "shingles", "made_at", "compared_at"],
    )  # fmt: skip


def _compare(due: set[int], now: datetime) -> None:
    standing = Fingerprint.objects.filter(submission__stands=True).order_by("submission__sent_at", "submission")
    facts = ("submission__proposal", "submission__proposal__title", "submission__proposal__past_innovation")
    loaded = list(standing.values_list("submission", *facts, "submission__proposal__source_innovation", "shingles"))
    rows = [Row(each[0], each[1], each[2], frozenset(each[3:5])) for each in loaded]
    asked = [place for place, row in enumerate(rows) if row.submission in due]
    texts = list(_best(_alike_texts(rows, [each[5] for each in loaded], asked), MOST_TEXTS))
    known = {(each.submission, each.other) for each in texts}
    titles = (each for each in _alike_titles(rows, asked) if (each.submission, each.other) not in known)
    _write([*texts, *_best(titles, MOST_TITLES)], now)
    concerned = Resemblance.objects.filter(Q(submission__in=due) | Q(other__in=due), judgement="open")
    concerned.filter(found_at__lt=now).delete()  # found once, and by today's measure no more


def _alike_texts(rows: list[Row], prints: list[bytes], asked: list[int]) -> Iterator[Found]:
    for each in Corpus([unpacked(shingles) for shingles in prints]).alike(asked):
        later, earlier = rows[each.later], rows[each.earlier]
        if later.proposal != earlier.proposal:
            yield Found(later.submission, earlier.submission, None, Resemblance.Kind.TEXT, each.containment)


def _alike_titles(rows: list[Row], asked: list[int]) -> Iterator[Found]:
    """An innovation the proposal itself names as its own past or its source is no question."""
    innovations = list(Innovation.objects.order_by("pk").values_list("pk", "title"))
    first = len(innovations)
    titles = [title for _pk, title in innovations] + [row.title for row in rows]
    for later, earlier, likeness in near_titles(titles, [first + place for place in asked]):
        row = rows[later - first]
        if earlier >= first and rows[earlier - first].proposal != row.proposal:
            yield Found(row.submission, rows[earlier - first].submission, None, Resemblance.Kind.TITLE, likeness)
        elif earlier < first and innovations[earlier][0] not in row.declared:
            yield Found(row.submission, None, innovations[earlier][0], Resemblance.Kind.TITLE, likeness)


def _best(found: Iterator[Found], most: int) -> Iterator[Found]:
    """The most alike of each submission."""
    kept: Counter[int] = Counter()
    for each in sorted(found, key=lambda each: -each.score):
        kept[each.submission] += 1
        if kept[each.submission] <= most:
            yield each


def _write(found: list[Found], now: datetime) -> None:
    for start in range(0, len(found), PAIRS_AT_ONCE):
        part = found[start : start + PAIRS_AT_ONCE]
        wanted = {
            pk for each in part if each.kind == Resemblance.Kind.TEXT for pk in (each.submission, each.other) if pk
        }
        texts = {pk: text_of(payload) for pk, payload in _payloads(wanted)}
        Resemblance.objects.bulk_create(
            [
                Resemblance(
                    submission_id=each.submission, other_id=each.other, innovation_id=each.innovation, kind=each.kind,
                    score=round(100 * each.score), found_at=now, passages=_passages(each, texts),
                )
                for each in part
            ],
            update_conflicts=True,
            unique_fields=["submission", "other", "innovation", "kind"],
            update_fields=["score", "passages", "found_at"],
        )  # fmt: skip


def _payloads(wanted: set[int]) -> Iterator[tuple[int, dict[str, object]]]:
    yield from Submission.objects.filter(pk__in=wanted).values_list("pk", "payload")


def _passages(each: Found, texts: dict[int, str]) -> list[list[int]]:
    """The longest ones, as numbers."""
    if each.other is None or each.kind != Resemblance.Kind.TEXT:
        return []
    shared = sorted(passages(texts[each.submission], texts[each.other]), key=lambda passage: -passage.words)
    return [
        [passage.start, passage.end, passage.other_start, passage.other_end, passage.words]
        for passage in shared[:MOST_PASSAGES]
    ]
