"""Telling open tablets and the host's page that something changed in the room.

Only "look again" goes through Redis, never a mark: who rings says nothing, and each socket
reads from PostgreSQL what its own person may see. A lost ring costs a few seconds, as every
socket also looks by itself.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

SECONDS_BETWEEN_LOOKS = 5.0
State = TypeVar("State")
_log = structlog.get_logger("doorbell")


def _channel(contest_id: int) -> str:
    return f"judging:{contest_id}"


async def ring(redis: Redis, contest_id: int) -> None:
    """Call after the commit. Redis away: logged, and the sockets look by themselves."""
    try:
        await redis.publish(_channel(contest_id), b"")
    except RedisError as error:
        _log.warning("doorbell_silent", contest=contest_id, error=str(error))


async def watch(
    redis: Redis, contest_id: int, look: Callable[[], Awaitable[State]]
) -> AsyncGenerator[State, None]:
    """What `look` sees now, and again each time that it has changed."""
    async with redis.pubsub(ignore_subscribe_messages=True) as bell:
        seen = None
        await _listen(bell, contest_id)
        while True:
            state = await look()
            if state != seen:
                seen = state
                yield state
            await _wait(bell, contest_id)


async def _listen(bell: PubSub, contest_id: int) -> None:
    try:
        await bell.subscribe(_channel(contest_id))
    except RedisError as error:
        _log.warning("doorbell_unheard", contest=contest_id, error=str(error))


async def _wait(bell: PubSub, contest_id: int) -> None:
    """Until the bell rings, or it is time to look anyway."""
    try:
        if not bell.subscribed:
            await bell.subscribe(_channel(contest_id))
        await bell.get_message(timeout=SECONDS_BETWEEN_LOOKS)
    except RedisError as error:
        _log.warning("doorbell_unheard", contest=contest_id, error=str(error))
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
