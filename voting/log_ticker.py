"""The log's ticker: one process of all signs tree heads, every two seconds while votes come.

It reads what is committed and writes to tables of its own, so the cast path waits for it at
no point. A PostgreSQL advisory lock says which process; one that dies gives it up by dying.
Should two ever overlap, they write the same nodes, and the first head of a size stands.
"""

import asyncio

import structlog

from core import db
from core.runtime import Runtime
from voting import log

SECONDS_BETWEEN_HEADS = 2.0
# Any constant no other lock of the database uses.
_LOCK = 0x5348_4C47
_log = structlog.get_logger("log_ticker")


async def _lead(runtime: Runtime) -> None:
    """Sign for as long as this process holds the lock; return at once without it."""
    async with db.connection() as holder:
        if not await holder.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            return
        try:
            while True:
                await holder.execute("SELECT 1")  # raises once the lock's connection is lost
                await log.sign_new_heads(runtime.keys, runtime.clock.now())
                await asyncio.sleep(SECONDS_BETWEEN_HEADS)
        finally:
            if not holder.is_closed():
                await holder.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def run(runtime: Runtime) -> None:
    """Sign, or stand by to, until cancelled."""
    while True:
        try:
            await _lead(runtime)
        except Exception as error:
            # PostgreSQL may be restarting; heads wait for it and then go on by themselves.
            _log.warning("log_ticker_interrupted", error=repr(error))
        await asyncio.sleep(SECONDS_BETWEEN_HEADS)
