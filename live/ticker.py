"""The ticker: one process of all publishes the boards, about once a second.

A PostgreSQL advisory lock says which. It belongs to a connection, so a process that dies
gives it up by dying, and another takes over within seconds.
"""

import asyncio
from datetime import datetime

import structlog
from redis.asyncio import Redis

from contest import service as contests
from core import db
from core.runtime import Runtime
from live import service
from live.frames import Kind, Topic
from live.hub import announce

SECONDS_BETWEEN_TICKS = 1.0
# Any constant no other lock of the database uses.
_LOCK = 0x5348_4251
_log = structlog.get_logger("ticker")


async def tick(redis: Redis, now: datetime) -> None:
    """Publish every board that has something new; one contest's failure stops no other."""
    for contest in await contests.list_contests():
        try:
            new = await service.publish(contest, now)
        except Exception as error:
            _log.error("board_not_published", contest=contest.slug, exc_info=error)
            continue
        if new is not None:
            await announce(redis, Topic(Kind.BOARD, contest.id), new)


async def _lead(runtime: Runtime) -> None:
    """Tick for as long as this process holds the lock; return at once when it does not get it."""
    async with db.connection() as holder:
        if not await holder.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            return
        try:
            while True:
                await holder.execute("SELECT 1")  # raises once the lock's connection is lost
                await tick(runtime.redis, runtime.clock.now())
                await asyncio.sleep(SECONDS_BETWEEN_TICKS)
        finally:
            if not holder.is_closed():
                await holder.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def run(runtime: Runtime) -> None:
    """Tick, or stand by to, until cancelled."""
    while True:
        try:
            await _lead(runtime)
        except Exception as error:
            # PostgreSQL may be restarting; boards wait for it and then go on by themselves.
            _log.warning("ticker_interrupted", error=repr(error))
        await asyncio.sleep(SECONDS_BETWEEN_TICKS)
