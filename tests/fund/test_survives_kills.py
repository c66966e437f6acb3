"""Kill -9 in the middle of a payment batch: all of an act is there or nothing, once repeated it
counts once, and no line is lost.

The server is a process of its own on this module's database; a process that dies takes its
connections with it, and PostgreSQL takes back what they had not committed.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from accounts import service as accounts
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sessions.middleware import SESSION_COOKIE
from core.audit import SYSTEM
from core.clock import SystemClock
from core.crypto import KeyRing
from core.database import db
from core.settings import Settings
from fund.books import service as books
from fund.entitlements import service as entitlements
from fund.payments import results
from fund.payments import service as payments
from fund.rules.books import Account
from fund.rules.entitlement import Entitlement
from tests.fund.money import (
    NOW,
    PAYER,
    PRIZE,
    answer,
    appropriated,
    entitled,
    held_in,
    keys_in,
    with_accounts,
)
from tests.support.eventually import eventually
from tests.support.server import ServerProcess, serving

YEAR, COUNT = 2061, 40
# While an act writes, its connection is inside a transaction that has inserted a step.
_WRITING = (
    "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.relation = 'fund_step'::regclass AND l.mode = 'RowExclusiveLock'"
    " AND a.datname = current_database()"
)


class Server:
    """The server with the sessions of three people; started again after each kill."""

    def __init__(self, settings: Settings, tokens: list[str]) -> None:
        self._settings, self._tokens = settings, tokens

    @contextlib.contextmanager
    def running(self) -> Iterator[ServerProcess]:
        own = self._settings
        with serving(
            own.data_dir,
            command="serve",
            DATABASE_URL=own.database_url,
            APP_DATABASE_URL=own.app_database_url,
            REDIS_URL=own.redis_url,
        ) as server:
            yield server

    async def post(
        self, server: ServerProcess, person: int, path: str, **sent: Any
    ) -> httpx.Response:
        """A form as one of the three sends it."""
        cookies = {SESSION_COOKIE: self._tokens[person]}
        async with httpx.AsyncClient(base_url=server.url, cookies=cookies, timeout=60) as client:
            await client.get("/healthz")
            data = {"_csrf_token": client.cookies["csrftoken"], **sent.pop("data", {})}
            return await client.post(path, data=data, **sent)

    async def killed_while(
        self, server: ServerProcess, person: int, path: str, **sent: Any
    ) -> None:
        """Begin an act and kill the server as soon as it has begun to write."""
        acting = asyncio.create_task(self.post(server, person, path, **sent))
        watching = asyncio.create_task(until_it_writes())
        await asyncio.wait({acting, watching}, return_when=asyncio.FIRST_COMPLETED)
        server.process.kill()
        await asyncio.to_thread(server.process.wait, 30)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        with contextlib.suppress(httpx.TransportError):
            await acting


async def until_it_writes() -> None:
    """Wait until somebody else's transaction is taking steps."""
    async with db.connection() as connection:

        async def writing() -> bool:
            return bool(await connection.fetchval(_WRITING))

        await eventually(writing, "a transaction that takes steps", pause=0.004)


async def states(found: list[Entitlement]) -> set[str]:
    """The states of all of them, once what the dead server had begun is over."""
    async with db.connection() as connection:

        async def over() -> bool:
            return not await connection.fetchval(_WRITING)

        await eventually(over, "the end of what the dead server had begun")
    assert await books.differences() == []
    return {str((await entitlements.get(one.id)).standing.state) for one in found}


@pytest.fixture
async def people(pool: None, settings: Settings) -> list[str]:
    """The session tokens of maker, checker and payer."""
    del pool
    now, tokens = SystemClock().now(), []
    for name in ("制单人", "审批人", "送单人"):
        roles = [Role.FINANCE]
        number = await accounts.create_account(name, roles, actor=SYSTEM, now=now)
        async with db.unit_of_work():
            tokens.append(await sessions.open_session(number, frozenset(roles), now))
    return tokens


@pytest.fixture
def keys(settings: Settings) -> KeyRing:
    return keys_in(settings.data_dir)


@pytest.mark.timeout(600)
async def test_kill_in_a_payment_batch_pays_nothing_twice_and_loses_no_line(
    settings: Settings, people: list[str], keys: KeyRing
) -> None:
    host = Server(settings, people)
    await appropriated(YEAR, COUNT * PRIZE)
    found = await entitled(YEAR, COUNT)
    await with_accounts(found, keys)
    chosen = {"entitlements": [str(one.id) for one in found]}
    with host.running() as server:
        await host.post(server, 0, "/fund/batches", data=chosen)
        assert await states(found) == {"ordered"}
        number = await the_batch(found, keys)
        batch = f"/fund/batches/{number}"
        await host.post(server, 1, f"{batch}/decision", data={"verdict": "approve"})
        await host.killed_while(server, 2, f"{batch}/send")
    assert len(await states(found)) == 1
    content = answer([(one.code, "失败" if one is found[0] else "成功") for one in found])
    result = {"result": ("r.csv", content)}
    with host.running() as server:
        await host.post(server, 2, f"{batch}/send")
        assert await states(found) == {"sent"}
        await host.killed_while(server, 2, f"{batch}/result", files=result)
    assert await states(found) in ({"sent"}, {"paid", "failed"})
    for again in (False, True):
        booked = await results.read_file(number, result["result"], keys, PAYER, NOW)
        assert booked.again or not again
    assert await states(found) == {"paid", "failed"}
    held = await held_in(YEAR)
    assert held[Account.PAID] + held[Account.TAX_WITHHELD] == (COUNT - 1) * PRIZE
    assert held[Account.RESERVED] == PRIZE


async def the_batch(found: list[Entitlement], keys: KeyRing) -> int:
    """The one batch, which has them all."""
    batches, _total = await payments.batches(10, 0)
    (whole,) = [one for one in batches if one.payments]
    lines = await payments.lines(whole.id, keys)
    assert {line.entitlement for line in lines} == {one.id for one in found}
    return whole.id
