"""Queries on sheets as they are written: marks as saved, entries as settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.database import db
from core.exact import exact_text
from scoring.judging.sheets.rules.judge_sheet import EntryStatus

_CURRENT_MARKS = """
SELECT DISTINCT ON (m.entry, m.criterion) m.entry, m.criterion, m.value, m.client_sequence
FROM judge_mark m
WHERE m.entry = ANY($1)
ORDER BY m.entry, m.criterion, m.client_sequence DESC
"""
_ENTRIES = """
SELECT e.id, s.seat, s.round, e.entrant, e.status, e.reason
FROM sheet_entry e JOIN judge_sheet s ON s.id = e.sheet JOIN panel_seat p ON p.id = s.seat
WHERE p.contest = $1
"""
_SAVE_MARK = """
INSERT INTO judge_mark (entry, criterion, client_sequence, value, saved_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (entry, criterion, client_sequence) DO NOTHING
"""


@dataclass(frozen=True)
class WrittenEntry:
    """One entrant on one judge's sheet as written so far; `sequence` is the highest that
    any of its marks was saved under (0 when there is none)."""

    id: int
    seat_id: int
    round: str
    entrant_id: int
    status: EntryStatus
    reason: str
    marks: Mapping[str, Fraction]
    sequence: int


async def lock_sheet(seat_id: int, round_id: str) -> int:
    """The id of the sheet, made when absent, locked until the unit of work ends."""
    async with db.connection() as tx:
        await tx.execute(
            "INSERT INTO judge_sheet (seat, round) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            seat_id,
            round_id,
        )
        found: int = await tx.fetchval(
            "SELECT id FROM judge_sheet WHERE seat = $1 AND round = $2 FOR UPDATE",
            seat_id,
            round_id,
        )
        return found


async def entries(
    contest_id: int, *, seat_id: int | None = None, entrant_id: int | None = None
) -> list[WrittenEntry]:
    """What is written on the sheets of a contest, of one judge or on one entrant."""
    query, arguments = _ENTRIES, [contest_id]
    for column, value in (("s.seat", seat_id), ("e.entrant", entrant_id)):
        if value is not None:
            arguments.append(value)
            query += f" AND {column} = ${len(arguments)}"
    async with db.connection() as connection:
        rows = await connection.fetch(query + " ORDER BY e.id", *arguments)
        marks = await connection.fetch(_CURRENT_MARKS, [row["id"] for row in rows])
    by_entry: dict[int, list[Any]] = {}
    for mark in marks:
        by_entry.setdefault(mark["entry"], []).append(mark)
    return [_entry(row, by_entry.get(row["id"], [])) for row in rows]


def _entry(row: Mapping[str, Any], marks: list[Any]) -> WrittenEntry:
    return WrittenEntry(
        id=row["id"],
        seat_id=row["seat"],
        round=row["round"],
        entrant_id=row["entrant"],
        status=EntryStatus(row["status"]),
        reason=row["reason"],
        marks={m["criterion"]: Fraction(m["value"]) for m in marks if m["value"] is not None},
        sequence=max((m["client_sequence"] for m in marks), default=0),
    )


async def entry_id(sheet_id: int, entrant_id: int) -> int:
    """The entry's id, made in draft when absent; the sheet must be locked."""
    async with db.connection() as tx:
        await tx.execute(
            "INSERT INTO sheet_entry (sheet, entrant, status, reason) VALUES ($1, $2, 'draft', '')"
            " ON CONFLICT DO NOTHING",
            sheet_id,
            entrant_id,
        )
        found: int = await tx.fetchval(
            "SELECT id FROM sheet_entry WHERE sheet = $1 AND entrant = $2", sheet_id, entrant_id
        )
        return found


async def save_marks(
    entry: int, marks: Mapping[str, Fraction | None], sequence: int, now: datetime
) -> None:
    """Add marks under a sequence; one already saved under it stays as it is."""
    async with db.connection() as tx:
        await tx.executemany(
            _SAVE_MARK,
            [
                (entry, criterion, sequence, _numeric(value), now)
                for criterion, value in marks.items()
            ],
        )


def _numeric(value: Fraction | None) -> Decimal | None:
    """Marks are decimals on the rulebook's grid, so their exact text has an end."""
    return None if value is None else Decimal(exact_text(value))


async def settle(entry: int, status: EntryStatus, reason: str, now: datetime) -> None:
    """Set the entry's status; draft again takes `settled_at` away."""
    async with db.connection() as tx:
        await tx.execute(
            "UPDATE sheet_entry SET status = $2, reason = $3, settled_at = $4 WHERE id = $1",
            entry,
            status.value,
            reason,
            now if status.is_settled else None,
        )
