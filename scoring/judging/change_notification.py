"""Notifies open tablets and the host's page that something about a contest's judging changed.

The message through Redis carries no content, so no mark passes through it: every socket then reads
from PostgreSQL what its own person may see. A lost message costs a few seconds, because every
socket also looks by itself at regular intervals.
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
_log = structlog.get_logger("change_notification")


def _channel(contest_id: int) -> str:
    return f"judging:{contest_id}"


async def notify(redis: Redis, contest_id: int) -> None:
    """Call this after the commit. Where Redis cannot be reached, that is logged, and the sockets
    find the change when they next look by themselves."""
    try:
        await redis.publish(_channel(contest_id), b"")
    except RedisError as error:
        _log.warning("change_not_announced", contest=contest_id, error=str(error))


async def watch(
    redis: Redis, contest_id: int, look: Callable[[], Awaitable[State]]
) -> AsyncGenerator[State, None]:
    """Yields what `look` returns now, and again each time that it has changed."""
    async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
        seen = None
        await _listen(subscription, contest_id)
        while True:
            state = await look()
            if state != seen:
                seen = state
                yield state
            await _wait(subscription, contest_id)


async def _listen(subscription: PubSub, contest_id: int) -> None:
    try:
        await subscription.subscribe(_channel(contest_id))
    except RedisError as error:
        _log.warning("change_not_heard", contest=contest_id, error=str(error))


async def _wait(subscription: PubSub, contest_id: int) -> None:
    """Returns when a notification arrives, or when it is time to look anyway."""
    try:
        if not subscription.subscribed:
            await subscription.subscribe(_channel(contest_id))
        await subscription.get_message(timeout=SECONDS_BETWEEN_LOOKS)
    except RedisError as error:
        _log.warning("change_not_heard", contest=contest_id, error=str(error))
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
