"""The Merkle tree of RFC 6962, section 2.1, over leaf hashes of the ledger.

A node is named by level and index: node (l, i) is the hash over the leaves i·2^l up to
(i + 1)·2^l. Every node that lies wholly inside the tree is complete and never changes again;
only complete nodes are ever stored, and every other hash is made from at most one of each
level. Leaves are counted from 0 here, as in the RFC.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

Node = tuple[int, int]
"""Level and index of a complete node."""

Span = tuple[int, int]
"""Leaves [start, end): a subtree of some tree, complete or at its ragged right edge."""

TILE_LEVEL = 8
"""Nodes of this level and above are stored; a tile is the 256 leaves below the lowest."""

CHUNK_LEVEL = 16
LEAF_PREFIX = b"\x00"
_sha256 = hashlib.sha256


def leaf_hash(line: bytes) -> bytes:
    """RFC 6962, section 2.1: the hash of one leaf."""
    return _sha256(LEAF_PREFIX + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return _sha256(b"\x01" + left + right).digest()


def tree_hash(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes; of an empty ledger the hash of the empty string.

    Takes them as they come: of a long ledger only one chunk and its own node for each chunk
    before it are held.
    """
    waiting = iter(leaves)
    chunks = []
    while chunk := list(islice(waiting, 1 << CHUNK_LEVEL)):
        chunks.append(_root(chunk))
    return _root(chunks) if chunks else _sha256(b"").digest()


def _root(nodes: Sequence[bytes]) -> bytes:
    """Level by level, a lone last node going up as it is: the same tree as the RFC's split
    at the largest power of two below n."""
    level = nodes
    while len(level) > 1:
        level = next_level(level) + list(level[-1:] if len(level) % 2 else ())
    return level[0]


def next_level(nodes: Sequence[bytes]) -> list[bytes]:
    """The hashes over each pair of nodes; a lone last one has no parent yet."""
    sha256 = _sha256
    return [
        sha256(b"\x01" + left + right).digest()
        for left, right in zip(nodes[::2], nodes[1::2], strict=False)
    ]


def complete_nodes(span: Span) -> list[Node]:
    """The fewest complete nodes that cover a span, from left to right: one a level at most."""
    start, end = span
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def span_hash(span: Span, known: Mapping[Node, bytes]) -> bytes:
    """The hash over a span, given its complete nodes."""
    *before, last = (known[node] for node in complete_nodes(span))
    for left in reversed(before):
        last = node_hash(left, last)
    return last


def grown(known: Mapping[Node, bytes], first: int, tiles: Sequence[bytes]) -> dict[Node, bytes]:
    """The nodes that become complete with new tiles, the first of them at index `first`.

    `known` holds at least the complete nodes over what stands before (`complete_nodes`).
    """
    nodes = {(TILE_LEVEL, first + place): tile for place, tile in enumerate(tiles)}
    level, start, end = TILE_LEVEL, first, first + len(tiles)
    while start < end:
        start, end = start >> 1, end >> 1
        for index in range(start, end):
            left, right = (level, 2 * index), (level, 2 * index + 1)
            before = nodes[left] if left in nodes else known[left]
            nodes[level + 1, index] = node_hash(before, nodes[right])
        level += 1
    return nodes


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove leaf `index` in a tree of `size`, from the leaf up.

    RFC 6962, section 2.1.1.
    """
    assert 0 <= index < size
    spans = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """The subtrees whose hashes prove the tree of `first` leaves to be the beginning of that
    of `second`; none when they are the same. RFC 6962, section 2.1.2.
    """
    assert 0 < first <= second
    spans = []
    start, end = 0, second
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:  # else the verifier has this subtree: it is the first tree whole
        spans.append((start, end))
    return spans[::-1]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1
