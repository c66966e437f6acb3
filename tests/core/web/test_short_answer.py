"""Answers written past the server are the answers that the server would have written."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from core.web.private_uvicorn import ShortAnswerProtocol
from core.web.short_answer import Head, answer
from tests.support.eventually import PATIENCE
from tests.support.loopback import on_loopback

ACCEPTED = Head(201, [(b"content-type", b"application/json"), (b"cache-control", b"no-store")])
UNCHANGED = Head(304, [(b"cache-control", b"no-cache")])


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    if scope["type"] == ScopeType.WEBSOCKET:
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        await receive()
        return
    assert scope["type"] == ScopeType.HTTP
    if scope["path"] == "/unchanged":
        await answer(scope, send, UNCHANGED, [(b"etag", b'"1"')], b"")
    else:
        await answer(scope, send, ACCEPTED, [(b"x-path", scope["path"].encode())], b'{"a":1}')


@pytest.fixture(params=["short", "ordinary"])
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    chosen = {"http": ShortAnswerProtocol} if request.param == "short" else {}
    async with on_loopback(application, server_header=False, date_header=False, **chosen) as number:
        yield number


async def raw(port: int, *requests: bytes) -> list[bytes]:
    """What comes back on one connection, request by request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for one in requests:
        writer.write(one)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        answers.append(head + await reader.readexactly(length))
    writer.close()
    await writer.wait_closed()
    return answers


def request(path: str, *lines: str, version: str = "1.1") -> bytes:
    return "\r\n".join([f"GET {path} HTTP/{version}", "Host: x", *lines, "", ""]).encode()


async def test_one_connection_many_answers(port: int) -> None:
    first, second, third = await raw(port, request("/a"), request("/unchanged"), request("/b"))
    assert first.startswith(b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n")
    assert first.endswith(b'x-path: /a\r\ncontent-length: 7\r\n\r\n{"a":1}')
    assert second.startswith(b"HTTP/1.1 304 Not Modified\r\n")
    assert b"content-length" not in second
    assert b"x-path: /b\r\n" in third


@pytest.mark.parametrize("before", [(), ("/a",)])
async def test_socket_is_opened_also_on_a_connection_that_was_answered(
    port: int, before: tuple[str, ...]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for path in before:
        writer.write(request(path))
        assert (await reader.readuntil(b'{"a":1}')).startswith(b"HTTP/1.1 201 ")
    writer.write(
        request(
            "/socket",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        )
    )
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    assert head.startswith(b"HTTP/1.1 101 ")
    writer.close()
    await writer.wait_closed()


async def test_who_wants_the_connection_closed_gets_it_closed(port: int) -> None:
    for asked in (request("/a", "Connection: close"), request("/a", version="1.0")):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(asked)
        whole = await asyncio.wait_for(reader.read(), PATIENCE)
        assert whole.endswith(b'{"a":1}')
        assert b"connection: close" in whole.lower()
        writer.close()
        await writer.wait_closed()


async def test_requests_sent_ahead_are_answered_in_order(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(request(f"/{number}") for number in range(20)))
    for number in range(20):
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert b"x-path: /%d\r\n" % number in head
        await reader.readexactly(7)
    writer.close()
    await writer.wait_closed()


async def test_without_such_a_server_it_goes_the_ordinary_way() -> None:
    transport = httpx.ASGITransport(app=application)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        told = await client.get("/a")
    assert (told.status_code, told.json(), told.headers["x-path"]) == (201, {"a": 1}, "/a")
