"""`shibaiqian bench watch`: from a board's publication to its receipt on thousands of sockets.

This process stands in for the other server process that publishes: it holds the ticker's lock,
commits a new board to PostgreSQL and announces it over Redis, and the server that holds the
sockets hears of it there. The reference is `websockets.broadcast` of the same bytes to as many
plain sockets. The clock starts at the same instant on both sides, before the publisher begins:
on ours before the counts are read and the transaction opened, on the other before the bytes
are handed to the reference's process.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from redis.asyncio import Redis
from websockets.asyncio.client import connect

from contest.editions import service as contests
from core.database import db
from core.engines.embedded import Endpoints, embedded_engines
from core.files.open_files import allow_open_files
from core.paths import ROOT
from lab.bench.poll import SLUG
from lab.bench.report import say
from lab.bench.servers import Served, plain_sockets
from lab.bench.site import poll_site
from live.boards import service, ticker
from live.boards.frames import Kind, Topic
from live.boards.hub import announce

_SPARE_FILES = 500
_WITHIN = 20.0
_PAUSE = 0.5


class TooFewFiles(RuntimeError):
    """The system lets no process open so many sockets."""


@dataclass
class Watched:
    """One side. `publish` sends one new board and returns the instant before; `rounds` holds
    the delays of all sockets in milliseconds, the shortest first, for each round."""

    name: str
    publish: Callable[[], Awaitable[float]]
    rounds: list[list[float]] = field(default_factory=list)
    missed: int = 0

    def add(self, delays: list[float], watchers: int) -> None:
        if not delays:
            raise RuntimeError(f"no socket of {self.name} received a board")
        self.rounds.append(sorted(delays))
        self.missed += watchers - len(delays)

    def percentile(self, share: float) -> float:
        """Of the median round, so that a single disturbed round has no effect."""
        return statistics.median(one[int(share * (len(one) - 1))] for one in self.rounds)

    def measured(self) -> dict[str, Any]:
        return {
            "first_ms": round(self.percentile(0), 2),
            "p50_ms": round(self.percentile(0.5), 2),
            "p99_ms": round(self.percentile(0.99), 2),
            "slowest_ms": round(max(one[-1] for one in self.rounds), 2),
            "received": sum(map(len, self.rounds)),
            "missed": self.missed,
        }


def measure(watchers: int, rounds: int) -> dict[str, Any]:
    """The measurements of both sides. Raises TooFewFiles."""
    _refuse_unless_allowed(2 * watchers + _SPARE_FILES)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        embedded_engines(Path(name) / "engines") as engines,
        poll_site(engines, Path(name) / "site", voters=100, lived_in=False) as site,
        plain_sockets(Path(name) / "plain") as plain,
        _watchers([site.pid, plain.pid]) as ask,
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
        connect(f"ws://127.0.0.1:{_port(plain)}/publish", compression=None, proxy=None) as control,
    ):

        async def hand_on() -> float:
            began = time.monotonic()
            await control.send(body())
            return began

        reference, ours = Watched("websockets_broadcast", hand_on), Watched("board", publish)
        await publish()
        ask("open", reference.name, _port(plain), "/watch", watchers)
        ask("open", ours.name, _port(site), f"/c/{SLUG}/board/ws", watchers)
        say(f"{watchers} sockets on each side")
        ask("collect", ours.name, _WITHIN)  # what a new socket is sent at once
        for number in range(-1, rounds):
            for side in (ours, reference):
                await _round(side, ask, watchers, counted=number >= 0)
    return {
        "ratio": round(ours.percentile(0.99) / reference.percentile(0.99), 3),
        "ratio_p50": round(ours.percentile(0.5) / reference.percentile(0.5), 3),
        **{side.name: side.measured() for side in (reference, ours)},
        "watchers": watchers,
        "rounds": rounds,
        "bytes": len(body()),
    }


async def _round(side: Watched, ask: Callable[..., Any], watchers: int, *, counted: bool) -> None:
    """One publication; the first one of each side warms it up and is not counted."""
    await asyncio.sleep(_PAUSE)
    collecting = asyncio.create_task(asyncio.to_thread(ask, "collect", side.name, _WITHIN))
    await asyncio.sleep(0.1)  # the collector has been asked and waits
    began = await side.publish()
    arrived = await collecting
    if counted:
        side.add([1000 * (moment - began) for moment in arrived], watchers)


@asynccontextmanager
async def _board_publisher(engines: Endpoints) -> Any:
    """Publishes a board with one more vote on it; and the bytes of the newest one."""
    await db.open_pool(engines.app_database_url)
    owner = await asyncpg.connect(engines.database_url)
    redis = Redis.from_url(engines.redis_url)
    contest = await contests.public_contest(SLUG)
    topic, newest = Topic(Kind.BOARD, contest.id), b""

    async def publish() -> float:
        nonlocal newest
        await owner.execute("UPDATE tally SET votes = votes + 1 WHERE contest_id = $1", contest.id)
        began = time.monotonic()
        frame = await service.publish(contest, datetime.now(UTC))
        assert frame is not None, "nothing new to publish"
        await announce(redis, topic, frame)
        newest = frame.body
        return began

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
def _watchers(servers: Sequence[int]) -> Iterator[Callable[..., Any]]:
    """A process that holds the sockets; `ask` gives it a line and returns its answer."""
    with subprocess.Popen(
        [sys.executable, "-m", "lab.bench.watchers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, heard = process.stdin, process.stdout
        _part(servers, process.pid)

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


def _refuse_unless_allowed(needed: int) -> None:
    """The receiver holds the sockets of both sides; it and the servers raise their own limits."""
    allowed = allow_open_files()
    if allowed < needed:
        raise TooFewFiles(
            f"这次测量要同时打开 {needed} 个文件，而系统只允许 {allowed} 个："
            "请减少 --watchers，或先提高上限（ulimit -Hn）。\n"
            f"This run needs {needed} open files and {allowed} are allowed: "
            "ask for fewer --watchers, or raise the limit (ulimit -Hn)."
        )


def _part(servers: Sequence[int], receiver: int) -> None:
    """Keep the receiver's processor apart from the servers', alike on both sides: sharing one, the
    scheduler would decide the time of a frame."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        os.sched_setaffinity(receiver, processors[-1:])
        for server in servers:
            os.sched_setaffinity(server, processors[:-1])
