"""What changed in a contest's judging is seen at once; what did not is not said twice."""

import asyncio

import pytest
import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisAway

from scoring.judging import change_notification
from tests.support.eventually import PATIENCE

CONTEST = 7


class Watched:
    """What a socket looks at, and when it did."""

    def __init__(self) -> None:
        self.state = "closed"
        self.looked = asyncio.Event()

    async def look(self) -> str:
        self.looked.set()
        return self.state

    async def next_look(self) -> None:
        self.looked.clear()
        await asyncio.wait_for(self.looked.wait(), PATIENCE)


@pytest.fixture(autouse=True)
def bell_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket looks by itself within a test: what it sees, the subscription has told."""
    monkeypatch.setattr(change_notification, "SECONDS_BETWEEN_LOOKS", 60.0)


async def test_ring_shows_what_changed_and_only_that(redis: Redis) -> None:
    watched = Watched()
    watching = change_notification.watch(redis, CONTEST, watched.look)
    assert await anext(watching) == "closed"
    following = asyncio.create_task(anext(watching))
    await change_notification.notify(redis, CONTEST)
    await watched.next_look()
    assert not following.done(), "nothing had changed"
    watched.state = "open"
    await change_notification.notify(redis, CONTEST)
    assert await asyncio.wait_for(following, PATIENCE) == "open"
    await watching.aclose()


async def test_without_redis_the_socket_looks_by_itself(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_arguments: object, **_named: object) -> None:
        raise RedisAway("away")

    monkeypatch.setattr(change_notification, "SECONDS_BETWEEN_LOOKS", 0.001)
    monkeypatch.setattr("redis.asyncio.client.PubSub.subscribe", away)
    watched = Watched()
    with structlog.testing.capture_logs() as logged:
        watching = change_notification.watch(redis, CONTEST, watched.look)
        assert await anext(watching) == "closed"
        watched.state = "open"
        assert await asyncio.wait_for(anext(watching), PATIENCE) == "open"
        await watching.aclose()
    assert {one["event"] for one in logged} == {"change_not_heard"}


async def test_ring_without_redis_is_logged_and_stops_nobody(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_arguments: object) -> None:
        raise RedisAway("away")

    monkeypatch.setattr(redis, "publish", away)
    with structlog.testing.capture_logs() as logged:
        await change_notification.notify(redis, CONTEST)
    assert [(one["event"], one["contest"]) for one in logged] == [("change_not_announced", CONTEST)]
