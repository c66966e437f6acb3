"""An ASGI application on a port of loopback, in the loop of the test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from tests.support.eventually import eventually


@asynccontextmanager
async def on_loopback(application: Any, **settings: Any) -> AsyncIterator[int]:
    """The port it answers at; `settings` are uvicorn's."""
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as listener:
        settings = {"timeout_graceful_shutdown": 1, "log_level": "error", **settings}
        config = uvicorn.Config(application, lifespan="off", **settings)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await eventually(lambda: server.started or serving.done(), "the server's start")
        yield int(listener.getsockname()[1])
        server.should_exit = True
        await serving
