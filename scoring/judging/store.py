"""Queries on panels, the run of show and who has settled what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from core.database import db
from scoring.judging.rules.seat import Seat
from scoring.tables import Conflict, PanelSeat, RunningOrder, ScoringWindow


@dataclass(frozen=True)
class Window:
    """One opening of an entrant; `is_open` until the host closes it."""

    id: int
    round: str
    entrant_id: int
    is_open: bool
    reason: str
    opened_at: datetime


async def lock_floor(contest_id: int) -> None:
    """Let one act at a time change a contest's panel or run of show, until commit."""
    async with db.connection() as tx:
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext('judging'), $1)", contest_id)


async def seats(contest_id: int) -> list[Seat]:
    """The panel in order of the judges' numbers."""
    rows = (
        await PanelSeat.select().where(PanelSeat.contest == contest_id).order_by(PanelSeat.number)
    )
    conflicts = await Conflict.select(Conflict.seat, Conflict.entrant, Conflict.reason).where(
        Conflict.seat.contest == contest_id
    )
    return [_seat(row, conflicts) for row in rows]


async def seat_of(contest_id: int, account_id: int) -> Seat | None:
    row = (
        await PanelSeat.select()
        .where(PanelSeat.contest == contest_id, PanelSeat.account == account_id)
        .first()
    )
    if row is None:
        return None
    conflicts = await Conflict.select(Conflict.seat, Conflict.entrant, Conflict.reason).where(
        Conflict.seat == row["id"]
    )
    return _seat(row, conflicts)


def _seat(row: Mapping[str, Any], conflicts: Sequence[Mapping[str, Any]]) -> Seat:
    return Seat(
        id=row["id"],
        contest_id=row["contest"],
        account_id=row["account"],
        number=row["number"],
        has_declared=row["conflicts_declared_at"] is not None,
        conflicts={c["entrant"]: c["reason"] for c in conflicts if c["seat"] == row["id"]},
    )


async def contests_of(account_id: int) -> list[int]:
    """The ids of the contests on whose panels this account sits."""
    rows = await PanelSeat.select(PanelSeat.contest).where(PanelSeat.account == account_id)
    return [row["contest"] for row in rows]


async def add_seat(contest_id: int, account_id: int, number: int, now: datetime) -> None:
    await PanelSeat(contest=contest_id, account=account_id, number=number, appointed_at=now).save()


async def remove_seat(seat_id: int) -> None:
    await PanelSeat.delete().where(PanelSeat.id == seat_id)


async def replace_conflicts(seat_id: int, reasons: Mapping[int, str], now: datetime) -> None:
    """Set a judge's declaration; the audit log keeps what was declared before."""
    await Conflict.delete().where(Conflict.seat == seat_id)
    for entrant_id, reason in reasons.items():
        await Conflict(seat=seat_id, entrant=entrant_id, reason=reason, declared_at=now).save()
    await PanelSeat.update({PanelSeat.conflicts_declared_at: now}).where(PanelSeat.id == seat_id)


async def running_orders(contest_id: int) -> dict[str, list[str]]:
    """The codes in the host's order, by round."""
    rows = await RunningOrder.select().where(RunningOrder.contest == contest_id)
    return {row["round"]: msgspec.json.decode(row["codes"], type=list[str]) for row in rows}


async def save_running_order(contest_id: int, round_id: str, codes: Sequence[str]) -> None:
    async with db.connection() as tx:
        await tx.execute(
            "INSERT INTO running_order (contest, round, codes) VALUES ($1, $2, $3)"
            " ON CONFLICT (contest, round) DO UPDATE SET codes = EXCLUDED.codes",
            contest_id,
            round_id,
            msgspec.json.encode(list(codes)).decode(),
        )


async def windows(contest_id: int) -> list[Window]:
    """Every opening of the contest, oldest first."""
    rows = (
        await ScoringWindow.select()
        .where(ScoringWindow.contest == contest_id)
        .order_by(ScoringWindow.id)
    )
    return [_window(row) for row in rows]


async def hold_open_window(contest_id: int) -> Window | None:
    """The open window, which cannot be closed before this unit of work ends."""
    return await _open_window(contest_id, "FOR SHARE")


async def take_open_window(contest_id: int) -> Window | None:
    """The open window, once no judge is in the middle of saving into it."""
    return await _open_window(contest_id, "FOR UPDATE")


async def _open_window(contest_id: int, hold: str) -> Window | None:
    async with db.connection() as tx:
        row = await tx.fetchrow(
            f"SELECT * FROM scoring_window WHERE contest = $1 AND is_open {hold}",  # noqa: S608 - one of two constants above
            contest_id,
        )
    return _window(row) if row else None


def _window(row: Mapping[str, Any]) -> Window:
    return Window(
        id=row["id"],
        round=row["round"],
        entrant_id=row["entrant"],
        is_open=bool(row["is_open"]),
        reason=row["reason"],
        opened_at=row["opened_at"],
    )


async def open_window(
    contest_id: int, round_id: str, entrant_id: int, by: int, reason: str, now: datetime
) -> None:
    await ScoringWindow(
        contest=contest_id,
        round=round_id,
        entrant=entrant_id,
        is_open=True,
        reason=reason,
        opened_at=now,
        opened_by=by,
    ).save()


async def close_window(window_id: int, by: int, now: datetime) -> None:
    await ScoringWindow.update(
        {
            ScoringWindow.is_open: None,
            ScoringWindow.closed_at: now,
            ScoringWindow.closed_by: by,
        }
    ).where(ScoringWindow.id == window_id)
