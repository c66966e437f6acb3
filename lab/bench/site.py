"""The product with a contest that takes votes, on engines that run already."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx

from core.database.migrate import migrate
from core.engines.embedded import Endpoints
from core.engines.postgres import DATABASE
from lab.bench.poll import SLUG, open_poll
from lab.bench.preload import preload
from lab.bench.servers import Served, application

VOTERS = 150_000
LARGE = "bench_preloaded"
"""The database of a box that is filled beforehand."""
_HEAD_SECONDS = 600


@contextmanager
def poll_site(
    endpoints: Endpoints,
    folder: Path,
    ballots: int = 0,
    *,
    voters: int = VOTERS,
    lived_in: bool = True,
) -> Iterator[Served]:
    folder.mkdir(parents=True)
    asyncio.run(_prepare(endpoints, folder, ballots, voters, lived_in=lived_in))
    with application(folder, endpoints, TRUSTED_PROXIES="127.0.0.1") as served:
        _wait_for_head(served, ballots)
        yield served


def _wait_for_head(served: Served, ballots: int) -> None:
    """Wait until the signed head covers what was preloaded: hashing that happens once and does not
    belong to the cost of a vote."""
    deadline = time.monotonic() + _HEAD_SECONDS
    while ballots:
        head = httpx.get(f"{served.url}/c/{SLUG}/ledger/head", timeout=60, trust_env=False)
        if head.status_code == 200 and head.json()["size"] >= ballots:
            return
        if time.monotonic() > deadline:
            raise RuntimeError("the preloaded ballots were never covered by a signed head")
        time.sleep(1)


async def _prepare(
    endpoints: Endpoints, folder: Path, ballots: int, voters: int, *, lived_in: bool
) -> None:
    await _create_database(endpoints)
    await migrate(endpoints.database_url)
    await open_poll(endpoints, folder, voters, lived_in=lived_in)
    if ballots:
        await preload(endpoints.database_url, ballots)


def replace_database(endpoints: Endpoints, name: str) -> Endpoints:
    return replace(
        endpoints,
        database_url=endpoints.database_url.replace(f"/{DATABASE}?", f"/{name}?"),
        app_database_url=endpoints.app_database_url.replace(f"/{DATABASE}?", f"/{name}?"),
    )


async def _create_database(endpoints: Endpoints) -> None:
    if f"/{LARGE}?" not in endpoints.database_url:
        return
    connection = await asyncpg.connect(endpoints.database_url.replace(LARGE, "postgres"))
    await connection.execute(f"CREATE DATABASE {LARGE}")
    await connection.close()
