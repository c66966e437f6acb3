"""Named queries over budget lines and appropriations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db
from fund.budget.tables import FundAppropriation, FundAppropriationDecision, FundLine


@dataclass(frozen=True)
class NewLine:
    """A line to be opened. `source` is a key of `fund.budget.service.SOURCES`."""

    year: int
    name: str
    source: str
    document: str


async def add_line(new: NewLine, actor: Actor, now: datetime) -> int:
    row = FundLine(
        year=new.year,
        name=new.name,
        source=new.source,
        document=new.document,
        opened_by=actor.account_id,
        opened_by_name=actor.name,
        opened_at=now,
    )
    await row.save()
    return int(row.id)


async def lines(year: int | None = None) -> list[dict[str, Any]]:
    """The newest year first; the lines of a year in the order in which they are used."""
    query = FundLine.select().order_by(FundLine.year, ascending=False).order_by(FundLine.id)
    return await (query if year is None else query.where(FundLine.year == year))


async def line(number: int) -> dict[str, Any] | None:
    return await FundLine.select().where(FundLine.id == number).first()


async def line_named(year: int, name: str) -> dict[str, Any] | None:
    return await FundLine.select().where(FundLine.year == year, FundLine.name == name).first()


_APPROPRIATIONS = """
SELECT a.*, l.year, l.name AS line_name, d.approved, d.reason, d.decided_by_name, d.decided_at
FROM fund_appropriation a JOIN fund_line l ON l.id = a.line
    LEFT JOIN fund_appropriation_decision d ON d.appropriation = a.id
"""


async def appropriations(line_id: int) -> list[dict[str, Any]]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            _APPROPRIATIONS + "WHERE a.line = $1 ORDER BY a.id DESC", line_id
        )
    return [dict(row) for row in rows]


async def waiting_appropriations() -> list[dict[str, Any]]:
    """Those that wait for the second person, the longest wait first."""
    async with db.connection() as connection:
        rows = await connection.fetch(_APPROPRIATIONS + "WHERE d.id IS NULL ORDER BY a.id")
    return [dict(row) for row in rows]


async def appropriation(number: int) -> dict[str, Any] | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_APPROPRIATIONS + "WHERE a.id = $1", number)
    return dict(row) if row else None


async def add_appropriation(
    line_id: int, amount: int, document: str, actor: Actor, now: datetime
) -> int:
    row = FundAppropriation(
        line=line_id,
        amount=amount,
        document=document,
        proposed_by=actor.account_id,
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    await row.save()
    return int(row.id)


async def decide(
    number: int, proposed_by: int, approved: bool, reason: str, actor: Actor, now: datetime
) -> None:
    await FundAppropriationDecision(
        appropriation=number,
        approved=approved,
        reason=reason,
        proposed_by=proposed_by,
        decided_by=actor.account_id,
        decided_by_name=actor.name,
        decided_at=now,
    ).save()
