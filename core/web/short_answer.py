"""Writing whole answers straight to the transport, for the few routes that are under heavy load.

uvicorn checks and joins every header of every answer; for a vote that costs as much as deciding
it. A fast path knows its headers beforehand. `ShortAnswerProtocol` hands it a writer (a weak
reference) in the ASGI scope's extensions; under another server, or where the answer must close the
connection or the client reads slowly, there is none and messages go the ordinary way.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from weakref import ref

from litestar.types import Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

_EXTENSION = "shibaiqian.answer"
Headers = Sequence[tuple[bytes, bytes]]


class ShortAnswerProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which also gives the application a way to write answers itself."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self.cycle is None or self.cycle.scope is not self.scope:
            return  # a WebSocket is asked for
        # weak, as the cycle holds the scope: a strong reference would make each request a reference
        # cycle, whose collection took a tenth of the time of a vote
        extensions: dict[str, Any] = {_EXTENSION: ref(self.cycle)}
        self.scope["extensions"] = extensions


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
    writer = (scope.get("extensions") or {}).get(_EXTENSION)
    cycle = writer() if isinstance(writer, ref) else None
    if isinstance(cycle, RequestResponseCycle) and _may_pass(cycle):
        cycle.response_started = True
        cycle.transport.write(b"%b%b\r\n%b" % (head.bytes, _joined(headers), body))
        cycle.response_complete = True
        cycle.message_event.set()
        cycle.on_response()
        return
    start = {"type": "http.response.start", "status": head.status}
    await send({**start, "headers": [*head.headers, *headers]})  # type: ignore[arg-type]
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _may_pass(cycle: RequestResponseCycle) -> bool:
    return (
        cycle.keep_alive
        and not cycle.response_started
        and not cycle.disconnected
        and not cycle.flow.write_paused
        and not cycle.waiting_for_100_continue
    )


def _joined(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])
