"""The tree against RFC 6962's own definition and the published test vectors."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.ledger.rules.merkle import leaf_hash, tree_hash

# Inputs and roots of the reference implementation's own tests (certificate-transparency).
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _by_definition(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = _by_definition(leaves[:split]), _by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_tree_hash_matches_known_vectors(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(one)) for one in INPUTS[:size]]
    assert tree_hash(leaves).hex() == ROOTS[size - 1]


def test_tree_hash_of_nothing_is_the_hash_of_the_empty_string() -> None:
    assert tree_hash([]) == hashlib.sha256(b"").digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_tree_hash_equals_the_definition(leaves: list[bytes]) -> None:
    assert tree_hash(leaves) == _by_definition(leaves)
