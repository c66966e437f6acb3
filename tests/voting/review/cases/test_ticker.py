"""What the review does beside the requests stops when told, at whatever it happens to be."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from core.background_tasks import background_task
from core.clock import SettableClock
from core.crypto import KeyRing
from core.database import db
from core.runtime import Runtime
from core.settings import Settings
from tests.support.eventually import PATIENCE, eventually
from tests.support.fraud import OPENED, fill
from tests.support.voting import Poll, open_poll
from voting.review.cases import ticker as fraud_ticker
from voting.signals import service as signals
from voting.signals import store as store_signals
from voting.signals.rules.signal import Seen
from voting.signals.service import SignalRecorder

pytestmark = pytest.mark.usefixtures("pool")

PROMPTLY = PATIENCE
"""Far more than a cancellation takes, far less than a round of waiting for the next one."""

Work = Callable[[], Coroutine[None, None, None]]


def idle() -> int:
    assert db.ENGINE.pool is not None
    pool = db.ENGINE.pool
    return int(pool.get_max_size() - pool.get_size() + pool.get_idle_size())


async def stops_anywhere(work: Work, turns: int) -> None:
    """Leave the block after 0, 1, 2 … turns of the event loop, each in the middle of something.

    Every tenth time a query is given the milliseconds it takes, so that all stages are met.
    """
    before = idle()
    for turn in range(turns):
        async with asyncio.timeout(PROMPTLY):
            async with background_task(work()):
                for _turn in range(turn):
                    # no hope is set on this: wherever the work then is, it must stop
                    await asyncio.sleep(0.001 if turn % 10 == 0 else 0)
            # the pool takes one back in a task of its own
            await eventually(lambda: idle() >= before, "that every connection is given back")
    async with asyncio.timeout(PROMPTLY), db.unit_of_work() as tx:
        assert await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", fraud_ticker._LOCK)


async def test_review_stops_promptly_and_keeps_no_connection_and_no_lock(
    keys: KeyRing, redis: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(await open_poll(keys, redis, OPENED), hourly=5)
    now = OPENED + timedelta(days=1, hours=15)
    runtime = Runtime(settings, SettableClock(now), keys, redis)
    monkeypatch.setattr(fraud_ticker, "SECONDS_BETWEEN_ROUNDS", 0)
    monkeypatch.setattr(fraud_ticker, "BETWEEN_LOOKS", timedelta(0))
    await stops_anywhere(lambda: fraud_ticker.run(runtime), 61)


async def test_writing_signals_stops_promptly_and_loses_none(
    keys: KeyRing, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await open_poll(keys, redis, OPENED)
    await poll.cast(1, "001", key="signal-key-1", now=OPENED + timedelta(hours=10))
    recorder = SignalRecorder(poll.ballot_box.boxes)
    monkeypatch.setattr(signals, "SECONDS_BETWEEN_WRITES", 0)
    for sequence in range(1, 4001):
        recorder.note(seen(poll, sequence))
    monkeypatch.setattr(signals, "LARGEST_BATCH", 100)
    await stops_anywhere(recorder.run, 61)
    await recorder.flush()
    assert await store_signals.count(poll.contest.id) == 4000


async def test_review_goes_on_after_a_failed_round(
    keys: KeyRing, redis: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 0
    third = asyncio.Event()

    async def broken(_watch: object, _now: object, _days: int) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            third.set()
        raise OSError("no database")

    monkeypatch.setattr(fraud_ticker, "SECONDS_BETWEEN_ROUNDS", 0)
    monkeypatch.setattr(fraud_ticker.Watch, "round", broken)
    before = idle()
    runtime = Runtime(settings, SettableClock(OPENED), keys, redis)
    async with asyncio.timeout(PROMPTLY), background_task(fraud_ticker.run(runtime)):
        await third.wait()
    assert idle() == before


async def test_one_review_at_a_time(
    keys: KeyRing, redis: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = Runtime(settings, SettableClock(OPENED), keys, redis)

    async def never(_watch: object, _now: object, _days: int) -> None:
        raise AssertionError("another process is at it")

    monkeypatch.setattr(fraud_ticker.Watch, "round", never)
    async with db.connection() as other:
        assert await other.fetchval("SELECT pg_try_advisory_lock($1)", fraud_ticker._LOCK)
        await fraud_ticker._alone(fraud_ticker.Watch(), runtime)


def seen(poll: Poll, sequence: int) -> Seen:
    return Seen(poll.contest.id, sequence, 1, OPENED, "203.0.113.7", "device", "MicroMessenger")
