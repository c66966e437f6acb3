"""Queries on the running order, and on the windows in which entrants were open for marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from core.database import db
from scoring.judging.running_order.tables import RunningOrder, ScoringWindow


@dataclass(frozen=True)
class Window:
    """One opening of an entrant; `is_open` until the host closes it."""

    id: int
    round: str
    entrant_id: int
    is_open: bool
    reason: str
    opened_at: datetime


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


async def lock_open_window_shared(contest_id: int) -> Window | None:
    """The open window, locked so that it cannot be closed before this unit of work ends. Several
    judges may hold this lock at the same time."""
    return await _open_window(contest_id, "FOR SHARE")


async def lock_open_window(contest_id: int) -> Window | None:
    """The open window, locked for closing. Waits for judges whose marks are just being saved."""
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
