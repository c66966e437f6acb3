"""Work that goes on beside the requests for as long as the server runs."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

_SECONDS_BETWEEN_CANCELS = 0.2


@asynccontextmanager
async def beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run `work`, which never ends by itself, until the block is left.

    It is cancelled again and again until it stops: drivers that wait with a timeout now and
    then swallow a cancellation, and a server must not hang on its way out.
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
