from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle

trees = st.integers(1, 130).map(lambda size: [merkle.leaf_hash(bytes([number])) for number in range(size)])


def as_the_rfc_says(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: recursive, splitting at the largest power of two below n."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + as_the_rfc_says(leaves[:k]) + as_the_rfc_says(leaves[k:])).digest()


@pytest.mark.parametrize(
    ("leaves", "root"),
    [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ([b""], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ([b"", b"\x00"], "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ([b"", b"\x00", b"\x10"], "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (
            [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"],
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ),
    ],
)
def test_roots_published_with_certificate_transparency(leaves, root):
    assert merkle.root([merkle.leaf_hash(leaf) for leaf in leaves]).hex() == root


@given(trees)
def test_root_is_the_recursive_definition(leaves):
    assert merkle.root(leaves) == as_the_rfc_says(leaves)


@given(trees, st.data())
def test_every_leaf_proves_itself(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = merkle.inclusion_proof(leaves, index)
    assert merkle.verify_inclusion(leaves[index], index, len(leaves), proof, merkle.root(leaves))
    assert len(proof) <= (len(leaves) - 1).bit_length()


@given(trees, st.data(), st.binary(min_size=32, max_size=32))
def test_a_changed_leaf_proof_or_root_proves_nothing(leaves, data, other):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = merkle.inclusion_proof(leaves, index), merkle.root(leaves)
    size = len(leaves)
    assert not merkle.verify_inclusion(other, index, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, other)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, other], root)
    assert not merkle.verify_inclusion(leaves[index], size, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], -1, size, proof, root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.verify_inclusion(leaves[index], index, size, [*proof[:at], other, *proof[at + 1 :]], root)
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)


@given(trees)
def test_the_order_of_leaves_matters(leaves):
    turned = leaves[::-1]
    assert (merkle.root(turned) == merkle.root(leaves)) == (turned == leaves)


def test_a_leaf_outside_the_tree_has_no_proof():
    with pytest.raises(IndexError):
        merkle.inclusion_proof([merkle.leaf_hash(b"one")], 1)
