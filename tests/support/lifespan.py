"""Starting and stopping an ASGI application inside the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar.types import ASGIApp


@asynccontextmanager
async def running(application: ASGIApp) -> AsyncIterator[Any]:
    """Speak the lifespan protocol to an application, as a server does; httpx does not."""
    to_app: asyncio.Queue[Any] = asyncio.Queue()
    from_app: asyncio.Queue[Any] = asyncio.Queue()
    scope: Any = {
        "type": "lifespan",
        "asgi": {"version": "3.0", "spec_version": "2.0"},
        "state": {},
    }

    async def serve() -> None:
        await application(scope, to_app.get, from_app.put)

    task = asyncio.create_task(serve())
    await _exchange(to_app, from_app, task, "lifespan.startup")
    try:
        yield application
    finally:
        await _exchange(to_app, from_app, task, "lifespan.shutdown")
        await task


async def _exchange(
    to_app: asyncio.Queue[Any], from_app: asyncio.Queue[Any], task: "asyncio.Task[None]", name: str
) -> None:
    await to_app.put({"type": name})
    answer = asyncio.create_task(from_app.get())
    await asyncio.wait({answer, task}, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        await task
    assert answer.result() == {"type": f"{name}.complete"}, answer.result()
