"""Named queries over entrants; rows become rule objects."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from piccolo.columns import Column

from contest.entrants.rules.entrant import Entrant, NewEntrant
from contest.entrants.tables import Entrant as Row
from core.database import db

_OF_CONTEST = "SELECT * FROM entrant WHERE contest = $1 ORDER BY code NULLS LAST, id"


async def of_contest(contest_id: int) -> list[Entrant]:
    """Everyone who was ever let in, by code; the withdrawn are flagged, not left out."""
    async with db.connection() as connection:
        rows = await connection.fetch(_OF_CONTEST, contest_id)
    return [_entrant(row) for row in rows]


async def lock(entrant_id: int) -> Entrant | None:
    """The entrant, kept from changing until the unit of work ends."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT * FROM entrant WHERE id = $1 FOR UPDATE", entrant_id
        )
    return None if row is None else _entrant(row)


def _entrant(row: Mapping[str, Any]) -> Entrant:
    return Entrant(
        id=row["id"],
        contest_id=row["contest"],
        code=row["code"] or "",
        name=row["name"],
        nominator=row["nominator"],
        township=row["township"],
        summary=row["summary"],
        case_report=row["case_report"],
        photo=row["photo"],
        first_time=row["first_time"],
        attributes=msgspec.json.decode(row["attributes"], type=dict[str, str]),
        withdrawn_at=row["withdrawn_at"],
        withdrawn_reason=row["withdrawn_reason"],
    )


async def add(contest_id: int, entrants: Sequence[NewEntrant], now: datetime) -> None:
    """Entrants without a township get that of their nominator."""
    await Row.insert(
        *(
            Row(
                contest=contest_id,
                nomination=entrant.nomination_id,
                code=entrant.code or None,
                name=entrant.name,
                nominator=entrant.nominator,
                township=entrant.township or entrant.nominator,
                summary=entrant.summary,
                case_report=entrant.case_report,
                photo=entrant.photo,
                first_time=entrant.first_time,
                attributes=msgspec.json.encode(entrant.attributes).decode(),
                added_at=now,
            )
            for entrant in entrants
        )
    )


async def update(entrant_id: int, values: dict[Column | str, Any]) -> None:
    """Set columns of one entrant, named as in the table."""
    await Row.update(values, force=True).where(Row.id == entrant_id)


async def set_codes(codes: Mapping[int, str]) -> None:
    """Give each entrant id its code, all in one statement."""
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE entrant SET code = new.code"
            " FROM unnest($1::int[], $2::text[]) AS new(id, code) WHERE entrant.id = new.id",
            list(codes),
            list(codes.values()),
        )
