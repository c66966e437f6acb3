"""The Merkle log of a contest's ledger: heads that were signed, and proofs against them.

Whatever a proof needs is a few complete nodes: those of 256 leaves and more are stored, the
smaller ones are made from the leaves of at most two tiles. So a proof costs a handful of
queries, however long the ledger is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from core.crypto import KeyRing
from core.database import db
from voting.ledger.rows import LedgerDamagedError
from voting.ledger.rules.merkle import (
    TILE_LEVEL,
    Node,
    Span,
    complete_nodes,
    consistency_spans,
    grown,
    inclusion_spans,
    span_hash,
    tree_hash,
)
from voting.merkle_log import store as store_log
from voting.merkle_log.rules.tree_head import SignedHead, TreeHead
from voting.merkle_log.store import StoredHead, Unsigned

TILE = 1 << TILE_LEVEL
_TILES_AT_ONCE = 8
"""Tiles that are hashed before other tasks get their turn: a few milliseconds of work."""

_log = structlog.get_logger("voting.merkle_log.service")


@dataclass(frozen=True)
class Inclusion:
    """The proof that a leaf stands in the tree of a head, from the leaf up."""

    head: SignedHead
    proof: Sequence[bytes]


async def sign_new_heads(keys: KeyRing, now: datetime) -> int:
    """Bring every ledger's tree up to date and sign its head; how many heads were signed.

    A ledger that is damaged gets no head, and stops no other's.
    """
    signed = 0
    for one in await store_log.unsigned():
        try:
            await _sign(one, keys, now)
        except LedgerDamagedError as error:
            _log.error("head_not_signed", contest=one.slug, exc_info=error)
            continue
        signed += 1
    return signed


async def _sign(ledger: Unsigned, keys: KeyRing, now: datetime) -> None:
    await _store_tiles(ledger)
    root = (await _hashes(ledger.contest_id, [(0, ledger.size)]))[0]
    head = TreeHead(ledger.slug, ledger.size, root, _to_millisecond(now))
    signature = keys.sign(head.message())
    await store_log.add_head(
        ledger.contest_id, StoredHead(head.size, head.root, head.signed_at, signature)
    )


async def _store_tiles(ledger: Unsigned) -> None:
    """Store what has become complete since, some tiles in each transaction."""
    contest_id, whole = ledger.contest_id, ledger.size >> TILE_LEVEL
    start = await store_log.tiles_stored(contest_id)
    known = await store_log.nodes(contest_id, complete_nodes((0, start << TILE_LEVEL)))
    while start < whole:
        end = min(start + _TILES_AT_ONCE, whole)
        leaves = await _leaves(contest_id, start << TILE_LEVEL, end << TILE_LEVEL)
        tiles = [tree_hash(leaves[place : place + TILE]) for place in range(0, len(leaves), TILE)]
        added = grown(known, start, tiles)
        async with db.unit_of_work() as tx:
            await store_log.add_nodes(tx, contest_id, added)
            await store_log.add_places(tx, contest_id, (start << TILE_LEVEL) + 1, end << TILE_LEVEL)
        start = end
        peaks = complete_nodes((0, start << TILE_LEVEL))
        known = {node: added[node] if node in added else known[node] for node in peaks}


async def newest_head(contest_id: int, contest: str) -> SignedHead | None:
    """The newest signed head; None until the first ballot has one."""
    stored = await store_log.newest_head(contest_id)
    return None if stored is None else _head(contest, stored)


async def heads_after(contest_id: int, contest: str, after: int, limit: int) -> list[SignedHead]:
    """The first heads larger than `after`, at most `limit`, by size."""
    return [_head(contest, one) for one in await store_log.heads_after(contest_id, after, limit)]


async def head_of_size(contest_id: int, contest: str, size: int) -> SignedHead | None:
    """The head that was signed over exactly so many leaves; None if none was."""
    found = await store_log.heads_after(contest_id, size - 1, 1)
    return _head(contest, found[0]) if found and found[0].size == size else None


async def sequence_of_leaf(contest_id: int, leaf_hash: bytes) -> int | None:
    """The number of the leaf that has this hash."""
    return await store_log.sequence_of_leaf(contest_id, leaf_hash)


async def leaf_hash(contest_id: int, sequence: int) -> bytes:
    """The hash of a leaf that is there."""
    return (await _leaves(contest_id, sequence - 1, sequence))[0]


async def inclusion(
    contest_id: int, contest: str, sequence: int, size: int | None
) -> Inclusion | None:
    """Leaf `sequence` under the head of `size`, or under the newest one.

    None where there is no such head, or where it does not reach the leaf yet.
    """
    if size is None:
        head = await newest_head(contest_id, contest)
    else:
        head = await head_of_size(contest_id, contest, size)
    if head is None or head.size < sequence:
        return None
    return Inclusion(head, await inclusion_proof(contest_id, sequence, head.size))


async def inclusion_proof(contest_id: int, sequence: int, size: int) -> list[bytes]:
    """That leaf `sequence` (from 1) stands in the tree of `size`, which a head covers."""
    return await _hashes(contest_id, inclusion_spans(sequence - 1, size))


async def consistency_proof(contest_id: int, first: int, second: int) -> list[bytes]:
    """That the tree of `second` leaves, which a head covers, begins with that of `first`."""
    return await _hashes(contest_id, consistency_spans(first, second))


async def _hashes(contest_id: int, spans: Sequence[Span]) -> list[bytes]:
    """The hash over each span of leaves."""
    wanted = {node for span in spans for node in complete_nodes(span)}
    known = await store_log.nodes(contest_id, [one for one in wanted if one[0] >= TILE_LEVEL])
    small = [one for one in wanted if one[0] < TILE_LEVEL]
    for tile in {_first_leaf(one) >> TILE_LEVEL for one in small}:
        inside = [one for one in small if _first_leaf(one) >> TILE_LEVEL == tile]
        start = min(map(_first_leaf, inside))
        end = max(_first_leaf((level, index + 1)) for level, index in inside)
        leaves = await _leaves(contest_id, start, end)
        for level, index in inside:
            place = _first_leaf((level, index)) - start
            known[level, index] = tree_hash(leaves[place : place + (1 << level)])
    if missing := wanted - known.keys():
        raise LedgerDamagedError(f"nodes of contest {contest_id} are missing: {missing}")
    return [span_hash(span, known) for span in spans]


async def _leaves(contest_id: int, start: int, end: int) -> list[bytes]:
    """The hashes of leaves [start, end), counted from 0. Raises LedgerDamagedError."""
    leaves = await store_log.leaf_hashes(contest_id, start + 1, end)
    if len(leaves) != end - start:
        raise LedgerDamagedError(f"leaves {start + 1} to {end} of contest {contest_id}")
    return leaves


def _first_leaf(node: Node) -> int:
    level, index = node
    return index << level


def _head(contest: str, stored: StoredHead) -> SignedHead:
    return SignedHead(contest, stored.size, stored.root, stored.signed_at, stored.signature)


def _to_millisecond(moment: datetime) -> datetime:
    """Heads are written to the millisecond; what is stored must give the signed bytes again."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
