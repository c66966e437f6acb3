"""The sending side of a socket that a test plays the server of."""

from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from core.web.private_uvicorn import WebSocketWriter


class FakeWebSocketWriter(WebSocketWriter):
    """Notes the messages written to it; `stall` and `resume` are a client that stops reading."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.when_clear = None
        self._clear = True

    @property
    def is_clear(self) -> bool:
        return self._clear

    def write(self, frame: bytes) -> None:
        assert self._clear, "what is written to a client that does not read piles up"
        self.messages.append(message_of(frame))

    def stall(self) -> None:
        self._clear = False

    def resume(self) -> None:
        self._clear = True
        assert self.when_clear is not None
        self.when_clear()

    def taken(self) -> list[bytes]:
        """What was written since it was asked last."""
        messages, self.messages = self.messages, []
        return messages


def message_of(frame: bytes) -> bytes:
    """The message in a whole binary frame, read by the library."""
    reader = StreamReader()
    reader.feed_data(frame)
    parsing = Frame.parse(reader.read_exact, mask=False)
    try:
        while True:
            next(parsing)
    except StopIteration as done:
        found: Frame = done.value
    assert found.fin
    assert found.opcode is Opcode.BINARY
    return bytes(found.data)
