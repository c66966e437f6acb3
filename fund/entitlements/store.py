"""Named queries over entitlements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db
from fund.books.store import standing_of
from fund.entitlements.tables import FundEntitlement
from fund.rules.books import Amounts
from fund.rules.entitlement import Entitlement, NewEntitlement, Source
from fund.rules.queue import Waiting

_COLUMNS = """
SELECT e.id, e.key, e.year, e.beneficiary, e.measure, e.measure_name, e.title, e.gross, e.tax,
    e.tax_category, e.source_kind, e.source_digest, e.source_title, e.source_path,
    e.payable_from, e.approved_at, e.recorded_by_name,
    s.state, s.held, s.number, s.payment, s.line AS standing_line
FROM fund_entitlement e LEFT JOIN fund_standing s ON s.entitlement = e.id
"""


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; "" and None narrow nothing. `words` are looked for in the
    beneficiary, the title and the key."""

    year: int | None = None
    state: str = ""
    measure: str = ""
    words: str = ""


def _entitlement(row: Mapping[str, Any]) -> Entitlement:
    return Entitlement(
        id=row["id"],
        key=row["key"],
        year=row["year"],
        beneficiary=row["beneficiary"],
        measure=row["measure"],
        measure_name=row["measure_name"],
        title=row["title"],
        amounts=Amounts(row["gross"], row["tax"]),
        tax_category=row["tax_category"],
        source=Source(
            row["source_kind"], row["source_digest"], row["source_title"], row["source_path"]
        ),
        payable_from=row["payable_from"],
        approved_at=row["approved_at"],
        recorded_by_name=row["recorded_by_name"],
        standing=standing_of(row),
    )


async def hold_year(year: int) -> None:
    """Let one act at a time set money of a year aside or give it back, until commit."""
    async with db.connection() as tx:
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext('fund year'), $1)", year)


async def add(new: NewEntitlement, tax: int, tax_rules: str, actor: Actor, now: datetime) -> int:
    row = FundEntitlement(
        key=new.key,
        year=new.year,
        beneficiary=new.beneficiary,
        beneficiary_account=new.beneficiary_account,
        measure=new.measure,
        measure_name=new.measure_name,
        title=new.title,
        gross=new.gross,
        tax=tax,
        tax_category=new.tax_category,
        tax_rules=tax_rules,
        source_kind=new.source.kind,
        source_digest=new.source.digest,
        source_title=new.source.title,
        source_path=new.source.path,
        payable_from=new.payable_from,
        approved_at=now,
        recorded_by=actor.account_id,
        recorded_by_name=actor.name,
    )
    await row.save()
    return int(row.id)


async def by_key(key: str) -> Entitlement | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_COLUMNS + "WHERE e.key = $1", key)
    return _entitlement(row) if row else None


async def by_id(number: int) -> Entitlement | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_COLUMNS + "WHERE e.id = $1", number)
    return _entitlement(row) if row else None


async def by_ids(ids: Sequence[int]) -> list[Entitlement]:
    """In the order of their approval."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _COLUMNS + "WHERE e.id = ANY($1::int[]) ORDER BY e.approved_at, e.id", list(ids)
        )
    return [_entitlement(row) for row in rows]


async def queue_head(year: int, most: int) -> list[Waiting]:
    """The first of those who wait for money of a year, in the order of their approval."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT e.id, e.gross FROM fund_entitlement e"
            " JOIN fund_standing s ON s.entitlement = e.id"
            " WHERE e.year = $1 AND s.state = 'queued' ORDER BY e.approved_at, e.id LIMIT $2",
            year,
            most,
        )
    return [Waiting(row["id"], row["gross"]) for row in rows]


async def place_in_queue(entitlement: Entitlement) -> tuple[int, int]:
    """How many wait before this one, and how much they wait for in fen."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT count(*) AS n, coalesce(sum(e.gross), 0)::bigint AS fen"
            " FROM fund_entitlement e JOIN fund_standing s ON s.entitlement = e.id"
            " WHERE e.year = $1 AND s.state = 'queued' AND (e.approved_at, e.id) < ($2, $3)",
            entitlement.year,
            entitlement.approved_at,
            entitlement.id,
        )
    return row["n"], row["fen"]


_NARROWED = """
WHERE ($1::int IS NULL OR e.year = $1) AND ($2 = '' OR s.state = $2 OR ($2 = 'held' AND s.held))
    AND ($3 = '' OR e.measure = $3)
    AND ($4 = '' OR position($4 IN e.beneficiary) > 0 OR position($4 IN e.title) > 0
        OR upper($4) = 'F' || e.year || '-' || lpad(e.id::text, 6, '0'))
"""


async def find(filters: Filters, limit: int, offset: int) -> list[Entitlement]:
    """In the order of their approval, newest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            f"{_COLUMNS} {_NARROWED} ORDER BY e.approved_at DESC, e.id DESC LIMIT $5 OFFSET $6",
            *_arguments(filters),
            limit,
            offset,
        )
    return [_entitlement(row) for row in rows]


async def totals(filters: Filters) -> dict[str, int]:
    """How many match (`n`), and their gross, tax and net in fen."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT count(*) AS n, coalesce(sum(e.gross), 0)::bigint AS gross,"  # noqa: S608
            " coalesce(sum(e.tax), 0)::bigint AS tax FROM fund_entitlement e"
            f" LEFT JOIN fund_standing s ON s.entitlement = e.id {_NARROWED}",
            *_arguments(filters),
        )
    return {
        "n": row["n"],
        "gross": row["gross"],
        "tax": row["tax"],
        "net": row["gross"] - row["tax"],
    }


def _arguments(filters: Filters) -> tuple[int | None, str, str, str]:
    return filters.year, filters.state, filters.measure, filters.words


async def queued(year: int) -> tuple[int, int]:
    """How many wait for money of a year, and for how much in fen."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT count(*) AS n, coalesce(sum(e.gross), 0)::bigint AS fen"
            " FROM fund_entitlement e JOIN fund_standing s ON s.entitlement = e.id"
            " WHERE e.year = $1 AND s.state = 'queued'",
            year,
        )
    return row["n"], row["fen"]


async def years_and_measures() -> tuple[list[int], list[tuple[str, str]]]:
    """What a list can be narrowed to: years, and (measure, its name)."""
    async with db.connection() as connection:
        years = await connection.fetch("SELECT DISTINCT year FROM fund_entitlement ORDER BY 1")
        measures = await connection.fetch(
            "SELECT DISTINCT ON (measure) measure, measure_name FROM fund_entitlement"
            " ORDER BY measure, id DESC"
        )
    return [row["year"] for row in years], [tuple(row) for row in measures]
