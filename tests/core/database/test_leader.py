"""One leader at a time, and a lock that is given back."""

import asyncio

import asyncpg
import pytest

from core.database import db
from core.database.leader import advisory_lock, ask_or_close, lead
from tests.support.eventually import eventually

pytestmark = pytest.mark.usefixtures("pool")
LOCK = 0x7E57
BESIDE = LOCK + 1


async def test_second_gets_nothing_while_the_first_holds() -> None:
    async with advisory_lock(LOCK) as first:
        assert first is not None
        async with advisory_lock(LOCK) as second:
            assert second is None
    async with advisory_lock(LOCK) as again:
        assert again is not None


async def test_who_does_not_lead_returns_without_working() -> None:
    async def work() -> None:
        raise AssertionError("another leads")

    async with advisory_lock(LOCK):
        await lead(LOCK, 0, work)


async def test_leader_works_on_until_its_work_fails_and_gives_the_lock_back() -> None:
    rounds = 0

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        await lead(LOCK, 0, work)
    assert rounds == 3
    async with advisory_lock(LOCK) as holder:
        assert holder is not None


async def test_leader_that_lost_its_connection_stops() -> None:
    async def thrown_out() -> None:
        async with db.connection() as other:
            await other.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND objid = $1 AND granted",
                LOCK,
            )

    lost = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    with pytest.raises(lost):
        async with asyncio.timeout(10):
            await lead(LOCK, 0, thrown_out)


async def test_connection_that_did_not_hear_the_answer_is_not_lent_out_again() -> None:
    both = f"SELECT pg_advisory_lock($1), pg_advisory_lock({BESIDE})"  # which is not to be had
    async with db.connection() as other, db.connection() as holder:
        await other.execute("SELECT pg_advisory_lock($1)", BESIDE)
        asked = asyncio.create_task(ask_or_close(holder, both, LOCK))
        await eventually(_is_taken, "that the lock is taken")
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await other.execute("SELECT pg_advisory_unlock($1)", BESIDE)
    # the server notices a closed connection in its own time
    await eventually(_is_free, "that the lock is free")


async def _is_taken() -> bool:
    return not await _is_free()


async def _is_free() -> bool:
    async with db.connection() as connection:
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1"
        return bool(await connection.fetchval(locks, LOCK) == 0)
