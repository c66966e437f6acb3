"""The ticker: one process of all publishes the boards, about once a second.

When that one dies, another takes over within seconds.
"""

import asyncio
from datetime import datetime

import structlog
from redis.asyncio import Redis

from contest.editions import service as contests
from core.database.leader import lead
from core.runtime import Runtime
from live.boards import service
from live.boards.frames import Kind, Topic
from live.boards.hub import announce

SECONDS_BETWEEN_TICKS = 1.0
# Any constant no other lock of the database uses.
LOCK = 0x5348_4251
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
    await lead(LOCK, SECONDS_BETWEEN_TICKS, lambda: tick(runtime.redis, runtime.clock.now()))


async def run(runtime: Runtime) -> None:
    """Publish boards, or wait to take over from the process that does, until cancelled."""
    while True:
        try:
            await _lead(runtime)
        except Exception as error:
            # PostgreSQL may be restarting; boards wait for it and then go on by themselves.
            _log.warning("ticker_interrupted", error=repr(error))
        await asyncio.sleep(SECONDS_BETWEEN_TICKS)
