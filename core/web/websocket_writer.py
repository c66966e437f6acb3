"""Writing WebSocket frames straight to the transport, without ASGI messages.

A board is sent to thousands of clients at one moment. Waking a task and passing four layers for
each of them costs several times what the write itself does. The product's server runs its
sockets by `WebSocketWriterProtocol`, which puts each socket's `WebSocketWriter` into the
extensions of the ASGI scope.
"""

from typing import cast

from litestar.types import Scope

from core.web.private_uvicorn import WEBSOCKET_WRITER, WebSocketWriter

_FINAL_BINARY = 0x82
_TWO_BYTE_LENGTH, _EIGHT_BYTE_LENGTH = 126, 127


def writer_of(scope: Scope) -> WebSocketWriter:
    return cast(WebSocketWriter, scope["extensions"][WEBSOCKET_WRITER])  # type: ignore[index]


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
