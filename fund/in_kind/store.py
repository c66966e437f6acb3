"""Named queries over parts in kind."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db
from fund.in_kind.rules import Arrangement, Done, Part
from fund.in_kind.tables import FundInKind, FundInKindStep
from fund.rules.entitlement import InKindPart, entitlement_code

_PARTS = """
SELECT k.*, e.year, e.beneficiary, e.title, n.place, n.starts_on, n.ends_on,
    n.done, n.done_on, n.evidence, n.file_digest, n.file_name, n.by_name, n.at,
    coalesce(s.state = 'cancelled', false) AS cancelled
FROM fund_in_kind k JOIN fund_entitlement e ON e.id = k.entitlement
    LEFT JOIN fund_standing s ON s.entitlement = e.id
    LEFT JOIN LATERAL (
        SELECT * FROM fund_in_kind_step one WHERE one.in_kind = k.id ORDER BY number DESC LIMIT 1
    ) n ON true
"""


def _part(row: Mapping[str, Any]) -> Part:
    done = None
    if row["done"]:
        done = Done(row["done_on"], row["evidence"], row["file_digest"], row["file_name"])
    return Part(
        id=row["id"],
        entitlement=row["entitlement"],
        code=entitlement_code(row["year"], row["entitlement"]),
        beneficiary=row["beneficiary"],
        title=row["title"],
        kind=row["kind"],
        words=row["words"],
        department=row["department"],
        due_on=row["due_on"],
        arrangement=Arrangement(row["place"] or "", row["starts_on"], row["ends_on"]),
        done=done,
        said_by=row["by_name"] or "",
        said_at=row["at"],
        cancelled=row["cancelled"],
    )


async def add_parts(entitlement: int, parts: Sequence[InKindPart]) -> None:
    for part in parts:
        await FundInKind(
            entitlement=entitlement,
            kind=part.kind,
            words=part.words,
            department=part.department,
            due_on=part.due_on,
        ).save()


async def all_parts() -> list[Part]:
    """What is still owed first, by its due day; what is done after it, newest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _PARTS + "ORDER BY coalesce(n.done, false), n.done_on DESC, k.due_on NULLS LAST, k.id"
        )
    return [_part(row) for row in rows]


async def of_entitlement(entitlement: int) -> list[Part]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            _PARTS + "WHERE k.entitlement = $1 ORDER BY k.id", entitlement
        )
    return [_part(row) for row in rows]


async def part(number: int) -> Part | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_PARTS + "WHERE k.id = $1", number)
    return _part(row) if row else None


async def history(number: int) -> list[dict[str, Any]]:
    """What was said about a part, newest first."""
    return await (
        FundInKindStep.select()
        .where(FundInKindStep.in_kind == number)
        .order_by(FundInKindStep.number, ascending=False)
    )


async def hold_part(number: int) -> None:
    """Let one person at a time say something about a part, until commit."""
    async with db.connection() as tx:
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext('fund in kind'), $1)", number)


async def add_step(
    number: int, arrangement: Arrangement, done: Done | None, actor: Actor, now: datetime
) -> None:
    said = await FundInKindStep.count().where(FundInKindStep.in_kind == number)
    await FundInKindStep(
        in_kind=number,
        number=int(said) + 1,
        done=done is not None,
        place=arrangement.place,
        starts_on=arrangement.starts_on,
        ends_on=arrangement.ends_on,
        done_on=done.on if done else None,
        evidence=done.evidence if done else "",
        file_digest=done.file_digest if done else "",
        file_name=done.file_name if done else "",
        by=actor.account_id,
        by_name=actor.name,
        at=now,
    ).save()
