"""The hub: newest-wins slots, and a Redis that is flushed, restarted or away."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from core.engines.redis import redis_server, redis_socket
from live.boards import hub as hub_module
from live.boards import service, store
from live.boards.frames import Frame, Kind, Topic, frame
from live.boards.hub import Hub, announce
from tests.live.conftest import Hall
from tests.support.eventually import PATIENCE, eventually, turns
from tests.support.websocket_writers import FakeWebSocketWriter

TOPIC = Topic(Kind.BOARD, 7)
OTHER = Topic(Kind.SHOW, 7)
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


async def published(hall: Hall) -> Frame:
    """The next board, whether this call or the application's own ticker made it."""
    made = await service.publish(hall.poll.contest, hall.clock.now())
    found = made or await store.read_frame(Topic(Kind.BOARD, hall.contest_id))
    assert found is not None
    return found


async def listeners(redis: Redis) -> int:
    """How many processes hear this Redis: the server of the browser tests may be one."""
    return int((await redis.pubsub_numsub("live"))[0][1])


async def subscribed(redis: Redis, before: int = 0) -> None:
    """Until one more listens than did before."""

    async def heard() -> bool:
        return await listeners(redis) > before

    await eventually(heard, "one more who listens")


async def received(writer: FakeWebSocketWriter, version: int) -> None:
    """Until this version has been written to the socket; an older one may come first."""
    await eventually(lambda: version in versions(writer), f"version {version}")


def versions(writer: FakeWebSocketWriter) -> list[int]:
    return [int(msgspec.json.decode(one)["version"]) for one in writer.messages]


@pytest.fixture
def writer() -> FakeWebSocketWriter:
    return FakeWebSocketWriter()


async def test_every_frame_is_written_while_the_client_keeps_up(
    hub: Hub, writer: FakeWebSocketWriter
) -> None:
    with hub.following([TOPIC, OTHER], writer):
        for version in (1, 2):
            hub.offer(TOPIC, numbered(version))
            hub.offer(OTHER, numbered(version))
        assert versions(writer) == [1, 1, 2, 2]


async def test_slow_reader_gets_the_newest_of_each_topic_alone(
    hub: Hub, writer: FakeWebSocketWriter
) -> None:
    with hub.following([TOPIC, OTHER], writer):
        writer.stall()
        for version in (1, 2, 3):
            hub.offer(TOPIC, numbered(version))
        hub.offer(OTHER, numbered(1))
        assert writer.taken() == []
        writer.resume()
        assert writer.taken() == [numbered(3).body, numbered(1).body]
        hub.offer(TOPIC, numbered(4))
        assert writer.taken() == [numbered(4).body]


async def test_older_or_repeated_version_reaches_nobody(
    hub: Hub, writer: FakeWebSocketWriter
) -> None:
    hub.offer(TOPIC, numbered(5))
    with hub.following([TOPIC], writer):
        assert versions(writer) == [5]
        for version in (5, 4):
            hub.offer(TOPIC, numbered(version))
        hub.offer(TOPIC, numbered(6))
        assert versions(writer) == [5, 6]


async def test_who_left_and_who_follows_another_contest_gets_nothing(hub: Hub) -> None:
    gone, elsewhere = FakeWebSocketWriter(), FakeWebSocketWriter()
    with hub.following([TOPIC], gone):
        pass
    with hub.following([Topic(Kind.BOARD, 8)], elsewhere):
        hub.offer(TOPIC, numbered(1))
        assert gone.messages + elsewhere.messages == []


async def test_crowd_is_served_in_slices_and_a_newer_board_overtakes(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "_SLICE", 2)
    crowd = [FakeWebSocketWriter() for _n in range(7)]
    with ExitStack() as stack:
        for one in crowd:
            stack.enter_context(hub.following([TOPIC], one))
        hub.offer(TOPIC, numbered(1))
        assert sum(map(len, map(versions, crowd))) == 2
        hub.offer(TOPIC, numbered(2))
        late = FakeWebSocketWriter()
        stack.enter_context(hub.following([TOPIC], late))
        await turns(len(crowd))
        assert sorted(map(versions, crowd)) == [[1, 2]] * 2 + [[2]] * 5
        assert versions(late) == [2]


async def test_newest_is_read_from_the_database_when_first_asked_for(hub: Hub, hall: Hall) -> None:
    topic = Topic(Kind.BOARD, hall.contest_id)
    assert await hub.newest(Topic(Kind.SHOW, hall.contest_id)) is None
    board = await published(hall)
    assert await hub.newest(topic) == board


async def test_what_one_process_announces_another_hears(
    redis: Redis, hub: Hub, writer: FakeWebSocketWriter, looks: Callable[[float], None]
) -> None:
    looks(NO_LOOK)
    before = await listeners(redis)
    async with running(hub):
        await subscribed(redis, before)
        with hub.following([TOPIC], writer):
            told = frame(3, b'{"version":3,\n"name":"a b"}')
            await announce(redis, TOPIC, told)
            await received(writer, 3)
            assert writer.taken() == [told.body]
            assert await hub.newest(TOPIC) == told


async def test_flushed_redis_loses_no_board(
    redis: Redis, hall: Hall, writer: FakeWebSocketWriter, looks: Callable[[float], None]
) -> None:
    looks(NO_LOOK)
    hub = Hub(redis)
    topic = Topic(Kind.BOARD, hall.contest_id)
    before = await listeners(redis)
    async with running(hub):
        await subscribed(redis, before)
        with hub.following([topic], writer):
            await hall.vote(1, "001")
            await hall.tick()
            await received(writer, 1)
            await redis.flushall()
            await hall.vote(2, "001")
            await hall.tick()
            await received(writer, 2)


async def test_restarted_redis_costs_seconds_and_never_a_board(
    hall: Hall, writer: FakeWebSocketWriter, tmp_path: Path, looks: Callable[[float], None]
) -> None:
    looks(0.05)
    topic = Topic(Kind.BOARD, hall.contest_id)
    client = Redis(unix_socket_path=str(redis_socket(tmp_path)))
    hub = Hub(client)
    async with client, running(hub):
        with hub.following([topic], writer):
            with redis_server(tmp_path, tmp_path):
                await subscribed(client)
                await announce(client, topic, await published(hall))
                await received(writer, 1)
            await hall.vote(1, "001")
            await announce(client, topic, await published(hall))  # nobody is there to hear it
            await received(writer, 2)
            with redis_server(tmp_path, tmp_path):
                await subscribed(client)
                looks(NO_LOOK)
                await announce(client, topic, numbered(3))
                await received(writer, 3)


async def test_publisher_does_not_wait_for_a_redis_that_stands_still(tmp_path: Path) -> None:
    with redis_server(tmp_path, tmp_path):
        async with Redis(unix_socket_path=str(redis_socket(tmp_path))) as client:
            process = (await client.info())["process_id"]
            os.kill(process, signal.SIGSTOP)
            try:
                async with asyncio.timeout(PATIENCE):  # Redis stands still until after this
                    await announce(client, TOPIC, numbered(1))
            finally:
                os.kill(process, signal.SIGCONT)
