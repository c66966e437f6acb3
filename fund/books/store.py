"""Named queries over steps, standings, entries, postings and balances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db
from fund.rules.books import Account, Amounts, Posting
from fund.rules.states import Act, Standing, State


@dataclass(frozen=True)
class NewStep:
    """A step to be written: the act, and its number after the entitlement's last."""

    entitlement: int
    number: int
    act: Act
    payment: int | None
    line: int | None
    reason: str


def standing_of(row: Mapping[str, Any]) -> Standing:
    """From columns state, held, number, payment and line, all null before the first step."""
    if row["state"] is None:
        return Standing()
    return Standing(
        State(row["state"]), row["held"], row["number"], row["payment"], row["standing_line"]
    )


async def standings(ids: Sequence[int]) -> dict[int, tuple[Standing, Amounts]]:
    """Where entitlements are and what they are worth, of those that exist."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT e.id, e.gross, e.tax, s.state, s.held, s.number, s.payment,"
            " s.line AS standing_line FROM fund_entitlement e"
            " LEFT JOIN fund_standing s ON s.entitlement = e.id WHERE e.id = ANY($1::int[])",
            ids,
        )
    return {row["id"]: (standing_of(row), Amounts(row["gross"], row["tax"])) for row in rows}


async def add_steps(steps: Sequence[NewStep], actor: Actor, now: datetime) -> dict[int, int]:
    """Write steps in the order given; returns the id of each entitlement's step."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "INSERT INTO fund_step (entitlement, number, act, payment, line, reason, by, by_name,"
            " at) SELECT one.*, $7, $8, $9 FROM unnest($1::int[], $2::int[], $3::text[],"
            " $4::bigint[], $5::int[], $6::text[]) one RETURNING entitlement, id",
            [one.entitlement for one in steps],
            [one.number for one in steps],
            [one.act.value for one in steps],
            [one.payment for one in steps],
            [one.line for one in steps],
            [one.reason for one in steps],
            actor.account_id,
            actor.name,
            now,
        )
    return {row["entitlement"]: row["id"] for row in rows}


async def add_entries(
    entries: Sequence[tuple[int, Sequence[Posting]]], actor: Actor, now: datetime
) -> None:
    """One entry for each (step, its postings)."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "INSERT INTO fund_entry (step, by, by_name, at)"
            " SELECT step, $2, $3, $4 FROM unnest($1::bigint[]) step RETURNING step, id",
            [step for step, _ in entries],
            actor.account_id,
            actor.name,
            now,
        )
        entry_of = {row["step"]: row["id"] for row in rows}
        await _add_postings(
            connection, [(entry_of[step], one) for step, postings in entries for one in postings]
        )


async def add_appropriation_entry(
    appropriation: int, postings: Sequence[Posting], actor: Actor, now: datetime
) -> None:
    async with db.connection() as connection:
        entry = await connection.fetchval(
            "INSERT INTO fund_entry (appropriation, by, by_name, at) VALUES ($1, $2, $3, $4)"
            " RETURNING id",
            appropriation,
            actor.account_id,
            actor.name,
            now,
        )
        await _add_postings(connection, [(entry, one) for one in postings])


async def _add_postings(connection: Any, postings: Sequence[tuple[int, Posting]]) -> None:
    await connection.execute(
        "INSERT INTO fund_posting (entry, line, account, entitlement, amount)"
        " SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::int[], $5::bigint[])",
        [entry for entry, _ in postings],
        [one.line for _, one in postings],
        [one.account.value for _, one in postings],
        [one.entitlement for _, one in postings],
        [one.amount for _, one in postings],
    )


async def balances(year: int) -> dict[tuple[int, Account], int]:
    """(line, account) → fen, of the lines of a year, in the order in which lines are used."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT b.line, b.account, b.amount FROM fund_balance b"
            " JOIN fund_line l ON l.id = b.line WHERE l.year = $1 ORDER BY b.line",
            year,
        )
    return {(row["line"], Account(row["account"])): row["amount"] for row in rows}


async def steps_of(entitlement: int) -> list[dict[str, Any]]:
    """Everything that was done to an entitlement, in order."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT s.*, p.batch, p.attempt FROM fund_step s"
            " LEFT JOIN fund_payment p ON p.id = s.payment"
            " WHERE s.entitlement = $1 ORDER BY s.number",
            entitlement,
        )
    return [dict(row) for row in rows]


_POSTINGS = """
SELECT p.id, p.entry, p.account, p.amount, p.entitlement, p.line, l.name AS line_name, l.year,
    e.at, e.by_name, e.appropriation, s.act, owed.beneficiary, owed.year AS owed_year, a.document,
    sum(p.amount) OVER (PARTITION BY p.line, p.account ORDER BY p.id) AS balance
FROM fund_posting p JOIN fund_entry e ON e.id = p.entry JOIN fund_line l ON l.id = p.line
    LEFT JOIN fund_step s ON s.id = e.step
    LEFT JOIN fund_entitlement owed ON owed.id = p.entitlement
    LEFT JOIN fund_appropriation a ON a.id = e.appropriation
WHERE ($1::int IS NULL OR p.line = $1) AND ($2::text IS NULL OR p.account = $2)
    AND ($3::int IS NULL OR p.entitlement = $3)
ORDER BY p.id DESC LIMIT $4 OFFSET $5
"""


async def postings(
    *, line: int | None, account: str | None, entitlement: int | None, limit: int, offset: int
) -> list[dict[str, Any]]:
    """Newest first; `balance` is what the account of the line held after each, so it means
    something only where all postings of the account are asked for."""
    async with db.connection() as connection:
        rows = await connection.fetch(_POSTINGS, line, account, entitlement, limit, offset)
    return [dict(row) for row in rows]


async def count_postings(
    *, line: int | None, account: str | None, entitlement: int | None
) -> tuple[int, int]:
    """How many postings there are, and what they add up to in fen."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT count(*) AS n, coalesce(sum(amount), 0)::bigint AS total FROM fund_posting"
            " WHERE ($1::int IS NULL OR line = $1) AND ($2::text IS NULL OR account = $2)"
            " AND ($3::int IS NULL OR entitlement = $3)",
            line,
            account,
            entitlement,
        )
    return row["n"], row["total"]


async def monthly(year: int) -> list[dict[str, Any]]:
    """What each account of a year's lines gained in each month of Beijing time: month, account,
    amount."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT date_trunc('month', e.at AT TIME ZONE 'Asia/Shanghai')::date AS month,"
            " p.account, sum(p.amount)::bigint AS amount FROM fund_posting p"
            " JOIN fund_entry e ON e.id = p.entry JOIN fund_line l ON l.id = p.line"
            " WHERE l.year = $1 GROUP BY 1, 2 ORDER BY 1, 2",
            year,
        )
    return [dict(row) for row in rows]


_DIFFERENCES = """
SELECT 'entry' AS what, entry AS id FROM fund_posting GROUP BY entry, line HAVING sum(amount) <> 0
UNION ALL
SELECT 'balance', coalesce(b.id, 0) FROM fund_balance b FULL JOIN (
    SELECT line, account, sum(amount) AS amount FROM fund_posting GROUP BY line, account
) p ON p.line = b.line AND p.account = b.account
WHERE coalesce(b.amount, 0) <> coalesce(p.amount, 0)
UNION ALL
SELECT 'standing', e.id FROM fund_entitlement e JOIN fund_standing s ON s.entitlement = e.id
    LEFT JOIN fund_posting p ON p.entitlement = e.id AND p.account <> 'available'
GROUP BY e.id, s.state
HAVING coalesce(sum(p.amount), 0) <> CASE
    WHEN s.state IN ('queued', 'cancelled', 'in_kind') THEN 0 ELSE e.gross END
UNION ALL
SELECT 'payment', e.id FROM fund_entitlement e JOIN fund_posting p ON p.entitlement = e.id
WHERE p.account = 'paid' GROUP BY e.id, e.gross, e.tax
HAVING sum(p.amount) NOT IN (0, e.gross - e.tax)
"""


async def differences() -> list[tuple[str, int]]:
    """Where the books do not add up, recomputed from every posting; nothing when they do."""
    async with db.connection() as connection:
        rows = await connection.fetch(_DIFFERENCES)
    return [(row["what"], row["id"]) for row in rows]
