"""Named queries of the ledger: locking its head, and reading its leaves back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.database import db

_BALLOTS = """
SELECT sequence, voter, day, slot, entries, minute, leaf_hash, state
FROM ballot LEFT JOIN ballot_mark mark USING (contest_id, sequence)
"""
_OF_VOTER = """
WHERE contest_id = $1
    AND sequence IN (SELECT sequence FROM vote WHERE contest_id = $1 AND voter = $2)
ORDER BY sequence DESC
"""
_CHANGES = """
SELECT entry.sequence, change.kind, coalesce(change.void, change.id) AS batch, entry.minute,
    entry.leaf_hash, change.rule, change.reason, change.proposed_by_name,
    decision.decided_by_name, named.ballots
FROM change_entry entry
JOIN ballot_change change ON change.id = entry.change
JOIN change_decision decision ON decision.change = entry.change
CROSS JOIN LATERAL (
    SELECT array_agg(sequence ORDER BY sequence) AS ballots
    FROM changed_ballot WHERE change_id = entry.change
) named
"""


@dataclass(frozen=True, slots=True)
class StoredBallot:
    """`state` is None for a ballot that counts, else "under_review" or "void"."""

    sequence: int
    voter: bytes
    day: date
    slot: int
    entries: tuple[int, ...]
    minute: datetime
    leaf_hash: bytes
    state: str | None


@dataclass(frozen=True, slots=True)
class StoredChange:
    """An approved void (`kind` "void"), or a restoration ("restore") of what the void with the
    number `batch` took out of the count."""

    sequence: int
    kind: str
    batch: int
    minute: datetime
    leaf_hash: bytes
    rule: str
    reason: str
    proposed_by_name: str
    decided_by_name: str
    ballots: tuple[int, ...]


async def ledger_size(contest_id: int) -> int:
    """The number of leaves; 0 where nobody has voted yet."""
    async with db.connection() as connection:
        size = await connection.fetchval(
            "SELECT size FROM ledger_head WHERE contest = $1", contest_id
        )
    return int(size or 0)


async def lock_ledger(tx: Any, contest_id: int) -> int:
    """The number of leaves; no one else can append until `tx` ends. 0 where there is no ledger."""
    return int(await tx.fetchval("SELECT lock_ledger($1)", contest_id) or 0)


async def leaves_stored(contest_id: int) -> int:
    """The number of leaves counted one by one, to be compared with the head."""
    async with db.connection() as connection:
        return int(
            await connection.fetchval(
                "SELECT (SELECT count(*) FROM ballot WHERE contest_id = $1)"
                " + (SELECT count(*) FROM change_entry WHERE contest_id = $1)",
                contest_id,
            )
        )


async def ballots_between(contest_id: int, first: int, last: int) -> list[StoredBallot]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            _BALLOTS + "WHERE contest_id = $1 AND sequence BETWEEN $2 AND $3 ORDER BY sequence",
            contest_id,
            first,
            last,
        )
    return [_ballot(row) for row in rows]


async def changes_between(contest_id: int, first: int, last: int) -> list[StoredChange]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            _CHANGES + "WHERE entry.contest_id = $1 AND entry.sequence BETWEEN $2 AND $3"
            " ORDER BY entry.sequence",
            contest_id,
            first,
            last,
        )
    return [StoredChange(**{**row, "ballots": tuple(row["ballots"])}) for row in rows]


async def ballots_of(contest_id: int, voter: bytes) -> list[StoredBallot]:
    """All ballots of one pseudonym, newest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _BALLOTS + _OF_VOTER,
            contest_id,
            voter,
        )
    return [_ballot(row) for row in rows]


async def ballots_numbered(contest_id: int, sequences: Collection[int]) -> list[StoredBallot]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            _BALLOTS + "WHERE contest_id = $1 AND sequence = ANY($2::bigint[]) ORDER BY sequence",
            contest_id,
            list(sequences),
        )
    return [_ballot(row) for row in rows]


async def find_ballots(
    contest_id: int,
    *,
    entrant_id: int | None,
    voter: bytes | None,
    start: datetime | None,
    end: datetime | None,
    limit: int,
) -> list[StoredBallot]:
    """Ballots that name an entrant, of a pseudonym, cast in [start, end); None: any."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _BALLOTS + "WHERE contest_id = $1"
            " AND ($2::integer IS NULL OR $2 = ANY(entries))"
            " AND ($3::bytea IS NULL OR voter = $3)"
            " AND ($4::timestamptz IS NULL OR minute >= $4)"
            " AND ($5::timestamptz IS NULL OR minute < $5)"
            " ORDER BY sequence LIMIT $6",
            contest_id,
            entrant_id,
            voter,
            start,
            end,
            limit,
        )
    return [_ballot(row) for row in rows]


def _ballot(row: object) -> StoredBallot:
    fields = dict(row)  # type: ignore[call-overload]
    return StoredBallot(**{**fields, "entries": tuple(fields["entries"])})


@dataclass(frozen=True, slots=True)
class VotesOn:
    """An entrant's votes on some ballots, how many of them count now, and when the first and
    the last were cast."""

    entrant: int
    votes: int
    counting: int
    first_at: datetime
    last_at: datetime


async def votes_on(contest_id: int, sequences: Collection[int]) -> list[VotesOn]:
    """By entrant, whoever has most first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT entrant, count(*) AS votes, count(*) FILTER (WHERE state IS NULL) AS counting,"
            " min(minute) AS first_at, max(minute) AS last_at"
            " FROM ballot LEFT JOIN ballot_mark USING (contest_id, sequence),"
            " unnest(entries) AS entrant"
            " WHERE contest_id = $1 AND sequence = ANY($2::bigint[])"
            " GROUP BY entrant ORDER BY votes DESC, entrant",
            contest_id,
            list(sequences),
        )
    return [VotesOn(**row) for row in rows]
