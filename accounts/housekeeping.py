"""Removing ended sessions and old codes once an hour. An advisory lock ensures that one process at
a time does it. It is held only for the work, so that no connection of the pool is kept waiting for
the next hour.
"""

import asyncio
from datetime import datetime

import structlog

from accounts.sessions import service as sessions
from accounts.sign_in.sms import store as sms_store
from core.database import db
from core.runtime import Runtime

SECONDS_BETWEEN_ROUNDS = 3600.0
# Any constant no other lock of the database uses.
_LOCK = 0x5348_4348
_log = structlog.get_logger("housekeeping")


async def clean(now: datetime) -> bool:
    """Remove them; False when another process is doing so."""
    async with db.unit_of_work() as tx:
        if not await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
            return False
        await sms_store.delete_old_codes(now)
        await sessions.delete_expired(now)
    return True


async def run(runtime: Runtime) -> None:
    """Clean at the start and every hour from then on, until cancelled."""
    while True:
        try:
            await clean(runtime.clock.now())
        except Exception as error:
            # PostgreSQL may be restarting; the next round removes what this one did not.
            _log.warning("housekeeping_interrupted", error=repr(error))
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
