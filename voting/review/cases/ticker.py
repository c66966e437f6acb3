"""What the fraud review does by itself: looks for cases, and purges signals that are due.

One process of all does it at a time.
"""

import asyncio
from datetime import datetime, timedelta

import structlog

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from core.database.leader import advisory_lock
from core.runtime import Runtime
from voting.ledger import rows as ledger_rows
from voting.review.cases import service as cases
from voting.signals import service as signals

SECONDS_BETWEEN_ROUNDS = 60.0
BETWEEN_LOOKS = timedelta(minutes=15)
_LOOKED_AT = frozenset({Phase.VOTING, Phase.JUDGING})
# Any constant no other lock of the database uses.
_LOCK = 0x5348_4252
_log = structlog.get_logger("fraud_ticker")


class Watch:
    """Remembers when it last looked at a contest, and how large its ledger was then."""

    def __init__(self) -> None:
        self._looked: dict[int, tuple[datetime, int]] = {}

    async def round(self, now: datetime, signals_days: int) -> None:
        """Everything that is due now; one contest's failure stops no other."""
        await signals.purge_due(now, signals_days)
        for contest in await contests.list_contests():
            try:
                await self._look(contest, now)
            except Exception as error:
                _log.error("not_looked_at", contest=contest.slug, exc_info=error)

    async def _look(self, contest: Contest, now: datetime) -> None:
        if contest.rulebook.voting is None or contest.phase not in _LOOKED_AT:
            return
        size = await ledger_rows.size(contest.id)
        last, seen = self._looked.get(contest.id, (now - BETWEEN_LOOKS, 0))
        if size == seen or now - last < BETWEEN_LOOKS:
            return
        self._looked[contest.id] = (now, size)
        found = await cases.look(contest, now)
        if found:
            _log.warning("fraud_cases_opened", contest=contest.slug, cases=found)


async def run(runtime: Runtime) -> None:
    """A round about every minute, until cancelled."""
    watch = Watch()
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
        try:
            await _alone(watch, runtime)
        except Exception as error:
            # PostgreSQL may be restarting; the next round comes in a minute.
            _log.warning("fraud_ticker_interrupted", error=repr(error))


async def _alone(watch: Watch, runtime: Runtime) -> None:
    async with advisory_lock(_LOCK) as holder:
        if holder is not None:
            await watch.round(runtime.clock.now(), runtime.settings.signals_days)
