"""WebSocket frames written past the ASGI server, for what thousands are sent at one moment.

Waking a task and passing four layers for every socket costs several times what the write
itself does. The product's server runs its sockets by `OutletProtocol`, which hands each
socket's `Outlet` to the application in the ASGI scope's extensions.
"""

from typing import cast

from litestar.types import Scope

from core.web.private_uvicorn import OUTLET, Outlet

_FINAL_BINARY = 0x82
_TWO_BYTE_LENGTH, _EIGHT_BYTE_LENGTH = 126, 127


def outlet_of(scope: Scope) -> Outlet:
    return cast(Outlet, scope["extensions"][OUTLET])  # type: ignore[index]


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
