"""One PostgreSQL and one Redis for each worker of the run; a fresh database for every module.

A test that calls services takes `pool`; one that speaks HTTP takes `client`, whose application
opens the same pool. Time stands still at `clock` until a test moves it.
"""

import itertools
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import asyncpg
import httpx
import pytest
from litestar import Litestar
from redis.asyncio import Redis

import tests.support.hypothesis_profiles  # noqa: F401 - loads the project's
from app import Additions, make_framework, with_state
from core.clock import SettableClock
from core.crypto import KeyRing, load_keys
from core.database import db
from core.database.migrate import migrate
from core.engines import postgres
from core.engines.embedded import Endpoints, embedded_engines
from core.engines.postgres import DATABASE
from core.logs import configure_logs
from core.settings import Settings
from tests.support.cheap_hashing import hash_cheaply
from tests.support.leaks import _nothing_left_behind  # noqa: F401 - begins before all else
from tests.support.lifespan import running
from tests.support.patience import be_patient
from tests.support.schedule import LongestFirst, begin_with_the_longest

configure_logs(sys.__stderr__)
hash_cheaply()
be_patient()

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Beijing
TEMPLATE = "migrated_template"
_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin_with_the_longest(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongestFirst:
    return LongestFirst(config, log)


UNSAFE_AND_FAST = {"fsync": "off", "full_page_writes": "off"}
"""These engines live as long as the run and are killed by no test, so nothing of theirs must
outlast a crash of the machine. To wait for the disk takes seventeen times what a commit takes
otherwise. What is durable is tested with engines of the test's own, set as an operator's are."""


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with ExitStack() as stack:
        with patch.dict(postgres.SETTINGS, UNSAFE_AND_FAST):
            started = embedded_engines(tmp_path_factory.mktemp("engines"))
            endpoints = stack.enter_context(started)
        yield endpoints


async def create_database(engines: Endpoints, name: str, *, template: str) -> Endpoints:
    connection = await asyncpg.connect(engines.database_url)
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await connection.close()
    return replace(
        engines,
        database_url=engines.database_url.replace(f"/{DATABASE}?", f"/{name}?"),
        app_database_url=engines.app_database_url.replace(f"/{DATABASE}?", f"/{name}?"),
    )


@pytest.fixture(scope="session")
async def migrated_template(engines: Endpoints) -> str:
    """The name of a database with the newest schema and nothing in it."""
    endpoints = await create_database(engines, TEMPLATE, template="template0")
    await migrate(endpoints.database_url)
    return TEMPLATE


@pytest.fixture(scope="module")
async def database(engines: Endpoints, migrated_template: str) -> Endpoints:
    """A migrated database of this module's own."""
    return await create_database(engines, f"test_{next(_numbers)}", template=migrated_template)


@pytest.fixture(scope="module")
def settings(database: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=database.database_url,
        app_database_url=database.app_database_url,
        redis_url=database.redis_url,
    )


@pytest.fixture(scope="module")
async def pool(database: Endpoints) -> AsyncIterator[None]:
    """Connections in the limited role of the app, as services meet them."""
    await db.open_pool(database.app_database_url)
    yield
    await db.close_pool()


@pytest.fixture
async def redis(engines: Endpoints) -> AsyncIterator[Redis]:
    """Redis, emptied before the test."""
    async with Redis.from_url(engines.redis_url) as client:
        await client.flushall()
        yield client


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(START)


@pytest.fixture(scope="module")
def site_keys(settings: Settings) -> KeyRing:
    """The keys in the data folder of the module's application."""
    return load_keys(settings.data_dir)


@pytest.fixture(scope="module")
def framework(settings: Settings, site_keys: KeyRing) -> Litestar:
    """Routes and layers, made once a module: they keep nothing between requests."""
    return make_framework(settings, site_keys, Additions())


@pytest.fixture
async def client(
    framework: Litestar,
    settings: Settings,
    site_keys: KeyRing,
    clock: SettableClock,
    redis: Redis,
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without cookies yet, before the whole application in this process.

    What the application keeps (ballot box, hub, caches, limits, rates) is new for every test:
    see `app.with_state`.
    """
    async with running(with_state(framework, settings, site_keys, clock)) as application:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield http
