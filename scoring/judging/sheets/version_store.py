"""Queries on signed sheets: every version of one, and the changes proposed to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import db
from scoring.judging.sheets.rules.judge_sheet import Signing, SigningMethod
from scoring.judging.sheets.tables import SheetChange, SheetChangeDecision, SheetVersion

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
