"""Queries on the panel: seats, and declared conflicts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from scoring.judging.panel.rules import Seat
from scoring.judging.panel.tables import Conflict, PanelSeat


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
