"""Tasks that run in the background for as long as the server does."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

_SECONDS_BETWEEN_CANCELS = 0.2


@asynccontextmanager
async def background_task(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run `work`, which never ends by itself, until the block is left.

    It is then cancelled repeatedly until it stops: drivers that wait with a timeout sometimes
    swallow a cancellation, and the server must not hang when it shuts down.
    """
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_SECONDS_BETWEEN_CANCELS)
        if not task.cancelled():
            task.result()
