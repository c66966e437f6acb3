"""Gathering signals beside the ballots, and purging them on schedule.

A ballot's commit never waits for its signal. What a request showed is put into a queue once
the ballot is accepted, and written many at a time, once a second and in a rush more
often. That fails open: when the database refuses, or the queue is full, or the process is killed,
signals are lost and counted by a metric, and no vote notices.
"""

import asyncio
from collections import deque
from datetime import datetime

import structlog
from prometheus_client import Counter

from accounts import service as accounts
from contest.editions import service as contests
from core import audit
from core.audit import SYSTEM
from core.database import db
from core.web.network import network_prefix
from voting.boxes.service import Boxes
from voting.signals import store as store_signals
from voting.signals.rules.retention import purge_at
from voting.signals.rules.signal import Seen, Signal, signal_of

LONGEST_QUEUE = 20_000
LARGEST_BATCH = 500  # takes a few milliseconds of the event loop that votes share
SECONDS_BETWEEN_WRITES = 1.0
SECONDS_BETWEEN_BATCHES = 0.02
IPV6_PREFIX = 48  # what one site is given; its addresses change within it
_lost = Counter("voting_signals_lost", "Accepted ballots whose signals were not kept", ["why"])
_log = structlog.get_logger("voting.signals.service")


class SignalRecorder:
    """One per process."""

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes
        self._waiting: deque[Seen] = deque()

    def note(self, seen: Seen) -> None:
        """Remember what an accepted ballot's request showed; returns at once."""
        if len(self._waiting) >= LONGEST_QUEUE:
            _lost.labels("queue_full").inc()
            return
        self._waiting.append(seen)

    def give_up(self, why: str, size: int, error: Exception) -> None:
        """Count the signals of so many ballots as lost."""
        _lost.labels(why).inc(size)
        _log.warning("signals_lost", why=why, size=size, error=repr(error))

    async def run(self) -> None:
        """Write what was noted, until cancelled."""
        while True:
            await asyncio.sleep(pause(len(self._waiting)))
            if self._waiting:
                await self._write_some()

    async def flush(self) -> None:
        """Write everything noted so far; what cannot be written is given up."""
        while self._waiting:
            await self._write_some()

    async def _write_some(self) -> None:
        size = min(LARGEST_BATCH, len(self._waiting))
        batch = [self._waiting.popleft() for _place in range(size)]
        try:
            await store_signals.add(await self._signals(batch))
        except asyncio.CancelledError:
            # the server stops and flushes once more; what did get through is kept once
            self._waiting.extendleft(reversed(batch))
            raise
        except Exception as error:
            self.give_up("not_written", size, error)

    async def _signals(self, batch: list[Seen]) -> list[Signal]:
        first_seen = await accounts.first_seen({one.account_id for one in batch})
        boxes = {
            contest_id: await self._boxes.find(contest_id)
            for contest_id in {one.contest_id for one in batch}
        }
        found = []
        for one in batch:
            box = boxes[one.contest_id]
            if box is not None:
                prefix = network_prefix(one.address, ipv6_bits=IPV6_PREFIX)
                found.append(signal_of(one, prefix, box.secret, first_seen.get(one.account_id)))
        return found


def pause(waiting: int) -> float:
    """Seconds until the next batch. In a rush many small batches follow each other closely,
    so that votes do not wait for a large one."""
    if waiting < LARGEST_BATCH:
        return SECONDS_BETWEEN_WRITES
    return SECONDS_BETWEEN_BATCHES if waiting < LONGEST_QUEUE // 2 else 0.0


async def purge_due(now: datetime, days_after_notice: int) -> int:
    """Remove the signals of every contest whose time has come; how many rows that were.

    Each contest's purge is one entry of the audit log.
    """
    removed = 0
    for contest_id in await store_signals.contests_with_signals():
        contest = await contests.contest_by_id(contest_id)
        due = purge_at(contest, days_after_notice)
        if due is None or now < due:
            continue
        async with db.unit_of_work() as tx:
            gone = await store_signals.purge(tx, contest.id)
            details = {"signals": gone, "due": due.isoformat()}
            await audit.record(SYSTEM, "signals.purged", "contest", contest.id, now, details)
        removed += gone
    return removed
