"""The parts of uvicorn that it does not promise to keep, used here and nowhere else.

What thousands are sent at one moment, and the answer to a vote, are written to the transport
past the ASGI server: its own way costs several times what the write does. For that the two
protocol classes are extended, and a request's cycle is told that its answer is complete.
`tests/core/test_private_parts.py` checks the shape that is relied on.
"""

import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable
from typing import Any, cast
from weakref import ref

from litestar.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

WEBSOCKET_WRITER, ANSWER = "shibaiqian.websocket_writer", "shibaiqian.answer"
"""Where the ASGI scope's extensions hold a socket's writer and an answer's writer."""
# How much the kernel may keep for a client that has not been sent yet: a few frames. More would
# be out of date when a slow client reads it, and adds up over thousands of clients.
_UNSENT_BYTES = 16 * 1024


class WebSocketWriter:
    """The sending side of one accepted socket without extensions.

    `when_clear` is called each time the client, having fallen behind, has taken everything.
    """

    def __init__(self, protocol: "WebSocketWriterProtocol") -> None:
        self._protocol = protocol
        self.when_clear: Callable[[], None] | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the client has taken everything so far; else what is written only piles up."""
        return self._protocol.writable.is_set()

    def write(self, frame: bytes) -> None:
        """Send a whole frame, as `wire` makes it; nothing once the socket is closing."""
        protocol = self._protocol
        if not protocol.close_sent and not protocol.transport.is_closing():
            protocol.transport.write(frame)


class WebSocketWriterProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which also gives the application a way to write frames itself.

    Its write buffer counts as full at the first byte that the kernel does not take. A client
    that answers no ping is dropped, with everything that it has not read.
    """

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.websocket_writer = WebSocketWriter(self)
        self.transport.set_write_buffer_limits(high=0)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)

    async def run_asgi(self) -> None:
        extensions = cast(dict[str, Any], self.scope["extensions"])
        extensions[WEBSOCKET_WRITER] = self.websocket_writer
        await super().run_asgi()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.websocket_writer.when_clear is not None:
            self.websocket_writer.when_clear()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        # An orderly close would wait until the client has read all that precedes the close frame.
        self.transport.abort()


class ShortAnswerProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which also gives the application a way to write answers itself."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self.cycle is None or self.cycle.scope is not self.scope:
            return  # a WebSocket is asked for
        # weak, as the cycle holds the scope: a strong reference would make each request a
        # reference cycle, whose collection took a tenth of the time of a vote
        extensions: dict[str, Any] = {ANSWER: ref(self.cycle)}
        self.scope["extensions"] = extensions


def write_whole(scope: Scope, parts: tuple[bytes, ...]) -> bool:
    """Write a whole answer of these parts to the client. False, with nothing written, where it
    has to go the ordinary way: under another server, where the answer must close the
    connection, or where the client reads slowly."""
    writer = (scope.get("extensions") or {}).get(ANSWER)
    cycle = writer() if isinstance(writer, ref) else None
    if not isinstance(cycle, RequestResponseCycle) or not _may_pass(cycle):
        return False
    cycle.response_started = True
    cycle.transport.write(b"".join(parts))
    cycle.response_complete = True
    cycle.message_event.set()
    cycle.on_response()
    return True


def _may_pass(cycle: RequestResponseCycle) -> bool:
    return (
        cycle.keep_alive
        and not cycle.response_started
        and not cycle.disconnected
        and not cycle.flow.write_paused
        and not cycle.waiting_for_100_continue
    )
