"""The sockets as a client meets them, whole application included."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contest.editions.rules.contest import Phase
from core.web.private_uvicorn import WEBSOCKET_WRITER
from live.boards import websocket as edge
from tests.live.conftest import Hall, look
from tests.support.eventually import PATIENCE, eventually
from tests.support.websocket_writers import FakeWebSocketWriter


class Client:
    """One WebSocket to the application under test, spoken as the server would."""

    def __init__(self, application: Any, path: str) -> None:
        self.writer = FakeWebSocketWriter()
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000")],
            "scheme": "ws",
            "http_version": "1.1",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
            "subprotocols": [],
            "extensions": {WEBSOCKET_WRITER: self.writer},
            "asgi": {"version": "3.0", "spec_version": "2.3"},
        }
        self._inbox.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(application(scope, self._inbox.get, self._outbox.put))

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._outbox.get(), PATIENCE)

    async def message(self) -> dict[str, Any]:
        await eventually(lambda: self.writer.messages, "a message to the client")
        return dict(json.loads(self.writer.messages.pop(0)))

    def say(self, text: str) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "text": text, "bytes": None})

    async def hang_up(self) -> None:
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.task, PATIENCE)


@pytest.fixture
def dial(client: httpx.AsyncClient) -> Callable[[str], Client]:
    application = client._transport.app  # type: ignore[attr-defined]
    return lambda path: Client(application, path)


async def test_board_socket_sends_the_newest_at_once_and_every_next_one(
    client: httpx.AsyncClient, hall: Hall, dial: Callable[[str], Client]
) -> None:
    await hall.tick()
    await look(client)
    socket = dial(f"/c/{hall.slug}/board/ws")
    assert (await socket.next())["type"] == "websocket.accept"
    assert (await socket.message())["totals"]["valid"] == 0
    socket.say("clients have nothing to say here")
    await hall.vote(1, "002")
    await hall.tick()
    await look(client)
    board = await socket.message()
    assert (board["kind"], board["rows"][0]["code"], board["totals"]["valid"]) == (
        "board",
        "002",
        1,
    )
    await socket.hang_up()


async def test_screen_socket_beats_although_nothing_happens(
    hall: Hall, dial: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "SECONDS_BETWEEN_BEATS", 0.01)
    socket = dial(f"/c/{hall.slug}/screen/ws")
    assert (await socket.next())["type"] == "websocket.accept"
    beats = [await socket.message() for _n in range(3)]
    assert [one["kind"] for one in beats] == ["beat"] * 3
    assert beats[0]["now"] == hall.clock.now().isoformat().replace("+00:00", "Z")
    await socket.hang_up()


@pytest.mark.parametrize("place", ["board", "screen"])
async def test_draft_contest_has_no_socket(
    hall: Hall, dial: Callable[[str], Client], place: str
) -> None:
    await hall.set_phase(Phase.DRAFT)
    socket = dial(f"/c/{hall.slug}/{place}/ws")
    assert (await socket.next())["type"] == "websocket.close"
