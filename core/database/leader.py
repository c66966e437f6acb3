"""One process of all does a thing: a PostgreSQL advisory lock says which.

The lock belongs to a connection, so a process that dies gives it up by dying. A lock is any
number that no other lock of the database uses.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from core.database import db


@asynccontextmanager
async def holding(lock: int) -> AsyncIterator[Any]:
    """The connection that holds `lock` until the block ends; None when another has it."""
    async with db.connection() as holder:
        if not await ask_or_close(holder, "SELECT pg_try_advisory_lock($1)", lock):
            yield None
            return
        try:
            yield holder
        finally:
            if not holder.is_closed():
                await ask_or_close(holder, "SELECT pg_advisory_unlock($1)", lock)


async def ask_or_close(holder: Any, question: str, lock: int) -> Any:
    """A connection that did not live to hear the answer may hold the lock: it is closed, or the
    pool would lend it out with the lock on it."""
    try:
        return await holder.fetchval(question, lock)
    except BaseException:
        holder.terminate()
        raise


async def lead(lock: int, pause: float, work: Callable[[], Awaitable[object]]) -> None:
    """Work again and again, `pause` seconds apart, for as long as this process holds the
    lock; return at once when it does not get it. Raises once the lock's connection is lost."""
    async with holding(lock) as holder:
        while holder is not None:
            await holder.execute("SELECT 1")
            await work()
            await asyncio.sleep(pause)
