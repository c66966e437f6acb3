"""Queries on what the big screens show; rows ↔ rule objects."""

import msgspec

from core.database import db
from live.stage.rules.reveal import RevealPlan
from live.stage.rules.show import Mode, Show


async def read_show(contest_id: int) -> Show:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT version, mode, step, plan FROM screen_show WHERE contest = $1", contest_id
        )
    if row is None:
        return Show()
    plan = msgspec.json.decode(row["plan"], type=RevealPlan) if row["plan"] else None
    return Show(row["version"], Mode(row["mode"]), row["step"], plan)


async def lock_show(contest_id: int) -> Show:
    """What the screen shows, locked until the unit of work ends."""
    async with db.connection() as connection:
        await connection.execute(
            "INSERT INTO screen_show (contest, version, mode, step, body)"
            " VALUES ($1, 0, 'board', 0, '') ON CONFLICT (contest) DO NOTHING",
            contest_id,
        )
        await connection.execute(
            "SELECT 1 FROM screen_show WHERE contest = $1 FOR UPDATE", contest_id
        )
    return await read_show(contest_id)


async def save_show(contest_id: int, show: Show, body: bytes) -> None:
    plan = msgspec.json.encode(show.plan).decode() if show.plan else None
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE screen_show SET version = $2, mode = $3, step = $4, plan = $5, body = $6"
            " WHERE contest = $1",
            contest_id,
            show.version,
            show.mode.value,
            show.step,
            plan,
            body.decode(),
        )
