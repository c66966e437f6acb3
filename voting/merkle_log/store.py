"""Named queries of the Merkle log: its nodes, its signed heads, where a leaf stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import db
from voting.ledger.rules.merkle import TILE_LEVEL, Node

_BETWEEN = """
    SELECT sequence, leaf_hash FROM ballot
    WHERE contest_id = $1 AND sequence BETWEEN $2 AND $3
    UNION ALL
    SELECT sequence, leaf_hash FROM change_entry
    WHERE contest_id = $1 AND sequence BETWEEN $2 AND $3
"""
_LEAVES = f"SELECT leaf_hash FROM ({_BETWEEN}) leaf ORDER BY sequence"  # noqa: S608 - constants
_PREFIX = "('x' || encode(substring(leaf_hash FROM 1 FOR 4), 'hex'))::bit(32)::integer"
_PLACES = f"""
INSERT INTO leaf_place (contest_id, prefix, sequence)
SELECT $1, {_PREFIX}, sequence FROM ({_BETWEEN}) leaf
ON CONFLICT DO NOTHING
"""  # noqa: S608 - the only things put in are the constants above
_WITH_HASH = """
SELECT sequence FROM ballot WHERE contest_id = $1 AND leaf_hash = $2 AND {place}
UNION ALL
SELECT sequence FROM change_entry WHERE contest_id = $1 AND leaf_hash = $2 AND {place}
"""
_AMONG_PLACES = _WITH_HASH.format(
    place="sequence = ANY(ARRAY(SELECT sequence FROM leaf_place"
    " WHERE contest_id = $1 AND prefix = $3))"
)
_PAST_THE_TILES = _WITH_HASH.format(place="sequence > $3")


@dataclass(frozen=True)
class Unsigned:
    """A contest whose ledger has grown past its newest signed head."""

    contest_id: int
    slug: str
    size: int


@dataclass(frozen=True)
class StoredHead:
    size: int
    root: bytes
    signed_at: datetime
    signature: bytes


async def unsigned() -> list[Unsigned]:
    """Every contest whose newest head does not cover all its leaves."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT box.contest AS contest_id, box.slug, head.size FROM ballot_box box"
            " JOIN ledger_head head USING (contest) WHERE head.size > coalesce((SELECT max(size)"
            " FROM signed_head WHERE contest_id = box.contest), 0) ORDER BY box.contest"
        )
    return [Unsigned(**row) for row in rows]


async def tiles_stored(contest_id: int) -> int:
    """How many whole tiles of leaves the stored nodes cover."""
    async with db.connection() as connection:
        newest = await connection.fetchval(
            "SELECT max(place) FROM ledger_node WHERE contest_id = $1 AND level = $2",
            contest_id,
            TILE_LEVEL,
        )
    return 0 if newest is None else int(newest) + 1


async def leaf_hashes(contest_id: int, first: int, last: int) -> list[bytes]:
    """The hashes of the leaves numbered `first` to `last`, in order."""
    async with db.connection() as connection:
        rows = await connection.fetch(_LEAVES, contest_id, first, last)
    return [row["leaf_hash"] for row in rows]


async def nodes(contest_id: int, wanted: Collection[Node]) -> dict[Node, bytes]:
    """Those of the wanted nodes that are stored, in one query."""
    if not wanted:
        return {}
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT level, place, hash FROM ledger_node JOIN"
            " unnest($2::smallint[], $3::bigint[]) AS wanted (level, place) USING (level, place)"
            " WHERE contest_id = $1",
            contest_id,
            [level for level, _place in wanted],
            [place for _level, place in wanted],
        )
    return {(row["level"], row["place"]): row["hash"] for row in rows}


async def add_nodes(tx: Any, contest_id: int, added: Mapping[Node, bytes]) -> None:
    """Write complete nodes; another process may have written the same ones meanwhile."""
    await tx.execute(
        "INSERT INTO ledger_node (contest_id, level, place, hash) SELECT $1, fresh.* FROM"
        " unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS fresh ON CONFLICT DO NOTHING",
        contest_id,
        [level for level, _place in added],
        [place for _level, place in added],
        list(added.values()),
    )


async def add_places(tx: Any, contest_id: int, first: int, last: int) -> None:
    """Write down where the leaves numbered `first` to `last` are found by their hash."""
    await tx.execute(_PLACES, contest_id, first, last)


async def sequence_of_leaf(contest_id: int, leaf_hash: bytes) -> int | None:
    """The number of the leaf with this hash; the few leaves past the last tile are looked at."""
    covered = await tiles_stored(contest_id) << TILE_LEVEL
    prefix = int.from_bytes(leaf_hash[:4], "big", signed=True)
    async with db.connection() as connection:
        found = await connection.fetchval(_AMONG_PLACES, contest_id, leaf_hash, prefix)
        if found is None:
            found = await connection.fetchval(_PAST_THE_TILES, contest_id, leaf_hash, covered)
    return None if found is None else int(found)


async def add_head(contest_id: int, head: StoredHead) -> None:
    """Write a signed head; the first one of a size stands."""
    async with db.connection() as connection:
        await connection.execute(
            "INSERT INTO signed_head (contest_id, size, root, signed_at, signature)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            contest_id,
            head.size,
            head.root,
            head.signed_at,
            head.signature,
        )


async def newest_head(contest_id: int) -> StoredHead | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT size, root, signed_at, signature FROM signed_head WHERE contest_id = $1"
            " ORDER BY size DESC LIMIT 1",
            contest_id,
        )
    return StoredHead(**row) if row else None


async def heads_after(contest_id: int, after: int, limit: int) -> list[StoredHead]:
    """The first `limit` heads that are larger than `after`, by size."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT size, root, signed_at, signature FROM signed_head WHERE contest_id = $1"
            " AND size > $2 ORDER BY size LIMIT $3",
            contest_id,
            after,
            limit,
        )
    return [StoredHead(**row) for row in rows]
