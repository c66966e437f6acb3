"""Frames written past the ASGI server are the very bytes a WebSocket library would write."""

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from core.web.websocket_writer import wire

SIZES = [0, 1, 125, 126, 65_535, 65_536, 70_000]


@given(st.sampled_from(SIZES) | st.integers(0, 2_000), st.integers(0, 255))
def test_wire_is_what_the_library_writes(size: int, byte: int) -> None:
    body = bytes([byte]) * size
    assert wire(body) == Frame(Opcode.BINARY, body).serialize(mask=False)
