"""Recomputing the record, and answering whether a receipt is in it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from audit import merkle
from audit.models import Event, Seal
from audit.sealing import event_leaf, head_leaf


@dataclass(frozen=True)
class Fault:
    """The first thing found wrong; `event` is None when it is the seal itself."""

    seal: int
    event: int | None
    what: str

    def __str__(self) -> str:
        return f"seal {self.seal}" + (f", event {self.event}" if self.event else "") + f": {self.what}"


def first_fault() -> Fault | None:
    """Recomputes every leaf, every root and the chain, oldest first."""
    previous: Seal | None = None
    seen: set[int] = set()
    for seal in Seal.objects.order_by("id").iterator(chunk_size=20):
        fault = next(_faults(seal, previous, seen), None)
        if fault:
            return fault
        seen.update(seal.event_ids)
        previous = seal
    return None


def _faults(seal: Seal, previous: Seal | None, seen: set[int]) -> Iterator[Fault]:
    if seal.previous_id != (previous.id if previous else None):
        yield Fault(seal.id, None, "does not follow the seal before it")
    if len(seal.leaves) != len(seal.event_ids) + 1:
        yield Fault(seal.id, None, "has not one leaf for each event")
    if seal.leaves[0] != head_leaf(seal.at, previous).hex():
        yield Fault(seal.id, None, "its time or the root before it was changed")
    events = Event.objects.in_bulk(seal.event_ids)
    for number, leaf in zip(seal.event_ids, seal.leaves[1:], strict=False):
        if number in seen:
            yield Fault(seal.id, number, "was sealed before")
        if number not in events:
            yield Fault(seal.id, number, "is missing")
        elif event_leaf(events[number]).hex() != leaf:
            yield Fault(seal.id, number, "was changed")
    if merkle.root([bytes.fromhex(leaf) for leaf in seal.leaves]).hex() != seal.root:
        yield Fault(seal.id, None, "its root does not match its leaves")


@dataclass(frozen=True)
class Proof:
    """That one event stands in one seal: everything anybody needs to compute the root from the leaf."""

    seal: Seal
    leaf: str
    index: int
    size: int
    path: list[str]

    def holds(self) -> bool:
        path = [bytes.fromhex(sibling) for sibling in self.path]
        return merkle.verify_inclusion(
            bytes.fromhex(self.leaf), self.index, self.size, path, bytes.fromhex(self.seal.root)
        )


def proof_of(event: Event) -> Proof | None:
    """The inclusion proof from the event as it is now; None while it waits for its seal.

    A changed event gives a proof that does not hold.
    """
    seal = Seal.objects.filter(event_ids__contains=[event.id]).first()
    if seal is None:
        return None
    index = seal.event_ids.index(event.id) + 1
    leaves = [bytes.fromhex(leaf) for leaf in seal.leaves]
    path = [sibling.hex() for sibling in merkle.inclusion_proof(leaves, index)]
    return Proof(seal=seal, leaf=event_leaf(event).hex(), index=index, size=len(leaves), path=path)


class Answer(StrEnum):
    """What the record says about a receipt."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    DIFFERS = "differs"  # the number was given, with another fingerprint
    GIVEN = "given"  # a receipt with this number was given; without a fingerprint nothing more is said
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Receipt:
    """`event` recorded the receipt (None unless valid or withdrawn), `ended` took it back."""

    answer: Answer
    event: Event | None = None
    ended: Event | None = None


def check_receipt(*, verb: str, ended_by: Collection[str], number: str, sha256: str) -> Receipt:
    """Whether `verb` recorded this number with this fingerprint, and whether a verb of `ended_by` took it back since.

    Numbers follow each other and are no secret; only who holds the fingerprint learns more than that one was given."""
    given = Event.objects.filter(verb=verb, data__contains={"number": number}).order_by("id").first()
    if given is None:
        return Receipt(Answer.UNKNOWN)
    if not sha256:
        return Receipt(Answer.GIVEN)
    if given.data.get("sha256") != sha256:
        return Receipt(Answer.DIFFERS)
    ended = Event.objects.filter(verb__in=ended_by, data__contains={"number": number}, id__gt=given.pk).first()
    return Receipt(Answer.WITHDRAWN if ended else Answer.VALID, given, ended)
