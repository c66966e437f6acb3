"""One kept-alive HTTP connection of a load generator, with as little work as possible."""

import asyncio
from typing import NamedTuple

_ANSWER_WITHIN = 15.0


class Answer(NamedTuple):
    status: int
    retry_after: float
    body: bytes


class Connection:
    """Opened when first used, and again after it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: bytes) -> Answer:
        """Raises OSError or asyncio.IncompleteReadError when the connection breaks, and
        TimeoutError when nothing comes; whether the request arrived is then unknown."""
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port)
                reader, writer = self._streams
                writer.write(request)
                return await self._read(reader)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        head = await reader.readuntil(b"\r\n\r\n")
        status, _, lines = head.partition(b"\r\n")
        headers = dict(
            line.lower().split(b": ", 1) for line in lines.split(b"\r\n") if b": " in line
        )
        body = await reader.readexactly(int(headers.get(b"content-length", b"0")))
        if headers.get(b"connection") == b"close":
            self.close()
        return Answer(int(status.split(b" ")[1]), float(headers.get(b"retry-after", b"0")), body)
