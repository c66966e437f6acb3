"""Electing one of several processes for a task, by an advisory lock of PostgreSQL.

The lock belongs to a connection, so a process that dies releases it. A lock is any number that
no other lock of the database uses.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from core.database import db


@asynccontextmanager
async def advisory_lock(lock: int) -> AsyncIterator[Any]:
    """Take `lock` until the block ends: the connection that holds it, or None when another
    process has it."""
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
    """The answer to a question about a lock. When it does not arrive, the connection is closed:
    it may hold the lock, and would otherwise go back to the pool with it."""
    try:
        return await holder.fetchval(question, lock)
    except BaseException:
        holder.terminate()
        raise


async def lead(lock: int, pause: float, work: Callable[[], Awaitable[object]]) -> None:
    """Run `work` repeatedly, `pause` seconds apart, for as long as this process holds the lock.

    Returns at once when another process holds it. Raises when the lock's connection is lost.
    """
    async with advisory_lock(lock) as holder:
        while holder is not None:
            await holder.execute("SELECT 1")
            await work()
            await asyncio.sleep(pause)
