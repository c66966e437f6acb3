"""Writing whole answers straight to the transport, for the few routes that are under heavy load.

uvicorn checks and joins every header of every answer; for a vote that costs as much as deciding
it. A fast path knows its headers beforehand. Where the server offers no writer
(`core.web.private_uvicorn.write_whole`), messages go the ordinary way.
"""

from collections.abc import Sequence
from http import HTTPStatus

from litestar.types import Scope, Send

from core.web.private_uvicorn import write_whole

Headers = Sequence[tuple[bytes, bytes]]


class Head:
    """A status line and headers that are always the same, joined once."""

    def __init__(self, status: int, headers: Headers) -> None:
        self.status = status
        self.headers = tuple(headers)
        self.bytes = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode() + _joined(
            headers
        )


async def answer(scope: Scope, send: Send, head: Head, extra: Headers, body: bytes) -> None:
    """Send a whole answer; its length is added, unless it has no body by its nature. Nothing in
    `extra` may hold a line break."""
    headers = list(extra)
    if head.status != HTTPStatus.NOT_MODIFIED:
        headers.append((b"content-length", b"%d" % len(body)))
    if write_whole(scope, (head.bytes, _joined(headers), b"\r\n", body)):
        return
    start = {"type": "http.response.start", "status": head.status}
    await send({**start, "headers": [*head.headers, *headers]})  # type: ignore[arg-type]
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _joined(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])
