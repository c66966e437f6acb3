"""The WebSocket edge: one socket follows its topics until either side goes."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any

from litestar import WebSocket

from core.background_tasks import background_task
from core.web.websocket_writer import wire, writer_of
from live.boards.frames import Topic
from live.boards.hub import Hub, Slot

# A screen that hears nothing for about twice this time says that its network is gone.
SECONDS_BETWEEN_BEATS = 4.0


async def follow(
    socket: WebSocket[Any, Any, Any],
    hub: Hub,
    topics: Iterable[Topic],
    beat: Callable[[], bytes] | None = None,
) -> None:
    """Accept the socket and send it what is published on these topics, as binary messages, until
    the client goes; the newest of each topic is sent at once.

    `beat` makes a message that is sent every few seconds; without it a quiet topic sends nothing. A
    client that reads slowly delays no other: its slot keeps only the newest frame.
    """
    await socket.accept()
    async with AsyncExitStack() as stack:
        slot = stack.enter_context(hub.following(topics, writer_of(socket.scope)))
        if beat is not None:
            await stack.enter_async_context(background_task(_beats(slot, beat)))
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass  # clients have nothing to say here


async def _beats(slot: Slot, beat: Callable[[], bytes]) -> None:
    while True:
        slot.offer("beat", wire(beat()))
        await asyncio.sleep(SECONDS_BETWEEN_BEATS)
