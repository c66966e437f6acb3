"""Watchers of the whole server as a process of its own, while what it stands on goes and comes."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from redis import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from core.clock import SettableClock
from core.crypto import load_keys
from core.engines.embedded import Endpoints
from core.engines.redis import redis_server, redis_socket
from core.files.open_files import allow_open_files
from tests.support.eventually import PATIENCE, eventually
from tests.support.server import free_port, serving
from tests.support.voting import open_poll, rulebook_text

CROWD = 1000


@dataclass(frozen=True)
class Town:
    """A contest that takes votes, and the folder and port of the server that shows them."""

    database: Endpoints
    folder: Path
    port: int
    contest_id: int
    slug: str

    @asynccontextmanager
    async def served(self, redis_url: str) -> AsyncIterator[None]:
        server = serving(
            self.folder / "data",
            command="serve",
            port=self.port,
            DATABASE_URL=self.database.database_url,
            APP_DATABASE_URL=self.database.app_database_url,
            REDIS_URL=redis_url,
        )
        await asyncio.to_thread(server.__enter__)
        try:
            yield
        finally:
            await asyncio.to_thread(server.__exit__, None, None, None)

    async def vote(self) -> int:
        """One more in the tally itself, which the schema's owner can; how many there are."""
        connection = await asyncpg.connect(self.database.database_url)
        try:
            update = "UPDATE tally SET votes = votes + 1 WHERE contest_id = $1 RETURNING votes"
            return int(await connection.fetchval(update, self.contest_id))
        finally:
            await connection.close()

    @asynccontextmanager
    async def watched(self, count: int) -> AsyncIterator[list[ClientConnection]]:
        """By so many who all come at once."""
        address = f"ws://127.0.0.1:{self.port}/c/{self.slug}/board/ws"
        dials = [connect(address, proxy=None, open_timeout=PATIENCE) for _one in range(count)]
        watchers = await asyncio.gather(*dials)
        try:
            yield watchers
        finally:
            await asyncio.gather(*(one.close() for one in watchers))


async def all_see(watchers: list[ClientConnection], votes: int) -> None:
    """Until the board of each shows so many votes."""
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(_until(one, votes) for one in watchers))


async def _until(watcher: ClientConnection, votes: int) -> None:
    while json.loads(await watcher.recv())["totals"]["valid"] != votes:
        pass


@pytest.fixture
async def town(
    pool: None, database: Endpoints, redis: object, clock: SettableClock, tmp_path: Path
) -> Town:
    (tmp_path / "data").mkdir()
    keys = load_keys(tmp_path / "data")
    poll = await open_poll(keys, redis, clock.now(), text=rulebook_text(per_day=10))  # type: ignore[arg-type]
    await poll.cast(1, "001", key="first-vote-of-all", now=clock.now())
    return Town(database, tmp_path, free_port(), poll.contest.id, poll.contest.slug)


async def test_watchers_keep_their_sockets_and_boards_whatever_redis_does(
    town: Town, tmp_path: Path
) -> None:
    redis_url = f"unix://{redis_socket(tmp_path)}"
    async with AsyncExitStack() as stack:
        first = stack.enter_context(ExitStack())
        first.enter_context(redis_server(tmp_path, tmp_path))
        await stack.enter_async_context(town.served(redis_url))
        watchers = await stack.enter_async_context(town.watched(20))
        await all_see(watchers, await town.vote())
        os.kill(process_of(redis_url), signal.SIGKILL)
        await all_see(watchers, await town.vote())
        first.close()
        with redis_server(tmp_path, tmp_path):
            await all_see(watchers, await town.vote())
            await until_heard(redis_url)
            await all_see(watchers, await town.vote())
            standing_still = process_of(redis_url)
            os.kill(standing_still, signal.SIGSTOP)
            try:
                await all_see(watchers, await town.vote())
                await all_see(watchers, await town.vote())
            finally:
                os.kill(standing_still, signal.SIGCONT)


def process_of(redis_url: str) -> int:
    with Redis.from_url(redis_url) as redis:
        return int(redis.info()["process_id"])


async def until_heard(redis_url: str) -> None:
    """Until the server has subscribed again."""
    with Redis.from_url(redis_url) as redis:
        await eventually(lambda: redis.pubsub_numsub("live")[0][1], "that the server subscribes")


async def test_crowd_that_returns_at_once_after_a_restart_is_served(
    town: Town, engines: Endpoints
) -> None:
    assert allow_open_files() > 2 * CROWD
    async with town.served(engines.redis_url), town.watched(CROWD) as watchers:
        await all_see(watchers, await town.vote())
    for one in watchers:
        with pytest.raises(ConnectionClosed):
            await one.recv()
    async with town.served(engines.redis_url), town.watched(CROWD) as watchers:
        await all_see(watchers, await town.vote())
