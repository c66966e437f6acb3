"""Watchers over real sockets: slow ones, and all of them at once."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from litestar import Litestar, WebSocket, websocket
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect

from core.database import db
from core.web.private_uvicorn import WebSocketWriterProtocol
from live.boards.frames import Frame, Kind, Topic, frame
from live.boards.hub import Hub, Slot
from live.boards.websocket import follow
from tests.live.conftest import Hall
from tests.support.eventually import PATIENCE, eventually
from tests.support.loopback import on_loopback

TOPIC = Topic(Kind.BOARD, 7)
LARGE = 60_000
PING = 1.0


@dataclass
class Site:
    hub: Hub
    port: int
    protocols: set[WebSocketWriterProtocol]

    @property
    def followers(self) -> set[Slot]:
        return self.hub._slots.get(TOPIC, set())

    def dial(self) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/watch", compression=None, proxy=None)


def numbered(version: int) -> Frame:
    return frame(version, f"{version} ".encode().ljust(LARGE, b"x"))


async def until(socket: ClientConnection, version: int) -> list[int]:
    """The versions received until this one came."""
    seen: list[int] = []
    async with asyncio.timeout(PATIENCE):
        while not seen or seen[-1] != version:
            message = await socket.recv()
            assert isinstance(message, bytes)
            seen.append(int(message.split(b" ")[0]))
    return seen


@pytest.fixture
async def site(redis: Redis) -> AsyncIterator[Site]:
    """A hub behind the server that the product runs under."""
    hub, protocols = Hub(redis), set[WebSocketWriterProtocol]()

    class Noted(WebSocketWriterProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            protocols.add(self)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            protocols.discard(self)

    @websocket("/watch")
    async def watch(socket: WebSocket[Any, Any, Any]) -> None:
        await follow(socket, hub, [TOPIC])

    manners = {"ws": Noted, "ws_per_message_deflate": False}
    pings = {"ws_ping_interval": PING, "ws_ping_timeout": PING}
    async with on_loopback(Litestar([watch]), **manners, **pings) as port:
        yield Site(hub, port, protocols)


async def test_every_watcher_gets_every_board_while_it_keeps_up(site: Site) -> None:
    async with site.dial() as one, site.dial() as other:
        for version in range(1, 6):
            site.hub.offer(TOPIC, numbered(version))
            assert await until(one, version) == [version]
            assert await until(other, version) == [version]


async def dial_and_stop_reading(site: Site) -> socket.socket:
    """A client whose own system keeps little for it."""
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, LARGE)
    slow.connect(("127.0.0.1", site.port))
    before = len(site.followers)
    slow.sendall(
        b"GET /watch HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    await eventually(lambda: len(site.followers) > before, "the slow client's following")
    return slow


async def test_who_reads_slowly_holds_up_nobody_and_gets_the_newest_at_last(site: Site) -> None:
    last = 100
    async with site.dial() as quick:
        with await dial_and_stop_reading(site) as slow:
            for version in range(1, last + 1):
                site.hub.offer(TOPIC, numbered(version))
                assert await until(quick, version) == [version]
            held = max(one.transport.get_write_buffer_size() for one in site.protocols)
            assert held <= LARGE + 100, "what the slow one did not take must not pile up"
            received = await asyncio.to_thread(_read_until, slow, f"{last} ".encode())
    assert 2 * LARGE <= received <= 8 * LARGE, "what lay in the buffers, then the newest"


async def test_who_answers_no_ping_is_dropped_with_what_it_did_not_read(site: Site) -> None:
    with await dial_and_stop_reading(site):
        for version in range(1, 20):
            site.hub.offer(TOPIC, numbered(version))
        await eventually(lambda: not site.followers, "that the silent one is dropped")
    assert site.protocols == set()


def _read_until(slow: socket.socket, mark: bytes) -> int:
    """How many bytes came until the frame that begins with `mark` was there whole."""
    slow.settimeout(PATIENCE)
    tail, total = b"", 0
    while mark not in tail or len(tail) - tail.index(mark) < LARGE:
        got = slow.recv(1 << 16)
        assert got, "closed"
        total += len(got)
        tail = (tail + got)[-4 * LARGE :]
    return total


async def test_a_thousand_at_once_ask_the_database_once(
    client: httpx.AsyncClient, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restart of the server: nothing is known, and everybody is back."""
    await hall.vote(1, "001")
    await hall.tick()
    asked = []
    connection = db.connection

    def counted() -> object:
        asked.append(1)
        return connection()

    monkeypatch.setattr(db, "connection", counted)
    hub = Hub(hall.redis)
    boards = await asyncio.gather(*(_board(hub, hall.slug) for _watcher in range(1000)))
    assert len(asked) < 20, "once for all, and whatever the tickers ask meanwhile"
    assert len({one.etag for one in boards if one is not None}) == 1


async def _board(hub: Hub, slug: str) -> Frame | None:
    return await hub.newest(await hub.board_of(slug))
