"""One process of all publishes; it goes on whatever becomes of the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from contest.editions.rules.contest import Contest
from core.database import db
from live.boards import service, ticker
from live.boards.frames import Frame
from tests.live.conftest import Hall, HallMaker
from tests.support.eventually import PATIENCE, eventually
from tests.support.people import runtime_of


async def version(hall: Hall) -> int:
    board = await service.snapshot(hall.contest_id)
    return board.version if board else 0


async def test_one_contest_that_fails_stops_no_other(
    make_hall: HallMaker, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = await make_hall("live"), await make_hall("live")
    publish = service.publish

    async def fails_for_one(contest: Contest, now: Any) -> Frame | None:
        if contest.id == broken.contest_id:
            raise RuntimeError("a tally that cannot be read")
        return await publish(contest, now)

    monkeypatch.setattr(service, "publish", fails_for_one)
    await ticker.tick(redis, whole.clock.now())
    assert (await version(broken), await version(whole)) == (0, 1)


@asynccontextmanager
async def ticking(client: httpx.AsyncClient) -> AsyncIterator[None]:
    task = asyncio.create_task(ticker.run(runtime_of(client)))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until_published(hall: Hall, wanted: int) -> None:
    async def published() -> bool:
        return await version(hall) >= wanted

    await eventually(published, f"version {wanted} of the board")


async def test_second_process_stands_by_until_the_first_is_gone(
    client: httpx.AsyncClient, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "SECONDS_BETWEEN_TICKS", 0.02)
    asked = asyncio.Event()
    led = 0

    async def counted(redis: Redis, now: Any) -> None:
        nonlocal led
        led += 1
        asked.set()

    async with db.connection() as leader:
        # the application's own ticker may lead already: its lock is what the others meet
        taken = await leader.fetchval("SELECT pg_try_advisory_lock($1)", ticker.LOCK)
        monkeypatch.setattr(ticker, "tick", counted)
        before = led
        if taken:
            await ticker._lead(runtime_of(client))
            assert led == before, "the lock is another's: this process must not tick"
            await leader.fetchval("SELECT pg_advisory_unlock($1)", ticker.LOCK)
    async with ticking(client), asyncio.timeout(PATIENCE):
        await asked.wait()


async def test_ticker_goes_on_after_the_database_has_thrown_it_out(
    client: httpx.AsyncClient, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "SECONDS_BETWEEN_TICKS", 0.02)
    async with ticking(client):
        await until_published(hall, 1)
        async with db.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        await hall.vote(1, "001")
        await until_published(hall, 2)
