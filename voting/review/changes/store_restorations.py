"""Named queries of restorations: struck ballots that are to count again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db

_ASKED = """
SELECT asked.id, asked.batch, asked.contest_id, asked.rule, asked.reason, asked.proposed_by,
    asked.proposed_by_name, asked.proposed_at, decision.approved, decision.reason AS word,
    decision.decided_by_name, decision.decided_at, entry.sequence,
    (SELECT array_agg(sequence ORDER BY sequence) FROM restoration_ballot
        WHERE restoration_id = asked.id) AS ballots
FROM restoration asked
LEFT JOIN restoration_decision decision ON decision.restoration = asked.id
LEFT JOIN restoration_entry entry ON entry.restoration = asked.id
"""


@dataclass(frozen=True)
class Restoration:
    """A proposal and, once given, the second person's decision (`approved` None before)."""

    id: int
    batch: int
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
    ballots: tuple[int, ...]


async def of_contest(contest_id: int) -> list[Restoration]:
    """Every restoration asked for in a contest, newest first."""
    return await _asked("WHERE asked.contest_id = $1", contest_id)


async def by_id(restoration_id: int) -> Restoration | None:
    found = await _asked("WHERE asked.id = $1", restoration_id)
    return found[0] if found else None


async def approved_with(contest_id: int, sequence: int) -> list[Restoration]:
    """The approved restorations that name a ballot, in the order of the ledger."""
    found = await _asked(
        "JOIN restoration_ballot named ON named.restoration_id = asked.id"
        " WHERE named.contest_id = $1 AND named.sequence = $2 AND decision.approved",
        contest_id,
        sequence,
    )
    return found[::-1]


async def _asked(where: str, *values: int) -> list[Restoration]:
    async with db.connection() as connection:
        rows = await connection.fetch(f"{_ASKED} {where} ORDER BY asked.id DESC", *values)
    return [Restoration(**{**row, "ballots": tuple(row["ballots"] or ())}) for row in rows]


async def void_now(batch_id: int) -> list[int]:
    """The ballots that are void by this batch at present."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT sequence FROM ballot_mark WHERE batch_id = $1 AND state = 'void'"
            " ORDER BY sequence",
            batch_id,
        )
    return [row["sequence"] for row in rows]


async def add(
    tx: Any,
    contest_id: int,
    batch_id: int,
    sequences: Collection[int],
    rule: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    restoration_id = await tx.fetchval(
        "INSERT INTO restoration (batch, contest_id, rule, reason, proposed_by, proposed_by_name,"
        " proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        batch_id,
        contest_id,
        rule,
        reason,
        actor.account_id,
        actor.name,
        now,
    )
    await tx.execute(
        "INSERT INTO restoration_ballot (restoration_id, contest_id, sequence)"
        " SELECT $1, $2, sequence FROM unnest($3::bigint[]) AS sequence",
        restoration_id,
        contest_id,
        list(sequences),
    )
    return int(restoration_id)


async def add_decision(
    tx: Any, asked: Restoration, *, approved: bool, word: str, actor: Actor, now: datetime
) -> None:
    """Write the second person's word; a trigger lets approved ballots count again."""
    await tx.execute(
        "INSERT INTO restoration_decision (restoration, proposed_by, approved, reason, decided_by,"
        " decided_by_name, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        asked.id,
        asked.proposed_by,
        approved,
        word,
        actor.account_id,
        actor.name,
        now,
    )


async def add_entry(
    tx: Any, asked: Restoration, sequence: int, minute: datetime, leaf_hash: bytes
) -> None:
    await tx.execute(
        "INSERT INTO restoration_entry (contest_id, sequence, restoration, minute, leaf_hash)"
        " VALUES ($1, $2, $3, $4, $5)",
        asked.contest_id,
        sequence,
        asked.id,
        minute,
        leaf_hash,
    )
