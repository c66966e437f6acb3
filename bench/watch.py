"""`shibaiqian bench watch`: from a board's publication to its receipt on thousands of sockets.

This process stands in for the other server process that publishes: it holds the ticker's lock,
commits a new board to PostgreSQL and announces it over Redis, and the server that holds the
sockets hears of it there. The reference is `websockets.broadcast` of the same bytes to as many
plain sockets. The clock starts before the commit on our side, and before the bytes are handed
to the reference's process on the other.
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from redis.asyncio import Redis
from websockets.asyncio.client import connect

from bench.figures import say
from bench.poll import SLUG
from bench.servers import Served, plain_sockets
from bench.site import poll_site
from contest import service as contests
from core import db
from core.assets import ROOT
from core.engines import Endpoints, embedded_engines
from live import service, ticker
from live.frames import Kind, Topic
from live.hub import announce

_SPARE_FILES = 500
_WITHIN = 20.0
_PAUSE = 0.5


class TooFewFiles(RuntimeError):
    """The system lets no process open so many sockets."""


@dataclass
class Watched:
    """One side. `publish` sends one new board of `bytes_sent` bytes at most; `delays` are in
    milliseconds, of every socket at every round."""

    name: str
    publish: Callable[[], Awaitable[None]]
    delays: list[float] = field(default_factory=list)
    missed: int = 0

    def figures(self) -> dict[str, Any]:
        cuts = statistics.quantiles(self.delays, n=100)
        return {
            "p50_ms": round(cuts[49], 2),
            "p99_ms": round(cuts[98], 2),
            "received": len(self.delays),
            "missed": self.missed,
        }


def measure(watchers: int, rounds: int) -> dict[str, Any]:
    """The figures of both sides. Raises TooFewFiles."""
    _allow_files(2 * watchers + _SPARE_FILES)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        embedded_engines(Path(name) / "engines") as engines,
        poll_site(engines, Path(name) / "site", voters=100) as site,
        plain_sockets(Path(name) / "plain") as plain,
        _watchers() as ask,
    ):
        return asyncio.run(_measured(engines, site, plain, ask, watchers, rounds))


async def _measured(
    engines: Endpoints,
    site: Served,
    plain: Served,
    ask: Callable[..., Any],
    watchers: int,
    rounds: int,
) -> dict[str, Any]:
    async with (
        _board_publisher(engines) as (publish, body),
        connect(f"ws://127.0.0.1:{_port(plain)}/publish", compression=None) as control,
    ):
        await publish()
        sides = [
            Watched("websockets_broadcast", lambda: control.send(body())),
            Watched("board", publish),
        ]
        for side, served, path in (
            (sides[0], plain, "/watch"),
            (sides[1], site, f"/c/{SLUG}/board/ws"),
        ):
            ask("open", side.name, _port(served), path, watchers)
            say(f"{watchers} sockets on {side.name}")
        ask("collect", "board", _WITHIN)  # what a new socket is sent at once
        for number in range(-1, rounds):
            for side in sides:
                await _round(side, ask, watchers, counted=number >= 0)
    ours, reference = sides[1].figures(), sides[0].figures()
    return {
        "ratio": round(ours["p99_ms"] / reference["p99_ms"], 3),
        "ratio_p50": round(ours["p50_ms"] / reference["p50_ms"], 3),
        **{side.name: side.figures() for side in sides},
        "watchers": watchers,
        "rounds": rounds,
        "bytes": len(body()),
    }


async def _round(side: Watched, ask: Callable[..., Any], watchers: int, *, counted: bool) -> None:
    """One publication; the first one of each side warms it up and is not counted."""
    await asyncio.sleep(_PAUSE)
    collecting = asyncio.create_task(asyncio.to_thread(ask, "collect", side.name, _WITHIN))
    await asyncio.sleep(0.1)  # the collector has been asked and waits
    began = time.monotonic()
    await side.publish()
    arrived = await collecting
    if counted:
        side.delays += [1000 * (moment - began) for moment in arrived]
        side.missed += watchers - len(arrived)


@asynccontextmanager
async def _board_publisher(engines: Endpoints) -> Any:
    """Publishes a board with one more vote on it; and the bytes of the newest one."""
    await db.open_pool(engines.app_database_url)
    owner = await asyncpg.connect(engines.database_url)
    redis = Redis.from_url(engines.redis_url)
    contest = await contests.public_contest(SLUG)
    topic, newest = Topic(Kind.BOARD, contest.id), b""

    async def publish() -> None:
        nonlocal newest
        await owner.execute("UPDATE tally SET votes = votes + 1 WHERE contest_id = $1", contest.id)
        frame = await service.publish(contest, datetime.now(UTC))
        assert frame is not None, "nothing new to publish"
        await announce(redis, topic, frame)
        newest = frame.body

    try:
        await _take_the_lead(owner)
        yield publish, lambda: newest
    finally:
        await owner.close()
        await redis.aclose()
        await db.close_pool()


async def _take_the_lead(connection: asyncpg.Connection) -> None:
    """Become the one process that publishes: the server's own ticker loses its connection,
    and stands by from then on."""
    waiting = asyncio.create_task(
        connection.execute("SELECT pg_advisory_lock($1::bigint)", ticker.LOCK)
    )
    await asyncio.sleep(0.2)
    async with db.connection() as other:
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND granted AND objid = $1::bigint::oid",
            ticker.LOCK,
        )
    await waiting


@contextmanager
def _watchers() -> Iterator[Callable[..., Any]]:
    """A process that holds the sockets; `ask` gives it a line and returns its answer."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.watchers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, heard = process.stdin, process.stdout

        def ask(*words: object) -> Any:
            told.write(" ".join(map(str, words)) + "\n")
            told.flush()
            return json.loads(heard.readline())

        try:
            yield ask
        finally:
            process.terminate()


def _port(served: Served) -> int:
    port = urlsplit(served.url).port
    assert port is not None
    return port


def _allow_files(count: int) -> None:
    """For this process and those it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (resource.RLIM_INFINITY,) and hard < count:
        raise TooFewFiles(f"{count} open files are needed and {hard} allowed: ulimit -n")
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
