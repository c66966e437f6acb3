"""The reference of `bench watch`: `python -m lab.bench.plain_sockets`.

Sockets of the websockets library, without compression, on the same event loop as the product.
What arrives on the path /publish is broadcast to all others at once.
"""

import asyncio
import contextlib
from http import HTTPStatus

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.http11 import Request, Response

from core.files.open_files import allow_open_files
from core.settings import from_environment
from core.web.server import listen

_watchers: set[ServerConnection] = set()


async def _socket(connection: ServerConnection) -> None:
    assert connection.request is not None
    if connection.request.path == "/publish":
        async for message in connection:
            broadcast(_watchers, message)
        return
    _watchers.add(connection)
    try:
        await connection.wait_closed()
    finally:
        _watchers.discard(connection)


async def _main() -> None:
    with listen(from_environment()) as listener:
        async with serve(_socket, sock=listener, compression=None, process_request=_healthy):
            await asyncio.get_running_loop().create_future()


def _healthy(connection: ServerConnection, request: Request) -> Response | None:
    """Answers /healthz, which the bench asks of every server."""
    return connection.respond(HTTPStatus.OK, "ok\n") if request.path == "/healthz" else None


if __name__ == "__main__":
    allow_open_files()
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(_main())
