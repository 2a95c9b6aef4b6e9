"""Merkle trees as in RFC 6962, section 2.1: pure functions on bytes.

A leaf is hashed with the prefix 0x00 and a node with 0x01, so that no node can pass for a leaf. A tree of n leaves
splits at the largest power of two below n; nothing is padded.
"""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none it is the hash of nothing, of one that leaf itself."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]  # an odd last one rises as it is: the same split as the RFC's
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The sibling hashes from leaf `index` up to the root, lowest first. Raises IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether the leaf hash stands at `index` in the tree of `size` leaves with root `expected` (RFC 9162, 2.1.3.2).

    Needs nothing but its arguments: this is what anybody outside the portal computes.
    """
    if not 0 <= index < size:
        return False
    here, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here % 2 or here == last:
            computed = node_hash(sibling, computed)
            while here and not here % 2:
                here, last = here // 2, last // 2
        else:
            computed = node_hash(computed, sibling)
        here, last = here // 2, last // 2
    return last == 0 and computed == expected


def _split(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1
