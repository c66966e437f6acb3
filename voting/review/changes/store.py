"""Named queries of the changes of ballots."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db
from voting.review.changes.rules import Change, Kind, Proposal

_CHANGES = """
SELECT change.id, change.kind, change.contest AS contest_id, change.void, change.rule,
    change.reason, change.proposed_by, change.proposed_by_name, change.proposed_at,
    decision.approved, decision.reason AS decision_reason, decision.decided_by_name,
    decision.decided_at, entry.sequence,
    (SELECT count(*) FROM changed_ballot WHERE change_id = change.id) AS ballots,
    (SELECT count(*) FROM ballot_mark WHERE void_id = change.id) AS not_counting
FROM ballot_change change
LEFT JOIN change_decision decision ON decision.change = change.id
LEFT JOIN change_entry entry ON entry.change = change.id
"""


async def of_contest(contest_id: int, kind: Kind) -> list[Change]:
    """Every change of this kind in a contest, newest first."""
    return await _changes(
        "WHERE change.contest = $1 AND change.kind = $2 ORDER BY change.id DESC",
        contest_id,
        kind.value,
    )


async def restorations_of(void_id: int) -> list[Change]:
    """Every restoration that names ballots of a void, newest first."""
    return await _changes("WHERE change.void = $1 ORDER BY change.id DESC", void_id)


async def by_id(change_id: int) -> Change | None:
    found = await _changes("WHERE change.id = $1", change_id)
    return found[0] if found else None


async def void_of_ballot(contest_id: int, sequence: int) -> Change | None:
    """The void by which a ballot is under review or void now."""
    found = await _changes(
        "JOIN ballot_mark mark ON mark.void_id = change.id"
        " WHERE mark.contest_id = $1 AND mark.sequence = $2",
        contest_id,
        sequence,
    )
    return found[0] if found else None


async def approved_with(contest_id: int, sequence: int) -> list[Change]:
    """The approved changes that name a ballot, in the order of the ledger."""
    return await _changes(
        "JOIN changed_ballot named ON named.change_id = change.id"
        " WHERE named.contest_id = $1 AND named.sequence = $2 AND decision.approved"
        " ORDER BY entry.sequence",
        contest_id,
        sequence,
    )


async def _changes(condition: str, *values: object) -> list[Change]:
    async with db.connection() as connection:
        rows = await connection.fetch(f"{_CHANGES} {condition}", *values)
    return [Change(**{**row, "kind": Kind(row["kind"])}) for row in rows]


async def sequences_of(change_id: int) -> list[int]:
    return (await sequences_of_each([change_id])).get(change_id, [])


async def sequences_of_each(change_ids: Collection[int]) -> dict[int, list[int]]:
    """The ballots that each change names, in ascending order, by the change's id."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT change_id, array_agg(sequence ORDER BY sequence) AS sequences"
            " FROM changed_ballot WHERE change_id = ANY($1::integer[]) GROUP BY change_id",
            list(change_ids),
        )
    return {row["change_id"]: row["sequences"] for row in rows}


async def void_now(void_id: int) -> list[int]:
    """The ballots that are void by this void at present, in ascending order."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT sequence FROM ballot_mark WHERE void_id = $1 AND state = 'void'"
            " ORDER BY sequence",
            void_id,
        )
    return [row["sequence"] for row in rows]


async def add(
    tx: Any,
    contest_id: int,
    void_id: int | None,
    proposal: Proposal,
    proposer: Actor,
    now: datetime,
) -> int:
    """Write a proposal, a restoration where `void_id` is given; a trigger puts the ballots of
    a void under review."""
    change_id = await tx.fetchval(
        "INSERT INTO ballot_change (kind, contest, void, rule, reason, proposed_by,"
        " proposed_by_name, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        (Kind.VOID if void_id is None else Kind.RESTORE).value,
        contest_id,
        void_id,
        proposal.rule,
        proposal.reason,
        proposer.account_id,
        proposer.name,
        now,
    )
    await tx.execute(
        "INSERT INTO changed_ballot (change_id, contest_id, sequence)"
        " SELECT $1, $2, sequence FROM unnest($3::bigint[]) AS sequence",
        change_id,
        contest_id,
        list(proposal.ballots),
    )
    return int(change_id)


async def add_decision(
    tx: Any,
    change: Change,
    *,
    approved: bool,
    reason: str,
    decider: Actor,
    now: datetime,
) -> None:
    """Write the second person's decision; a trigger settles the ballots."""
    await tx.execute(
        "INSERT INTO change_decision (change, proposed_by, approved, reason, decided_by,"
        " decided_by_name, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        change.id,
        change.proposed_by,
        approved,
        reason,
        decider.account_id,
        decider.name,
        now,
    )


async def add_entry(
    tx: Any, change: Change, sequence: int, minute: datetime, leaf_hash: bytes
) -> None:
    await tx.execute(
        "INSERT INTO change_entry (contest_id, sequence, change, minute, leaf_hash)"
        " VALUES ($1, $2, $3, $4, $5)",
        change.contest_id,
        sequence,
        change.id,
        minute,
        leaf_hash,
    )
