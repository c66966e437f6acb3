"""Queries on sheets: marks as they are saved, entries as they are settled, signed versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contest.rules.exact import exact_text
from core import db
from scoring.rules.judge_sheet import EntryStatus, Signing, SigningMethod
from scoring.tables import SheetChange, SheetChangeDecision, SheetVersion

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
_NEWEST_VERSIONS = """
SELECT DISTINCT ON (v.sheet) v.*, s.seat, s.round
FROM sheet_version v JOIN judge_sheet s ON s.id = v.sheet JOIN panel_seat p ON p.id = s.seat
WHERE p.contest = $1
ORDER BY v.sheet, v.version DESC
"""
_ALL_VERSIONS = """
SELECT v.*, s.seat, s.round
FROM sheet_version v JOIN judge_sheet s ON s.id = v.sheet JOIN panel_seat p ON p.id = s.seat
WHERE p.contest = $1
ORDER BY p.number, s.round, v.version
"""
_CHANGES = """
SELECT c.*, s.seat, s.round,
       d.approved, d.reason AS decision_reason, d.decided_by_name, d.decided_at
FROM sheet_change c JOIN judge_sheet s ON s.id = c.sheet JOIN panel_seat p ON p.id = s.seat
LEFT JOIN sheet_change_decision d ON d.change = c.id
WHERE p.contest = $1
ORDER BY c.id
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


@dataclass(frozen=True)
class SignedVersion:
    """A signed version as stored; `content` is the canonical text of the sheet."""

    sheet_id: int
    seat_id: int
    round: str
    content: str
    signing: Signing
    signature: bytes


@dataclass(frozen=True)
class Change:
    """A proposed version; `approved` is None until the second person has answered."""

    id: int
    sheet_id: int
    seat_id: int
    round: str
    base_version: int
    content: str
    reason: str
    proposed_by: int
    proposed_by_name: str
    proposed_at: datetime
    approved: bool | None
    decision_reason: str
    decided_by_name: str
    decided_at: datetime | None


async def lock_sheet(seat_id: int, round_id: str) -> int:
    """The id of the sheet, made when absent, held for this unit of work alone."""
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


async def add_version(version: SignedVersion, signed_by: int) -> None:
    await SheetVersion(
        sheet=version.sheet_id,
        version=version.signing.version,
        content=version.content,
        digest=version.signing.digest,
        method=version.signing.method.value,
        signed_by=signed_by,
        signed_by_name=version.signing.signed_by,
        signed_at=version.signing.signed_at,
        reason=version.signing.reason,
        signature=version.signature,
    ).save()


async def newest_versions(contest_id: int) -> list[SignedVersion]:
    """The version in force of every locked sheet."""
    async with db.connection() as connection:
        rows = await connection.fetch(_NEWEST_VERSIONS, contest_id)
    return [_version(row, row["seat"], row["round"]) for row in rows]


async def all_versions(contest_id: int) -> list[SignedVersion]:
    """Every signed version of a contest's sheets, by judge's number, round and version."""
    async with db.connection() as connection:
        rows = await connection.fetch(_ALL_VERSIONS, contest_id)
    return [_version(row, row["seat"], row["round"]) for row in rows]


async def versions_of_seat(seat_id: int) -> list[SignedVersion]:
    """Every signed version of a judge's sheets, oldest first."""
    rows = (
        await SheetVersion.select(
            *SheetVersion.all_columns(), SheetVersion.sheet.round.as_alias("round")
        )
        .where(SheetVersion.sheet.seat == seat_id)
        .order_by(SheetVersion.id)
    )
    return [_version(row, seat_id, row["round"]) for row in rows]


async def is_signed(sheet_id: int) -> bool:
    return await SheetVersion.exists().where(SheetVersion.sheet == sheet_id)


def _version(row: Mapping[str, Any], seat_id: int, round_id: str) -> SignedVersion:
    return SignedVersion(
        sheet_id=row["sheet"],
        seat_id=seat_id,
        round=round_id,
        content=row["content"],
        signing=Signing(
            digest=row["digest"],
            version=row["version"],
            method=SigningMethod(row["method"]),
            signed_by=row["signed_by_name"],
            signed_at=row["signed_at"],
            reason=row["reason"],
        ),
        signature=bytes(row["signature"]),
    )


async def add_change(
    sheet_id: int,
    base_version: int,
    content: str,
    reason: str,
    by: tuple[int, str],
    now: datetime,
) -> None:
    await SheetChange(
        sheet=sheet_id,
        base_version=base_version,
        content=content,
        reason=reason,
        proposed_by=by[0],
        proposed_by_name=by[1],
        proposed_at=now,
    ).save()


async def changes(contest_id: int) -> list[Change]:
    """Every proposed version of the contest's sheets with its answer, oldest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(_CHANGES, contest_id)
    return [
        Change(
            id=row["id"],
            sheet_id=row["sheet"],
            seat_id=row["seat"],
            round=row["round"],
            base_version=row["base_version"],
            content=row["content"],
            reason=row["reason"],
            proposed_by=row["proposed_by"],
            proposed_by_name=row["proposed_by_name"],
            proposed_at=row["proposed_at"],
            approved=row["approved"],
            decision_reason=row["decision_reason"] or "",
            decided_by_name=row["decided_by_name"] or "",
            decided_at=row["decided_at"],
        )
        for row in rows
    ]


async def add_decision(
    change_id: int, approved: bool, reason: str, by: tuple[int, str], now: datetime
) -> None:
    await SheetChangeDecision(
        change=change_id,
        approved=approved,
        reason=reason,
        decided_by=by[0],
        decided_by_name=by[1],
        decided_at=now,
    ).save()
