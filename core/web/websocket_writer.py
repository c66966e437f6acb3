"""Writing WebSocket frames straight to the transport, without ASGI messages.

A board is sent to thousands of clients at one moment. Waking a task and passing four layers for
each of them costs several times what the write itself does. The product's server runs its
sockets by `WebSocketWriterProtocol`, which puts each socket's `WebSocketWriter` into the
extensions of the ASGI scope.
"""

import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable
from typing import Any, cast

from litestar.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "shibaiqian.websocket_writer"
_FINAL_BINARY = 0x82
_TWO_BYTE_LENGTH, _EIGHT_BYTE_LENGTH = 126, 127
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
        extensions[EXTENSION] = self.websocket_writer
        await super().run_asgi()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.websocket_writer.when_clear is not None:
            self.websocket_writer.when_clear()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        # An orderly close would wait until the client has read all that precedes the close frame.
        self.transport.abort()


def writer_of(scope: Scope) -> WebSocketWriter:
    return cast(WebSocketWriter, scope["extensions"][EXTENSION])  # type: ignore[index]


def wire(body: bytes) -> bytes:
    """A binary message as one unmasked frame (RFC 6455, section 5.2)."""
    size = len(body)
    if size < _TWO_BYTE_LENGTH:
        head = bytes([_FINAL_BINARY, size])
    elif size < 1 << 16:
        head = bytes([_FINAL_BINARY, _TWO_BYTE_LENGTH]) + size.to_bytes(2, "big")
    else:
        head = bytes([_FINAL_BINARY, _EIGHT_BYTE_LENGTH]) + size.to_bytes(8, "big")
    return head + body
