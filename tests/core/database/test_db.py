"""Connections come back to the pool whatever happens at the edges of a transaction."""

import asyncio

import asyncpg
import pytest
from asyncpg.transaction import Transaction

from core.database import db

pytestmark = pytest.mark.usefixtures("pool")


def idle() -> int:
    assert db.ENGINE.pool is not None
    pool = db.ENGINE.pool
    return int(pool.get_max_size() - pool.get_size() + pool.get_idle_size())


async def test_unit_that_is_cancelled_while_it_begins_keeps_no_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = asyncio.Event()

    async def start(_transaction: Transaction) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def work() -> None:
        async with db.unit_of_work():
            raise AssertionError("it never begins")

    before = idle()
    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "start", start)
        task = asyncio.create_task(work())
        await begun.wait()
        assert idle() == before - 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert idle() == before


async def test_unit_whose_server_refuses_to_begin_keeps_no_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def start(_transaction: Transaction) -> None:
        raise asyncpg.AdminShutdownError("terminating")

    before = idle()
    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "start", start)
        for _turn in range(20):  # more often than there are connections
            with pytest.raises(asyncpg.AdminShutdownError):
                async with db.unit_of_work():
                    raise AssertionError("it never begins")
    assert idle() == before
    async with db.unit_of_work() as tx:
        assert await tx.fetchval("SELECT 1") == 1
