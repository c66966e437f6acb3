"""Named queries of void batches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db

_BATCHES = """
SELECT batch.id, batch.contest AS contest_id, batch.rule, batch.reason, batch.proposed_by,
    batch.proposed_by_name, batch.proposed_at, decision.approved, decision.reason AS word,
    decision.decided_by_name, decision.decided_at, entry.sequence,
    (SELECT count(*) FROM void_batch_ballot WHERE batch_id = batch.id) AS ballots,
    (SELECT count(*) FROM ballot_mark WHERE batch_id = batch.id) AS held
FROM void_batch batch
LEFT JOIN void_decision decision ON decision.batch = batch.id
LEFT JOIN void_entry entry ON entry.batch = batch.id
"""


@dataclass(frozen=True)
class VoidBatch:
    """A proposal and, once given, the second person's decision (`approved` None before).

    `ballots` is how many it names, `held` how many of them do not count now because of it,
    `sequence` its own place in the ledger when approved.
    """

    id: int
    contest_id: int
    rule: str
    reason: str
    proposed_by: int
    proposed_by_name: str
    proposed_at: datetime
    approved: bool | None
    word: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    sequence: int | None
    ballots: int
    held: int

    @property
    def restored(self) -> int:
        """How many ballots were struck and count again."""
        return self.ballots - self.held if self.approved else 0


async def batches(contest_id: int) -> list[VoidBatch]:
    """Every batch of a contest, newest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _BATCHES + "WHERE batch.contest = $1 ORDER BY batch.id DESC", contest_id
        )
    return [VoidBatch(**row) for row in rows]


async def batch_by_id(batch_id: int) -> VoidBatch | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_BATCHES + "WHERE batch.id = $1", batch_id)
    return VoidBatch(**row) if row else None


async def batch_of_ballot(contest_id: int, sequence: int) -> VoidBatch | None:
    """The batch that holds a ballot now, under review or void."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            _BATCHES + "JOIN ballot_mark mark ON mark.batch_id = batch.id"
            " WHERE mark.contest_id = $1 AND mark.sequence = $2",
            contest_id,
            sequence,
        )
    return VoidBatch(**row) if row else None


async def approved_with(contest_id: int, sequence: int) -> list[VoidBatch]:
    """The approved batches that name a ballot, in the order of the ledger."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _BATCHES + "JOIN void_batch_ballot named ON named.batch_id = batch.id"
            " WHERE named.contest_id = $1 AND named.sequence = $2 AND decision.approved"
            " ORDER BY entry.sequence",
            contest_id,
            sequence,
        )
    return [VoidBatch(**row) for row in rows]


async def sequences_of(batch_id: int) -> list[int]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT sequence FROM void_batch_ballot WHERE batch_id = $1 ORDER BY sequence",
            batch_id,
        )
    return [row["sequence"] for row in rows]


async def sequences_of_each(batch_ids: Collection[int]) -> dict[int, list[int]]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT batch_id, array_agg(sequence ORDER BY sequence) AS sequences"
            " FROM void_batch_ballot WHERE batch_id = ANY($1::integer[]) GROUP BY batch_id",
            list(batch_ids),
        )
    return {row["batch_id"]: row["sequences"] for row in rows}


async def add_batch(
    tx: Any,
    contest_id: int,
    sequences: Collection[int],
    rule: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Write a proposal; a trigger puts its ballots under review."""
    batch_id = await tx.fetchval(
        "INSERT INTO void_batch (contest, rule, reason, proposed_by, proposed_by_name,"
        " proposed_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        contest_id,
        rule,
        reason,
        actor.account_id,
        actor.name,
        now,
    )
    await tx.execute(
        "INSERT INTO void_batch_ballot (batch_id, contest_id, sequence)"
        " SELECT $1, $2, sequence FROM unnest($3::bigint[]) AS sequence",
        batch_id,
        contest_id,
        list(sequences),
    )
    return int(batch_id)


async def add_decision(
    tx: Any, batch: VoidBatch, *, approved: bool, word: str, actor: Actor, now: datetime
) -> None:
    """Write the second person's word; a trigger settles the ballots."""
    await tx.execute(
        "INSERT INTO void_decision (batch, proposed_by, approved, reason, decided_by,"
        " decided_by_name, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        batch.id,
        batch.proposed_by,
        approved,
        word,
        actor.account_id,
        actor.name,
        now,
    )


async def add_entry(
    tx: Any, batch: VoidBatch, sequence: int, minute: datetime, leaf_hash: bytes
) -> None:
    await tx.execute(
        "INSERT INTO void_entry (contest_id, sequence, batch, minute, leaf_hash)"
        " VALUES ($1, $2, $3, $4, $5)",
        batch.contest_id,
        sequence,
        batch.id,
        minute,
        leaf_hash,
    )
