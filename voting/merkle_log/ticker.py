"""The log's ticker: one process of all signs tree heads, every two seconds while votes come.

It reads what is committed and writes to tables of its own, so the cast path waits for it at
no point. Should two processes ever overlap, they write the same nodes, and the first head of
a size stands.
"""

import asyncio

import structlog

from core.database.leader import lead
from core.runtime import Runtime
from voting.merkle_log import service as log

SECONDS_BETWEEN_HEADS = 2.0
# Any constant no other lock of the database uses.
_LOCK = 0x5348_4C47
_log = structlog.get_logger("log_ticker")


async def _lead(runtime: Runtime) -> None:
    """Sign for as long as this process holds the lock; return at once without it."""
    await lead(
        _LOCK,
        SECONDS_BETWEEN_HEADS,
        lambda: log.sign_new_heads(runtime.keys, runtime.clock.now()),
    )


async def run(runtime: Runtime) -> None:
    """Sign, or stand by to, until cancelled."""
    while True:
        try:
            await _lead(runtime)
        except Exception as error:
            # PostgreSQL may be restarting; heads wait for it and then go on by themselves.
            _log.warning("log_ticker_interrupted", error=repr(error))
        await asyncio.sleep(SECONDS_BETWEEN_HEADS)
