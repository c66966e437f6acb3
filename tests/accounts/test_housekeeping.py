"""What has lost its use is removed each hour; what is still good stays."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from accounts import housekeeping
from accounts.people.rules import Role
from accounts.sessions.rules import STAFF_LIFETIME
from accounts.sign_in.sms import store as sms_store
from core.clock import SettableClock
from core.database import db
from core.runtime import Runtime
from tests.support.eventually import PATIENCE
from tests.support.people import runtime_of, sign_in_as
from tests.support.sign_in import ask_for_code, code_address

DAY = timedelta(days=1)


async def count(table: str) -> int:
    async with db.connection() as connection:
        return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))


async def test_ended_sessions_and_old_codes_are_removed_at_their_very_end(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    asked_at = clock.now()
    await sign_in_as(client, Role.HOST)
    page = code_address(await ask_for_code(client)).rpartition("/")[2]
    ends_at = asked_at + STAFF_LIFETIME.absolute
    await housekeeping.clean(ends_at - timedelta(microseconds=1))
    assert (await count("session"), await count("sms_code")) == (1, 1)
    await housekeeping.clean(ends_at)
    assert (await count("session"), await count("sms_code")) == (0, 1)
    await housekeeping.clean(asked_at + DAY)
    assert await sms_store.find_code(page) is not None
    await housekeeping.clean(asked_at + DAY + timedelta(microseconds=1))
    assert await sms_store.find_code(page) is None


async def test_two_processes_do_not_clean_at_once(runtime: Runtime) -> None:
    now = runtime.clock.now()
    async with db.connection() as other:
        await other.fetchval("SELECT pg_advisory_lock($1)", housekeeping._LOCK)
        assert not await housekeeping.clean(now)
        await other.fetchval("SELECT pg_advisory_unlock($1)", housekeeping._LOCK)
    assert await housekeeping.clean(now)


async def test_it_runs_beside_the_server_by_its_clock_and_outlives_a_failure(
    client: httpx.AsyncClient, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[Any] = []
    third = asyncio.Event()

    async def clean(now: Any) -> bool:
        rounds.append(now)
        if len(rounds) == 1:
            raise ConnectionError("PostgreSQL is restarting")
        if len(rounds) == 3:
            third.set()
        return True

    monkeypatch.setattr(housekeeping, "clean", clean)
    monkeypatch.setattr(housekeeping, "SECONDS_BETWEEN_ROUNDS", 0.01)
    task = asyncio.create_task(housekeeping.run(runtime_of(client)))
    async with asyncio.timeout(PATIENCE):
        await third.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert set(rounds) == {clock.now()}


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when housekeeping is begun; it must be asked for before `client`."""
    event = asyncio.Event()

    async def run(_runtime: Runtime) -> None:
        event.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(housekeeping, "run", run)
    return event


async def test_server_starts_it(begun: asyncio.Event, client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).status_code == 200
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
