"""Queries on boards, and on the newest frame of every topic, shows of the stage included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.database import db
from live.boards.frames import Frame, Kind, Topic, decode_snapshot, frame
from live.boards.rules import Snapshot

_TABLES = {Kind.BOARD: "board", Kind.SHOW: "screen_show"}


@dataclass(frozen=True)
class LockedBoard:
    """The board as it stood when its row was locked."""

    snapshot: Snapshot | None
    frozen: bool


async def read_snapshot(contest_id: int) -> Snapshot | None:
    async with db.connection() as connection:
        body = await connection.fetchval("SELECT body FROM board WHERE contest = $1", contest_id)
    return decode_snapshot(body.encode()) if body else None


async def lock_board(contest_id: int) -> LockedBoard:
    """The board, locked until the unit of work ends: so two publishers never make the same version,
    and nothing is published while the board is being frozen."""
    select = "SELECT body, frozen_at FROM board WHERE contest = $1 FOR UPDATE"
    async with db.connection() as connection:
        row = await connection.fetchrow(select, contest_id)
        if row is None:
            await connection.execute(
                "INSERT INTO board (contest, version, body) VALUES ($1, 0, '')"
                " ON CONFLICT (contest) DO NOTHING",
                contest_id,
            )
            row = await connection.fetchrow(select, contest_id)
    snapshot = decode_snapshot(row["body"].encode()) if row["body"] else None
    return LockedBoard(snapshot, row["frozen_at"] is not None)


async def save_board(snapshot: Snapshot, body: bytes) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE board SET version = $2, body = $3 WHERE contest = $1",
            snapshot.contest,
            snapshot.version,
            body.decode(),
        )


async def set_frozen(contest_id: int, frozen_at: datetime | None) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE board SET frozen_at = $2 WHERE contest = $1", contest_id, frozen_at
        )


async def is_frozen(contest_id: int) -> bool:
    async with db.connection() as connection:
        return bool(
            await connection.fetchval(
                "SELECT frozen_at IS NOT NULL FROM board WHERE contest = $1", contest_id
            )
        )


async def versions(topics: Iterable[Topic]) -> dict[Topic, int]:
    """The newest version of each topic that has been published at all."""
    found = {}
    async with db.connection() as connection:
        for kind, table in _TABLES.items():
            ids = [one.contest_id for one in topics if one.kind is kind]
            rows = await connection.fetch(
                f"SELECT contest, version FROM {table}"  # noqa: S608 - one of two constants
                " WHERE contest = ANY($1) AND body <> ''",
                ids,
            )
            found.update({Topic(kind, row["contest"]): row["version"] for row in rows})
    return found


async def read_frame(topic: Topic) -> Frame | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            f"SELECT version, body FROM {_TABLES[topic.kind]}"  # noqa: S608 - a constant
            " WHERE contest = $1 AND body <> ''",
            topic.contest_id,
        )
    return frame(row["version"], row["body"].encode()) if row else None
