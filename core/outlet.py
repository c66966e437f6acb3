"""WebSocket frames written past the ASGI server, for what thousands are sent at one moment.

Waking a task and passing four layers for every socket costs several times what the write
itself does. A server that runs under `OutletProtocol` hands each socket's `Outlet` to the
application in the ASGI scope's extensions; elsewhere (tests, another server) there is none,
and messages go the ordinary way.
"""

from typing import Any

from litestar.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

_EXTENSION = "shibaiqian.outlet"
_FINAL_BINARY = 0x82
_TWO_BYTE_LENGTH, _EIGHT_BYTE_LENGTH = 126, 127


class Outlet:
    """The sending side of one accepted socket without extensions."""

    def __init__(self, protocol: "OutletProtocol") -> None:
        self._protocol = protocol

    @property
    def is_clear(self) -> bool:
        """Whether the client has taken everything so far; else what is written only piles up."""
        return self._protocol.transport.get_write_buffer_size() == 0

    def write(self, frame: bytes) -> None:
        """Send a whole frame, as `wire` makes it; nothing once the socket is closing."""
        protocol = self._protocol
        if not protocol.close_sent and not protocol.transport.is_closing():
            protocol.transport.write(frame)


class OutletProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which also tells the application where it writes to."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[_EXTENSION] = Outlet(self)


def outlet_of(scope: Scope) -> Outlet | None:
    found = (scope.get("extensions") or {}).get(_EXTENSION)
    assert found is None or isinstance(found, Outlet)
    return found


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
