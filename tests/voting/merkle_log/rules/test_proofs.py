"""Proofs against the published vectors, for every size to 200, and altered in every way."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voting.ledger.rules.test_merkle import INPUTS, ROOTS
from voting.ledger.rules.merkle import (
    Span,
    complete_nodes,
    consistency_spans,
    grown,
    inclusion_spans,
    leaf_hash,
    span_hash,
    tree_hash,
)
from voting.merkle_log.rules.proofs import proves_consistency, proves_inclusion

MOST = 200
LEAVES = [leaf_hash(b"%d" % number) for number in range(MOST)]
KNOWN = [leaf_hash(bytes.fromhex(one)) for one in INPUTS]

# The reference implementation's own vectors (certificate-transparency): leaf or first size
# (from 1), size, proof.
A1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B1 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C1 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D3 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
CA = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
BC = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
INCLUSION = [
    (1, 1, []),
    (1, 8, [A1, B1, C1]),
    (6, 8, [BC, CA, D3]),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (2, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", B1, BC]),
]
CONSISTENCY = [
    (1, 1, []),
    (1, 8, [A1, B1, C1]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", CA, D3]),
    (2, 5, [B1, BC]),
]


def proof_over(leaves: list[bytes], spans: list[Span]) -> list[bytes]:
    def known(span: Span) -> bytes:
        nodes = {
            (level, index): tree_hash(leaves[index << level : index + 1 << level])
            for level, index in complete_nodes(span)
        }
        return span_hash(span, nodes)

    return [known(span) for span in spans]


@cache
def root(size: int) -> bytes:
    return tree_hash(LEAVES[:size])


@pytest.mark.parametrize(("leaf", "size", "proof"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(leaf: int, size: int, proof: list[str]) -> None:
    ours = proof_over(KNOWN, inclusion_spans(leaf - 1, size))
    assert [one.hex() for one in ours] == proof
    end = bytes.fromhex(ROOTS[size - 1])
    assert proves_inclusion(KNOWN[leaf - 1], leaf - 1, size, ours, end)


@pytest.mark.parametrize(("first", "second", "proof"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(
    first: int, second: int, proof: list[str]
) -> None:
    ours = proof_over(KNOWN, consistency_spans(first, second))
    assert [one.hex() for one in ours] == proof
    old, new = (bytes.fromhex(ROOTS[size - 1]) for size in (first, second))
    assert proves_consistency(first, old, second, new, ours)


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 127, 128, 129, 199, 200])
def test_every_leaf_and_every_earlier_size_is_proved(size: int) -> None:
    for index in range(size):
        proof = proof_over(LEAVES, inclusion_spans(index, size))
        assert proves_inclusion(LEAVES[index], index, size, proof, root(size))
    for first in range(1, size + 1):
        proof = proof_over(LEAVES, consistency_spans(first, size))
        assert proves_consistency(first, root(first), size, root(size), proof)


def altered(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """Another proof: a bit turned, a hash left out, doubled, added, or two exchanged."""
    ways = ["add"] + (["turn", "drop", "double"] if proof else []) + ["swap"] * (len(proof) > 1)
    way, place = draw(st.sampled_from(ways)), draw(st.integers(0, max(0, len(proof) - 1)))
    if way == "add":
        return [*proof[:place], draw(st.binary(min_size=32, max_size=32)), *proof[place:]]
    if way == "turn":
        bit = 1 << draw(st.integers(0, 255))
        turned = (int.from_bytes(proof[place], "big") ^ bit).to_bytes(32, "big")
        return [*proof[:place], turned, *proof[place + 1 :]]
    if way == "drop":
        return proof[:place] + proof[place + 1 :]
    if way == "double":
        return [*proof[:place], proof[place], *proof[place:]]
    other = draw(st.integers(0, len(proof) - 1).filter(lambda one: proof[one] != proof[place]))
    changed = list(proof)
    changed[place], changed[other] = changed[other], changed[place]
    return changed


@given(st.data())
def test_no_altered_inclusion_proof_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    proof = proof_over(LEAVES, inclusion_spans(index, size))
    leaf, end = LEAVES[index], root(size)
    assert proves_inclusion(leaf, index, size, proof, end)
    wrong = data.draw(st.composite(altered)(proof))
    assert not proves_inclusion(leaf, index, size, wrong, end)
    other = data.draw(st.integers(-1, MOST).filter(lambda one: one != index))
    assert not proves_inclusion(leaf, other, size, proof, end)
    foreign = data.draw(st.integers(0, MOST - 1).filter(lambda one: one != index))
    assert not proves_inclusion(LEAVES[foreign], index, size, proof, end)
    if size > 1:
        assert not proves_inclusion(leaf, index, size, proof, root(size - 1))


@given(st.data())
def test_no_altered_consistency_proof_holds(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, MOST))
    first = data.draw(st.integers(1, second))
    proof = proof_over(LEAVES, consistency_spans(first, second))
    assert proves_consistency(first, root(first), second, root(second), proof)
    wrong = data.draw(st.composite(altered)(proof))
    assert not proves_consistency(first, root(first), second, root(second), wrong)
    forged = data.draw(st.binary(min_size=32, max_size=32))
    assert not proves_consistency(first, forged, second, root(second), proof)
    assert not proves_consistency(first, root(first), second, forged, proof)
    assert not proves_consistency(second + 1, root(first), second, root(second), proof)
    assert not proves_consistency(0, root(first), second, root(second), proof)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_tiles_added_in_any_portions_complete_the_same_nodes(portions: list[int]) -> None:
    tiles = [leaf_hash(b"tile %d" % number) for number in range(sum(portions))]
    nodes: dict[tuple[int, int], bytes] = {}
    start = 0
    for portion in portions:
        peaks = {node: nodes[node] for node in complete_nodes((0, start << 8))}
        nodes |= grown(peaks, start, tiles[start : start + portion])
        start += portion
    assert nodes == grown({}, 0, tiles)
    assert span_hash((0, start << 8), nodes) == tree_hash(tiles)


def test_proofs_at_five_million_leaves_take_few_nodes() -> None:
    size = 5_000_000
    for index in (0, 1, 255, 256, 4_194_303, 4_194_304, 4_999_999):
        spans = inclusion_spans(index, size)
        assert len(spans) <= 23
        assert len({node for span in spans for node in complete_nodes(span)}) <= 2 * 23
    for first in (1, 2, 4_194_304, 4_999_999, size):
        spans = consistency_spans(first, size)
        assert len({node for span in spans for node in complete_nodes(span)}) <= 2 * 23
