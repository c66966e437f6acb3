"""The WebSocket edge: one socket follows its topics until either side goes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from live.hub import Slot

# A screen that hears nothing for about twice this time says that its network is gone.
SECONDS_BETWEEN_BEATS = 4.0


async def follow(
    socket: WebSocket[Any, Any, Any], slot: Slot, beat: Callable[[], bytes] | None = None
) -> None:
    """Send whatever the slot is offered, as binary messages, until the client goes.

    `beat` makes a message sent every few seconds; without it a quiet topic sends nothing.
    A client that reads slowly holds up nobody: its slot keeps the newest frame alone.
    """
    senders = [asyncio.create_task(_send_frames(socket, slot))]
    if beat is not None:
        senders.append(asyncio.create_task(_send_beats(socket, beat)))
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass  # clients have nothing to say here
    finally:
        for sender in senders:
            sender.cancel()
        await asyncio.gather(*senders, return_exceptions=True)


async def _send_frames(socket: WebSocket[Any, Any, Any], slot: Slot) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            for frame in await slot.take():
                await socket.send_data(frame.body, mode="binary")


async def _send_beats(socket: WebSocket[Any, Any, Any], beat: Callable[[], bytes]) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_data(beat(), mode="binary")
            await asyncio.sleep(SECONDS_BETWEEN_BEATS)
