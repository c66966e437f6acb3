"""Checking proofs of RFC 6962 as an outsider does: from the roots and the proof alone.

The algorithms are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2, which say for the same
tree what RFC 6962 leaves to the reader.
"""

from collections.abc import Sequence

from voting.ledger.rules.merkle import node_hash


def proves_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from the leaf at `index` (from 0) to the root over `size`."""
    if not 0 <= index < size:
        return False
    place, last, current = index, size - 1, leaf_hash
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = node_hash(one, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = node_hash(current, one)
        place, last = place >> 1, last >> 1
    return last == 0 and current == root


def proves_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `second` leaves begins with that of `first`, nothing changed."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, one)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
