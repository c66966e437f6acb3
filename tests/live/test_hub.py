"""The hub: newest-wins slots, and a Redis that is flushed, restarted or away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis

from core.engines_redis import redis_server, redis_socket
from live import hub as hub_module
from live import service
from live.frames import Frame, Kind, Topic, frame
from live.hub import Hub, Slot, announce
from tests.live.conftest import Hall

TOPIC = Topic(Kind.BOARD, 7)
OTHER = Topic(Kind.SHOW, 7)
PATIENCE = 10
# Nothing here is in the database.
NO_LOOK = 3600.0


def numbered(version: int) -> Frame:
    return frame(version, f'{{"version":{version}}}'.encode())


@pytest.fixture
def hub(redis: Redis) -> Hub:
    return Hub(redis)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets how often a hub looks into PostgreSQL by itself."""
    return lambda seconds: monkeypatch.setattr(hub_module, "SECONDS_BETWEEN_LOOKS", seconds)


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[None]:
    task = asyncio.create_task(hub.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def listeners(redis: Redis) -> int:
    """How many processes hear this Redis: the server of the browser tests may be one."""
    return int((await redis.pubsub_numsub("live"))[0][1])


async def subscribed(redis: Redis, before: int = 0) -> None:
    """Until one more listens than did before."""
    async with asyncio.timeout(PATIENCE):
        while await listeners(redis) <= before:
            await asyncio.sleep(0.01)


async def received(slot: Slot, version: int) -> None:
    """Until the slot has been offered this version; an older one may come first."""
    async with asyncio.timeout(PATIENCE):
        while version not in [one.version for one in await slot.take()]:
            pass


async def test_slow_reader_gets_the_newest_of_each_topic_alone(hub: Hub) -> None:
    with hub.following([TOPIC, OTHER]) as slot:
        for version in (1, 2, 3):
            hub.offer(TOPIC, numbered(version))
        hub.offer(OTHER, numbered(1))
        assert await slot.take() == [numbered(3), numbered(1)]
        hub.offer(TOPIC, numbered(4))
        assert await slot.take() == [numbered(4)]


async def test_older_or_repeated_version_reaches_nobody(hub: Hub) -> None:
    hub.offer(TOPIC, numbered(5))
    with hub.following([TOPIC]) as slot:
        assert await slot.take() == [numbered(5)]
        for version in (5, 4):
            hub.offer(TOPIC, numbered(version))
        hub.offer(TOPIC, numbered(6))
        assert await slot.take() == [numbered(6)]


async def test_who_left_and_who_follows_another_contest_gets_nothing(hub: Hub) -> None:
    with hub.following([TOPIC]) as gone:
        pass
    with hub.following([Topic(Kind.BOARD, 8)]) as elsewhere:
        hub.offer(TOPIC, numbered(1))
        for slot in (gone, elsewhere):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(slot.take(), 0.01)


async def test_newest_is_read_from_the_database_when_first_asked_for(hub: Hub, hall: Hall) -> None:
    topic = Topic(Kind.BOARD, hall.contest_id)
    assert await hub.newest(topic) is None
    published = await service.publish(hall.poll.contest, hall.clock.now())
    assert published is not None
    assert await hub.newest(topic) == published


async def test_what_one_process_announces_another_hears(
    redis: Redis, hub: Hub, looks: Callable[[float], None]
) -> None:
    looks(NO_LOOK)
    before = await listeners(redis)
    async with running(hub):
        await subscribed(redis, before)
        with hub.following([TOPIC]) as slot:
            await announce(redis, TOPIC, frame(3, b'{"name":"a b\nc"}'))
            async with asyncio.timeout(PATIENCE):
                assert await slot.take() == [frame(3, b'{"name":"a b\nc"}')]


async def test_flushed_redis_loses_no_board(
    redis: Redis, hall: Hall, looks: Callable[[float], None]
) -> None:
    looks(NO_LOOK)
    hub = Hub(redis)
    topic = Topic(Kind.BOARD, hall.contest_id)
    before = await listeners(redis)
    async with running(hub):
        await subscribed(redis, before)
        with hub.following([topic]) as slot:
            await hall.vote(1, "001")
            await hall.tick()
            await received(slot, 1)
            await redis.flushall()
            await hall.vote(2, "001")
            await hall.tick()
            await received(slot, 2)


async def test_restarted_redis_costs_seconds_and_never_a_board(
    hall: Hall, tmp_path: Path, looks: Callable[[float], None]
) -> None:
    looks(0.05)
    topic = Topic(Kind.BOARD, hall.contest_id)
    client = Redis(unix_socket_path=str(redis_socket(tmp_path)))
    hub = Hub(client)
    async with client, running(hub):
        with hub.following([topic]) as slot:
            with redis_server(tmp_path, tmp_path):
                await subscribed(client)
                published = await service.publish(hall.poll.contest, hall.clock.now())
                assert published is not None
                await announce(client, topic, published)
                await received(slot, 1)
            await hall.vote(1, "001")
            published = await service.publish(hall.poll.contest, hall.clock.now())
            assert published is not None
            await announce(client, topic, published)  # nobody is there to hear it
            await received(slot, 2)
            with redis_server(tmp_path, tmp_path):
                await subscribed(client)
                looks(NO_LOOK)
                await announce(client, topic, numbered(3))
                await received(slot, 3)
